"""The conformer: an encoder of convolutions over neighbouring rows and self-attention over the clip."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import glu, scaled_dot_product_attention

from components.neural.model.cepstra import REACH, CepstralLayer
from components.neural.model.layers import ConvBlock, Dropout
from components.neural.packing import PackedBatch

ATTENTION_HEADS = 4
CHANNEL_MULTIPLE = 2 * ATTENTION_HEADS  # channels divide by it: pairs to rotate for every head
STEM_KERNEL_SIZE = 5
EXPANSION = 4  # times the channels, inside a feed-forward module
LONGEST_PERIOD = 10_000.0  # of positions, in radians of 1 / rows


class ConformerEncoder(nn.Module):
    """Frames -> encoded rows: convolutions at 10 and 20 ms, then conformer blocks at 40.

    channels: a multiple of 8. layers: blocks. kernel_size: rows of a block's depthwise convolution.
    padding: as of ConvolutionalEncoder.
    Source: Gulati et al. (2020), Conformer; positions as by Su et al. (2021), RoFormer.
    """

    subsampling_factor = 4

    def __init__(self, bands: int, channels: int, layers: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.channels = channels
        self.padding = max(REACH, self.subsampling_factor * (max(kernel_size, STEM_KERNEL_SIZE) // 2))
        self.cepstral = CepstralLayer(bands)
        self.stem = ConvBlock(2 * self.cepstral.channels, channels // 2, STEM_KERNEL_SIZE, 0.0)
        self.blocks = nn.ModuleList(ConformerBlock(channels, kernel_size, dropout) for _ in range(layers))

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, bands) -> (rows, channels)."""
        batch = self.stem(self.cepstral(batch).stacked(2)).stacked(2)
        for block in self.blocks:
            batch = block(batch)
        return batch


class ConformerBlock(nn.Module):
    """(rows, channels) -> the same: half a feed-forward, self-attention, convolution, half a feed-forward."""

    def __init__(self, channels: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.first_feed_forward = _feed_forward(channels, dropout)
        self.attention = SelfAttention(channels)
        self.convolution = ConvolutionModule(channels, kernel_size)
        self.last_feed_forward = _feed_forward(channels, dropout)
        self.norm = nn.LayerNorm(channels)
        self.dropout = Dropout(dropout)

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(rows, channels) -> (rows, channels)."""
        batch = batch.with_values(batch.values + self.first_feed_forward(batch.values) / 2)
        batch = batch.with_values(batch.values + self.dropout(self.attention(batch)))
        batch = batch.with_values(batch.values + self.dropout(self.convolution(batch)))
        return batch.with_values(self.norm(batch.values + self.last_feed_forward(batch.values) / 2))


class SelfAttention(nn.Module):
    """(rows, channels) -> (rows, channels): each row attends to all rows of its own clip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.query_key_value = nn.Linear(channels, 3 * channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, batch: PackedBatch) -> Tensor:
        """(rows, channels) -> the weighted values, (rows, channels)."""
        padded = batch.with_values(self.query_key_value(self.norm(batch.values))).padded()
        longest, clips, _ = padded.shape
        query, key, value = padded.view(longest, clips, 3, ATTENTION_HEADS, -1).permute(
            2, 1, 3, 0, 4
        )  # each (clips, heads, rows, size)
        mask = batch.mask().t()[:, None, None]  # (clips, 1, 1, rows)
        context = scaled_dot_product_attention(rotated(query), rotated(key), value, mask)
        context = context.permute(2, 0, 1, 3).reshape(longest, clips, -1)  # (rows, clips, channels)
        return self.output(batch.from_padded(context).values)


class ConvolutionModule(nn.Module):
    """(rows, channels) -> (rows, channels): gated, then a depthwise convolution over kernel_size rows."""

    def __init__(self, channels: int, kernel_size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.gate = nn.Linear(channels, 2 * channels)
        self.depthwise = nn.Conv1d(channels, channels, kernel_size, padding=kernel_size // 2, groups=channels)
        self.output = nn.Sequential(nn.LayerNorm(channels), nn.SiLU(), nn.Linear(channels, channels))

    def forward(self, batch: PackedBatch) -> Tensor:
        """(rows, channels) -> (rows, channels); padding is zero before the convolution."""
        gated = batch.with_values(glu(self.gate(self.norm(batch.values)))).values
        return self.output(self.depthwise(gated.t()[None])[0].t())


def rotated(values: Tensor) -> Tensor:
    """Rotary position embedding: (..., rows, size) -> the same, pairs rotated by an angle that grows with the
    row, so that products of two rows depend on how far they are apart."""
    rows, size = values.shape[-2:]
    frequencies = LONGEST_PERIOD ** -torch.linspace(0, 1, size // 2, device=values.device)
    angles = torch.arange(rows, device=values.device)[:, None] * frequencies  # (rows, size / 2)
    left, right = values.chunk(2, -1)
    cosine, sine = angles.cos(), angles.sin()
    return torch.cat([left * cosine - right * sine, left * sine + right * cosine], -1)


def _feed_forward(channels: int, dropout: float) -> nn.Sequential:
    wide = EXPANSION * channels
    inner = (nn.Linear(channels, wide), nn.SiLU(), Dropout(dropout), nn.Linear(wide, channels))
    return nn.Sequential(nn.LayerNorm(channels), *inner, Dropout(dropout))
