"""Layers of a packed batch that every encoder and head may use: dropout, and a convolutional block."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from components.neural.convolution import Bfloat16Convolution
from components.neural.model.norms import BatchNorm
from components.neural.packing import PackedBatch


class Dropout(nn.Dropout):
    """Dropout by random bytes: a third of the time of torch's, which was an eighth of a step.

    The share is rounded to 256ths.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged outside training."""
        dropped = round(256 * self.p)
        if not self.training or not dropped:
            return x
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device)
        random_bytes = words.random_(-(2**63), None).view(torch.uint8)[: x.numel()].view_as(x)
        return x * random_bytes.to(x.dtype).ge_(dropped).mul_(256 / (256 - dropped))


class ConvBlock(nn.Module):
    """A convolution over rows, batch norm, ReLU and dropout; residual where the width stays.

    Batch norm in training counts the padding between clips too; its running statistics are used in
    prediction, where no clip's rows depend on any other's. use_bfloat16: whether training multiplies in it.
    """

    use_bfloat16 = False

    def __init__(self, channels_in: int, channels_out: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(taps, channels_in, channels_out))
        nn.init.normal_(self.weight, std=(2 / (taps * channels_in)) ** 0.5)
        self.norm = BatchNorm(channels_out)
        self.dropout = Dropout(dropout)
        self.residual = channels_in == channels_out

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(rows, channels_in) -> (rows, channels_out)."""
        if self.use_bfloat16 and self.training:
            values = Bfloat16Convolution.apply(batch.values, self.weight)
        else:
            values = batch.convolved(self.weight)
        values = self.dropout(torch.relu_(self.norm(values, batch)))
        return batch.with_values(values + batch.values if self.residual else values)
