"""The conformer: an encoder that hears neighbouring rows by convolution, and the whole clip by attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import glu, scaled_dot_product_attention

from components.neural.model.cepstra import REACH, CepstralLayer
from components.neural.model.encoders import Dropout, Layer
from components.neural.packing import Tape

HEADS = 4
WHOLE = 2 * HEADS  # channels divide by: pairs to turn for every head
STEM_TAPS = 5
WIDER = 4  # times the channels, inside a feed-forward
LONGEST_TURN = 10_000.0


class ConformerEncoder(nn.Module):
    """Frames -> rows of what is heard: convolutions at 10 and 20 ms, then conformer blocks at 40.

    channels: a multiple of 8. layers: blocks. taps: rows that a block's convolution reaches over.
    Source: Gulati et al. (2020), Conformer; positions as by Su et al. (2021), RoFormer.
    """

    frames_per_row = 4

    def __init__(self, bands: int, channels: int, layers: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.channels = channels
        self.gap = max(REACH, self.frames_per_row * (max(taps, STEM_TAPS) // 2))
        self.first = CepstralLayer(bands)
        self.stem = Layer(2 * self.first.channels, channels // 2, STEM_TAPS, 0.0)
        self.blocks = nn.ModuleList(ConformerBlock(channels, taps, dropout) for _ in range(layers))

    def forward(self, tape: Tape) -> Tape:
        """(frames, bands) -> (rows, channels)."""
        tape = self.stem(self.first(tape).stacked(2)).stacked(2)
        for block in self.blocks:
            tape = block(tape)
        return tape


class ConformerBlock(nn.Module):
    """(rows, channels) -> the same: half a feed-forward, attention, convolution, half a feed-forward."""

    def __init__(self, channels: int, taps: int, dropout: float) -> None:
        super().__init__()
        self.before = _feed_forward(channels, dropout)
        self.attention = ClipAttention(channels)
        self.convolution = ClipConvolution(channels, taps)
        self.after = _feed_forward(channels, dropout)
        self.norm = nn.LayerNorm(channels)
        self.dropout = Dropout(dropout)

    def forward(self, tape: Tape) -> Tape:
        """(rows, channels) -> (rows, channels), silent between clips."""
        tape = tape.with_values(tape.values + self.before(tape.values) / 2)
        tape = tape.with_values(tape.values + self.dropout(self.attention(tape)))
        tape = tape.with_values(tape.values + self.dropout(self.convolution(tape)))
        return tape.with_values(self.norm(tape.values + self.after(tape.values) / 2))


class ClipAttention(nn.Module):
    """(rows, channels) -> (rows, channels): each row asks all rows of its own clip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, 3 * channels)
        self.told = nn.Linear(channels, channels)

    def forward(self, tape: Tape) -> Tensor:
        """What each row learns from the rows of its clip."""
        padded = tape.with_values(self.asked(self.norm(tape.values))).padded()
        longest, clips, _ = padded.shape
        parts = padded.view(longest, clips, 3, HEADS, -1).permute(
            2, 1, 3, 0, 4
        )  # (3, clips, heads, rows, size)
        mask = tape.inside().t()[:, None, None]  # (clips, 1, 1, rows)
        heard = scaled_dot_product_attention(turned(parts[0]), turned(parts[1]), parts[2], mask)
        heard = heard.permute(2, 0, 1, 3).reshape(longest, clips, -1)  # (rows, clips, channels)
        return self.told(tape.laid(heard).values)


class ClipConvolution(nn.Module):
    """(rows, channels) -> (rows, channels): gated, and each channel convolved over taps rows by itself."""

    def __init__(self, channels: int, taps: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.gated = nn.Linear(channels, 2 * channels)
        self.over_rows = nn.Conv1d(channels, channels, taps, padding=taps // 2, groups=channels)
        self.mixed = nn.Sequential(nn.LayerNorm(channels), nn.SiLU(), nn.Linear(channels, channels))

    def forward(self, tape: Tape) -> Tensor:
        """What each row learns from its neighbours; between clips they are silent."""
        quiet = tape.with_values(glu(self.gated(self.norm(tape.values)))).values
        return self.mixed(self.over_rows(quiet.t()[None])[0].t())


def turned(values: Tensor) -> Tensor:
    """(..., rows, size) -> the same, pairs turned by their row: products then tell how far rows are apart."""
    rows, size = values.shape[-2:]
    speeds = LONGEST_TURN ** -torch.linspace(0, 1, size // 2, device=values.device)
    angles = torch.arange(rows, device=values.device)[:, None] * speeds  # (rows, size / 2)
    left, right = values.chunk(2, -1)
    cosine, sine = angles.cos(), angles.sin()
    return torch.cat([left * cosine - right * sine, left * sine + right * cosine], -1)


def _feed_forward(channels: int, dropout: float) -> nn.Sequential:
    wide = WIDER * channels
    inner = (nn.Linear(channels, wide), nn.SiLU(), Dropout(dropout), nn.Linear(wide, channels))
    return nn.Sequential(nn.LayerNorm(channels), *inner, Dropout(dropout))
