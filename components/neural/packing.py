"""The tape: a batch of clips laid one after another on one long strip of rows, with silence between them.

A padded batch (clips, longest, channels) spends arithmetic on padding, and 1-d convolutions over it run
at half the speed of a matrix product. On a tape every layer is a matrix product over all the rows of all
the clips; the rows between two clips stay zero, so a clip cannot hear its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from components.neural.convolution import TapConvolution


@dataclass(frozen=True)
class Tape:
    """Rows of many clips. values: (rows, channels), zero wherever valid is False.

    starts, lengths: (clips,) first row and number of rows of each clip, on the processor as numpy.
    clip_of_row: (rows,) which clip owns the row (also of the silence after it).
    valid: (rows, 1) bool, True where a clip speaks.
    """

    values: Tensor
    starts: np.ndarray
    lengths: np.ndarray
    clip_of_row: Tensor
    valid: Tensor

    def with_values(self, values: Tensor) -> Tape:
        """Other values on the same rows, silenced between clips."""
        return replace(self, values=values * self.valid)

    def convolved(self, weight: Tensor) -> Tensor:
        """Values (rows, in) and weight (taps, in, out) -> (rows, out), not yet silent between clips."""
        return TapConvolution.apply(self.values, weight)

    def stacked(self, factor: int) -> Tape:
        """Every factor rows joined into one: (rows, channels) -> (rows / factor, factor * channels)."""
        if factor == 1:
            return self
        rows = len(self.values) // factor
        return self.every(factor, self.values.reshape(rows, -1))  # (rows / factor, factor * channels)

    def every(self, factor: int, values: Tensor) -> Tape:
        """Values (rows / factor, channels) that stand for every factor rows, silenced between clips."""
        valid = self.valid[::factor]
        return Tape(
            values * valid,
            self.starts // factor,
            -(-self.lengths // factor),
            self.clip_of_row[::factor],
            valid,
        )

    def unstacked(self, factor: int) -> Tape:
        """Every row split into factor rows: (rows, factor * channels) -> (rows * factor, channels)."""
        if factor == 1:
            return self
        return Tape(
            self.values.reshape(len(self.values) * factor, -1),  # (rows * factor, channels)
            self.starts * factor,
            self.lengths * factor,
            self.clip_of_row.repeat_interleave(factor),
            self.valid.repeat_interleave(factor, 0),
        )

    def sums(self, values: Tensor) -> Tensor:
        """Sum of values (rows, channels), zero between clips, over each clip: (clips, channels)."""
        total = values.new_zeros(len(self.lengths), values.shape[1])
        return total.index_add_(0, self.clip_of_row, values)

    def per_clip(self, like: Tensor) -> Tensor:
        """Number of rows of each clip, (clips, 1), in the type of `like`."""
        return torch.as_tensor(self.lengths, dtype=like.dtype, device=like.device)[:, None]

    def inside(self) -> Tensor:
        """Which rows of the usual batch are a clip's own: bool (longest, clips)."""
        places = np.arange(int(self.lengths.max()))[:, None]
        return torch.as_tensor(places < self.lengths[None, :], device=self.values.device)

    def padded(self) -> Tensor:
        """The usual batch: (longest, clips, channels), zeros after the end of each clip."""
        inside = self.inside()
        places = np.arange(len(inside))[:, None]  # (longest, 1)
        # a clip's own silence is shorter than the longest clip: stop at the tape's end
        rows = np.minimum(self.starts[None, :] + places, len(self.values) - 1)  # (longest, clips)
        rows = torch.as_tensor(rows, device=self.values.device)
        return self.values[rows] * inside[..., None]

    def laid(self, padded: Tensor) -> Tape:
        """A usual batch (longest, clips, channels) as the values of these rows: padded's way back."""
        firsts = torch.as_tensor(self.starts, device=padded.device)[self.clip_of_row]
        places = torch.arange(len(self.values), device=padded.device) - firsts  # in the clip, (rows,)
        return self.with_values(padded[places.clamp(max=len(padded) - 1), self.clip_of_row])

    def cut(self) -> list[Tensor]:
        """The rows of each clip: list of (length, channels)."""
        return [self.values[a : a + n] for a, n in zip(self.starts, self.lengths, strict=True)]


def mean_power(powers: Tape) -> Tensor:
    """Powers (rows, bands) -> each clip's mean over all of them, (clips, 1)."""
    return powers.sums(powers.values).mean(1, keepdim=True) / powers.per_clip(powers.values)


@dataclass(frozen=True)
class Shelf:
    """Many clips end to end, ready to be laid on tapes. values: (rows, channels); offsets: (clips + 1,)."""

    values: Tensor
    offsets: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Rows of each clip, (clips,)."""
        return np.diff(self.offsets)

    def in_pairs(self, chosen: np.ndarray) -> Shelf:
        """The first chosen clip with the second right after it, the third with the fourth, and so on."""
        lengths = self.lengths[chosen]
        ends = np.cumsum(lengths)
        rows = np.repeat(self.offsets[chosen] - (ends - lengths), lengths) + np.arange(ends[-1])
        offsets = np.concatenate([[0], ends[1::2], ends[len(ends) - len(ends) % 2 :]])
        return Shelf(self.values[torch.as_tensor(rows, device=self.values.device)], offsets)

    def lay(self, chosen: np.ndarray, speeds: np.ndarray | None, gap: int, block: int) -> Tape:
        """Lay the chosen clips on a tape, each played at its speed (1.1: ten per cent faster).

        At least gap silent rows follow each clip, and each starts at a multiple of block.
        Speeds are reached by linear interpolation between rows; None plays every row as it is.
        """
        lengths = self.lengths[chosen]
        if speeds is not None:
            lengths = np.maximum(1, (lengths / speeds).astype(np.int64))
        slots = -(-(lengths + gap) // block) * block
        starts = np.cumsum(slots) - slots
        clip_of_row = np.repeat(np.arange(len(chosen)), slots)
        places = np.arange(len(clip_of_row)) - starts[clip_of_row]
        valid = places < lengths[clip_of_row]
        values = self._read(chosen, speeds, clip_of_row, np.where(valid, places, 0))
        device = self.values.device
        valid = torch.as_tensor(valid, device=device)[:, None]
        return Tape(values * valid, starts, lengths, torch.as_tensor(clip_of_row, device=device), valid)

    def _read(
        self, chosen: np.ndarray, speeds: np.ndarray | None, clip_of_row: np.ndarray, places: np.ndarray
    ) -> Tensor:
        """The shelf's rows at the given places of the chosen clips, between two rows where need be."""
        first = self.offsets[chosen][clip_of_row]
        device = self.values.device
        if speeds is None:
            return self.values.index_select(0, torch.as_tensor(first + places, device=device))
        places = places * speeds[clip_of_row]
        below = places.astype(np.int64)
        last = self.lengths[chosen][clip_of_row] - 1
        share = torch.as_tensor((places - below).astype(np.float32), device=device)[:, None]
        left = self.values.index_select(0, torch.as_tensor(first + np.minimum(below, last), device=device))
        right = self.values.index_select(
            0, torch.as_tensor(first + np.minimum(below + 1, last), device=device)
        )
        return torch.lerp(left, right, share)


def shelve(pieces: list[Tensor]) -> Shelf:
    """Put pieces of (rows, channels) end to end."""
    offsets = np.cumsum([0, *(len(piece) for piece in pieces)])
    return Shelf(torch.cat(pieces), offsets)
