"""Frames every 10 ms on a tape -> rows every 40 ms, by an encoder -> log-probabilities every 20 ms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from components.neural.model.cepstra import REACH, CepstralLayer
from components.neural.convolution import HalvedConvolution
from components.neural.model.heads.ctc import clip_losses
from components.neural.packing import Tape

CTC_SHARE = 0.3  # of the loss, beside a decoder


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
        return x * chances.to(x.dtype).ge_(dropped).mul_(256 / (256 - dropped))


class Layer(nn.Module):
    """A convolution over rows, batch norm, ReLU and dropout; with a way round where the width stays.

    Batch norm in training counts the silence between clips too; what it learned is used in prediction,
    where no clip's rows depend on any other's. halved: whether training multiplies in bfloat16.
    """

    halved = False

    def __init__(self, channels_in: int, channels_out: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(taps, channels_in, channels_out))
        nn.init.normal_(self.weight, std=(2 / (taps * channels_in)) ** 0.5)
        self.norm = nn.BatchNorm1d(channels_out)
        self.dropout = Dropout(dropout)
        self.way_round = channels_in == channels_out

    def forward(self, tape: Tape) -> Tape:
        """(rows, channels_in) -> (rows, channels_out), silent between clips."""
        if self.halved and self.training:
            heard = HalvedConvolution.apply(tape.values, self.weight)
        else:
            heard = tape.convolved(self.weight)
        heard = self.dropout(torch.relu_(self.norm(heard)))
        return tape.with_values(heard + tape.values if self.way_round else heard)


class ConvolutionalEncoder(nn.Module):
    """Frames -> rows of what is heard: a layer at 10 ms, one at 20, then layers at 40.

    Working at 40 ms halves the arithmetic. Source: time-delay networks (Waibel et al., 1989), with residual
    connections (He et al., 2015).
    """

    frames_per_row = 4

    def __init__(self, bands: int, channels: int, layers: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.channels = channels
        self.gap = max(REACH, self.frames_per_row * (taps // 2))
        self.first = CepstralLayer(bands)
        self.stem = Layer(2 * self.first.channels, channels // 2, taps, 0.0)
        self.layers = nn.ModuleList(Layer(channels, channels, taps, dropout) for _ in range(layers))

    def forward(self, tape: Tape) -> Tape:
        """(frames, bands) -> (rows, channels)."""
        tape = self.stem(self.first(tape).stacked(2)).stacked(2)
        for layer in self.layers:
            tape = layer(tape)
        return tape


class CtcLayer(nn.Module):
    """An encoder's rows -> log-probabilities of CTC's tokens, two rows for each.

    Speaking twice as often as the encoder works leaves room for quick words.
    """

    rows_out = 2

    def __init__(self, channels: int, tokens: int) -> None:
        super().__init__()
        self.speak = nn.Linear(channels, self.rows_out * tokens)

    def forward(self, tape: Tape) -> Tape:
        """(rows, channels) -> (2 * rows, tokens), natural log-probabilities."""
        tape = replace(tape, values=self.speak(tape.values)).unstacked(self.rows_out)
        # over so few tokens a fifth of the time of torch's log_softmax
        return tape.with_values(tape.values - tape.values.logsumexp(-1, keepdim=True))


class Network(nn.Module):
    """A front end, an encoder, CTC's tokens on top, and perhaps a decoder that reads the same rows.

    tokens: how many, the blank among them. A decoder has losses(tape, spelt) and greedy(tape), as
    TransducerDecoder has; CTC is then learned beside it, so that rows and tokens find each other sooner.
    Source of both at once: Watanabe et al. (2017), Hybrid CTC/attention architecture.
    """

    def __init__(
        self, front_end: nn.Module, encoder: nn.Module, tokens: int, decoder: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.front_end, self.encoder = front_end, encoder
        self.ctc = CtcLayer(encoder.channels, tokens)
        self.decoder = decoder
        self.block = front_end.rows_per_frame * encoder.frames_per_row
        self.gap = front_end.rows_per_frame * encoder.gap

    def rows(self, tape: Tape) -> Tape:
        """What the front end shelved -> the encoder's rows (rows, channels), every 40 ms."""
        return self.encoder(self.front_end(tape))

    def forward(self, tape: Tape) -> Tape:
        """What the front end shelved -> log-probabilities (rows, tokens), every 20 ms."""
        return self.ctc(self.rows(tape))

    def losses(self, rows: Tape, said: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
        """The encoder's rows, what CTC made of them, and the tokens of each clip -> its loss, (clips,)."""
        losses = clip_losses(said, spelt)
        if self.decoder is None:
            return losses
        return CTC_SHARE * losses + (1 - CTC_SHARE) * self.decoder.losses(rows, spelt)

    def shelved_rows(self, seconds: float) -> int:
        """How many shelved rows so many seconds are, at least one."""
        return max(1, round(seconds * 100 * self.front_end.rows_per_frame))

    def rows_said(self, shelved: np.ndarray) -> np.ndarray:
        """How many rows of log-probabilities so many shelved rows become."""
        return -(-shelved // self.block) * self.ctc.rows_out
