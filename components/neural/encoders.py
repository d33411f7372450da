"""Encoders: frames on a tape -> one row of character log-probabilities every 20 ms."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .tape import TapConvolution, Tape


class TapConv(nn.Module):
    """A dense convolution over the rows of a tape: (rows, channels_in) -> (rows, channels_out)."""

    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(taps, channels_in, channels_out))
        nn.init.normal_(self.weight, std=(2 / (taps * channels_in)) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        return TapConvolution.apply(x, self.weight)


class Layer(nn.Module):
    def __init__(self, channels_in, channels, taps, norm, dropout):
        super().__init__()
        self.conv = TapConv(channels_in, channels, taps)
        self.norm = nn.LayerNorm(channels) if norm == "ln" else nn.BatchNorm1d(channels)
        self.dropout = nn.Dropout(dropout)
        self.residual = channels_in == channels

    def forward(self, tape):
        y = self.dropout(torch.relu(self.norm(self.conv(tape.values))))
        if self.residual:
            y = y + tape.values
        return tape.with_values(y)


class Encoder(nn.Module):
    def __init__(self, bands, characters, channels=128, layers=4, taps=5, stem=64, norm="bn", dropout=0.1, s1=2, s2=2, up=2):
        super().__init__()
        self.s1, self.s2, self.up = s1, s2, up
        self.stem = Layer(bands * s1, stem, 5, norm, 0)
        self.layers = nn.ModuleList(
            [Layer(stem * s2 if i == 0 else channels, channels, taps, norm, dropout) for i in range(layers)]
        )
        self.out = nn.Linear(channels, characters * up)
        self.block = s1 * s2
        self.gap = s1 * s2 * (taps // 2)

    def forward(self, tape):
        tape = self.stem(tape.stacked(self.s1)).stacked(self.s2)
        for layer in self.layers:
            tape = layer(tape)
        tape = tape.with_values(self.out(tape.values)).unstacked(self.up)
        return tape.with_values(torch.log_softmax(tape.values, -1))
