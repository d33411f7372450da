"""Encoders: frames every 10 ms on a tape -> log-probabilities of the characters every 20 ms."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from components.neural.cepstra import REACH, CepstralLayer
from components.neural.tape import Tape


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
        chances = words.random_(-(2**63), None).view(torch.uint8)[: x.numel()].view_as(x)
        return x * (chances >= dropped).to(x.dtype).mul_(256 / (256 - dropped))


class Layer(nn.Module):
    """A convolution over rows, batch norm, ReLU and dropout; with a way round where the width stays.

    Batch norm in training counts the silence between clips too; what it learned is used in prediction,
    where no clip's rows depend on any other's.
    """

    def __init__(self, channels_in: int, channels_out: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(taps, channels_in, channels_out))
        nn.init.normal_(self.weight, std=(2 / (taps * channels_in)) ** 0.5)
        self.norm = nn.BatchNorm1d(channels_out)
        self.dropout = Dropout(dropout)
        self.way_round = channels_in == channels_out

    def forward(self, tape: Tape) -> Tape:
        """(rows, channels_in) -> (rows, channels_out), silent between clips."""
        heard = tape.convolved(self.weight)
        heard = self.dropout(torch.relu(self.norm(heard)))
        return tape.with_values(heard + tape.values if self.way_round else heard)


class ConvolutionalEncoder(nn.Module):
    """Frames -> characters: a layer at 10 ms, one at 20, then layers at 40, each row of which says two.

    Working at 40 ms halves the arithmetic; speaking at 20 ms leaves room for quick words.
    Source: time-delay networks (Waibel et al., 1989), with residual connections (He et al., 2015).
    """

    frames_per_row, rows_out = 4, 2

    def __init__(
        self, bands: int, characters: int, channels: int, layers: int, taps: int, dropout: float
    ) -> None:
        super().__init__()
        self.gap = max(REACH, self.frames_per_row * (taps // 2))
        self.first = CepstralLayer(bands)
        self.stem = Layer(2 * self.first.channels, channels // 2, taps, 0.0)
        self.layers = nn.ModuleList(Layer(channels, channels, taps, dropout) for _ in range(layers))
        self.speak = nn.Linear(channels, self.rows_out * characters)

    def forward(self, tape: Tape) -> Tape:
        """(frames, bands) -> (rows, characters), natural log-probabilities."""
        tape = self.stem(self.first(tape).stacked(2)).stacked(2)
        for layer in self.layers:
            tape = layer(tape)
        tape = tape.with_values(self.speak(tape.values)).unstacked(self.rows_out)
        return tape.with_values(torch.log_softmax(tape.values, -1))

    def rows(self, frames: np.ndarray) -> np.ndarray:
        """How many rows so many frames become."""
        return -(-frames // self.frames_per_row) * self.rows_out


class Network(nn.Module):
    """A front end and an encoder."""

    def __init__(self, front_end: nn.Module, encoder: ConvolutionalEncoder) -> None:
        super().__init__()
        self.front_end, self.encoder = front_end, encoder
        self.block = front_end.rows_per_frame * encoder.frames_per_row
        self.gap = front_end.rows_per_frame * encoder.gap

    def forward(self, tape: Tape) -> Tape:
        """What the front end shelved -> log-probabilities (rows, characters)."""
        return self.encoder(self.front_end(tape))
