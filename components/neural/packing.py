"""Variable-length batches: clips packed along the rows of one matrix, with zero rows between them.

A padded batch (clips, longest, channels) spends arithmetic on padding, and 1-d convolutions over it run
at half the speed of a matrix product. Packed, every layer is a matrix product over all the rows of all
the clips; the padding rows between two clips stay zero, so no clip reaches into another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from components.mapped import end_to_end, let_go
from components.neural.convolution import TapConvolution

ROWS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class PackedBatch:
    """Rows of several clips, packed (compare torch's PackedSequence).

    Attributes
    ----------
    values : Tensor (rows, channels), zero wherever valid is False.
    starts, lengths : (clips,) first row and number of rows of each clip, on the processor as numpy.
    clip_of_row : (rows,) index of the clip that owns the row (also of the padding after it).
    valid : bool (rows, 1), False in the padding between clips.
    corpora : (clips,) number of the corpus that each clip is of; None: all are of one.
    """

    values: Tensor
    starts: np.ndarray
    lengths: np.ndarray
    clip_of_row: Tensor
    valid: Tensor
    corpora: np.ndarray | None = None

    def with_values(self, values: Tensor) -> PackedBatch:
        """Other values (rows, channels) on the same rows, padding set to zero."""
        return replace(self, values=values * self.valid)

    def convolved(self, weight: Tensor) -> Tensor:
        """Values (rows, in) and weight (taps, in, out) -> (rows, out), padding not yet set to zero."""
        return TapConvolution.apply(self.values, weight)

    def stacked(self, factor: int) -> PackedBatch:
        """Every factor rows joined into one: (rows, channels) -> (rows / factor, factor * channels)."""
        if factor == 1:
            return self
        rows = len(self.values) // factor
        return self.subsampled(factor, self.values.reshape(rows, -1))  # (rows / factor, factor * channels)

    def subsampled(self, factor: int, values: Tensor) -> PackedBatch:
        """Values (rows / factor, channels), each in the place of factor rows; padding set to zero."""
        valid = self.valid[::factor]
        return replace(
            self,
            values=values * valid,
            starts=self.starts // factor,
            lengths=-(-self.lengths // factor),
            clip_of_row=self.clip_of_row[::factor],
            valid=valid,
        )

    def unstacked(self, factor: int) -> PackedBatch:
        """Every row split into factor rows: (rows, factor * channels) -> (rows * factor, channels)."""
        if factor == 1:
            return self
        return replace(
            self,
            values=self.values.reshape(len(self.values) * factor, -1),  # (rows * factor, channels)
            starts=self.starts * factor,
            lengths=self.lengths * factor,
            clip_of_row=self.clip_of_row.repeat_interleave(factor),
            valid=self.valid.repeat_interleave(factor, 0),
        )

    def sums(self, values: Tensor) -> Tensor:
        """Values (rows, channels), zero in the padding -> their sum over each clip, (clips, channels)."""
        total = values.new_zeros(len(self.lengths), values.shape[1])
        return total.index_add_(0, self.clip_of_row, values)

    def counts(self, like: Tensor) -> Tensor:
        """Number of rows of each clip, (clips, 1), in the type of `like`."""
        return torch.as_tensor(self.lengths, dtype=like.dtype, device=like.device)[:, None]

    def mask(self) -> Tensor:
        """Which rows of the padded batch are a clip's own: bool (longest, clips)."""
        places = np.arange(int(self.lengths.max()))[:, None]
        return torch.as_tensor(places < self.lengths[None, :], device=self.values.device)

    def padded(self) -> Tensor:
        """The padded batch: (longest, clips, channels), zeros after the end of each clip."""
        mask = self.mask()
        places = np.arange(len(mask))[:, None]  # (longest, 1)
        # a clip's own padding is shorter than the longest clip: stop at the last row
        rows = np.minimum(self.starts[None, :] + places, len(self.values) - 1)  # (longest, clips)
        rows = torch.as_tensor(rows, device=self.values.device)
        return self.values[rows] * mask[..., None]

    def from_padded(self, padded: Tensor) -> PackedBatch:
        """A padded batch (longest, clips, channels) as the values of these rows: the inverse of padded."""
        firsts = torch.as_tensor(self.starts, device=padded.device)[self.clip_of_row]
        places = torch.arange(len(self.values), device=padded.device) - firsts  # in the clip, (rows,)
        return self.with_values(padded[places.clamp(max=len(padded) - 1), self.clip_of_row])

    def unpack(self) -> list[Tensor]:
        """The rows of each clip: list of (length, channels)."""
        return [self.values[a : a + n] for a, n in zip(self.starts, self.lengths, strict=True)]

    def split(self, places: np.ndarray) -> PackedBatch:
        """Each clip cut in two at a row (clips,), one after the other: the first has the rows before it."""
        starts = np.stack([self.starts, self.starts + places], 1).ravel()
        lengths = np.stack([places, self.lengths - places], 1).ravel()
        rows = np.diff(np.append(starts, len(self.values)))  # with padding
        clip_of_row = torch.as_tensor(np.repeat(np.arange(len(starts)), rows), device=self.valid.device)
        corpora = None if self.corpora is None else np.repeat(self.corpora, 2)
        return PackedBatch(self.values, starts, lengths, clip_of_row, self.valid, corpora)

    def select(self, chosen: np.ndarray) -> PackedBatch:
        """Some of the clips, by rising index (chosen,), with the padding after each."""
        rows = np.diff(np.append(self.starts, len(self.values)))[chosen]  # with padding
        is_chosen = torch.isin(self.clip_of_row, torch.as_tensor(chosen, device=self.clip_of_row.device))
        clip_of_row = torch.as_tensor(np.repeat(np.arange(len(chosen)), rows), device=is_chosen.device)
        starts, lengths = np.cumsum(rows) - rows, self.lengths[chosen]
        corpora = None if self.corpora is None else self.corpora[chosen]
        values, valid = self.values[is_chosen], self.valid[is_chosen]
        return PackedBatch(values, starts, lengths, clip_of_row, valid, corpora)


def mean_power(powers: PackedBatch) -> Tensor:
    """Powers (rows, bands) -> each clip's mean over all of them, (clips, 1)."""
    return powers.sums(powers.values).mean(1, keepdim=True) / powers.counts(powers.values)


@dataclass(frozen=True)
class RaggedFeatures:
    """Features of many clips end to end (compare k2's RaggedTensor), from which batches are packed.

    values: (rows, channels); offsets: (clips + 1,), where each clip begins, and the end of the last. corpora:
    as of a PackedBatch. mapped: the memory of values, where it may be that of a file, see components.mapped.
    """

    values: Tensor
    offsets: np.ndarray
    corpora: np.ndarray | None = None
    mapped: np.ndarray | None = None

    @staticmethod
    def from_list(pieces: Sequence[Tensor]) -> RaggedFeatures:
        """List of (rows, channels), one a clip -> all end to end."""
        offsets = np.cumsum([0, *(len(piece) for piece in pieces)])
        return RaggedFeatures(torch.cat(list(pieces)), offsets)

    @staticmethod
    def of_corpus(pieces: Iterator[Tensor], device: torch.device) -> RaggedFeatures:
        """As from_list, of any number of clips: where these are too many for memory, in a file.

        device: theirs; what is on another one than the processor is held there.
        """
        if device.type != "cpu":
            return RaggedFeatures.from_list(list(pieces))
        values, lengths = end_to_end([piece.numpy()] for piece in pieces)
        return RaggedFeatures(torch.from_numpy(values), np.cumsum([0, *lengths]), mapped=values)

    @property
    def lengths(self) -> np.ndarray:
        """Rows of each clip, (clips,)."""
        return np.diff(self.offsets)

    def take(self, chosen: np.ndarray) -> RaggedFeatures:
        """The chosen clips (indices), in that order."""
        lengths = self.lengths[chosen]
        ends = np.cumsum(lengths)
        rows = np.repeat(self.offsets[chosen] - (ends - lengths), lengths) + np.arange(ends[-1])
        values = self.values[torch.as_tensor(rows, device=self.values.device)]
        self.let_go()
        corpora = None if self.corpora is None else self.corpora[chosen]
        return RaggedFeatures(values, np.concatenate([[0], ends]), corpora)

    def followed_by(self, other: RaggedFeatures) -> RaggedFeatures:
        """These clips, then the other's; both have corpora, or neither."""
        offsets = np.concatenate([self.offsets, self.offsets[-1] + other.offsets[1:]])
        corpora = None if self.corpora is None else np.concatenate([self.corpora, other.corpora])
        return RaggedFeatures(torch.cat([self.values, other.values]), offsets, corpora)

    def concat_pairs(self, chosen: np.ndarray) -> RaggedFeatures:
        """The first chosen clip with the second right after it, the third with the fourth, and so on.

        A pair is of the corpus of its first clip.
        """
        taken = self.take(chosen)
        corpora = None if taken.corpora is None else taken.corpora[::2]
        return RaggedFeatures(taken.values, np.append(taken.offsets[:-1:2], taken.offsets[-1]), corpora)

    def sum(self) -> Tensor:
        """All rows -> their sum (channels,), of some after the others."""
        total = self.values.new_zeros(self.values.shape[1])
        for rows in self.values.split(ROWS_AT_ONCE):
            total += rows.sum(0)
            self.let_go()
        return total

    def let_go(self) -> None:
        """What was read of a file need not stay in memory."""
        let_go([] if self.mapped is None else [self.mapped])

    def batch(
        self, chosen: np.ndarray, speeds: np.ndarray | None, padding: int, multiple_of: int
    ) -> PackedBatch:
        """Chosen clips (clips,), each played at its speed (1.1: ten per cent faster) -> a packed batch.

        At least `padding` zero rows follow each clip, and each starts at a row that is a multiple of
        `multiple_of`. Speeds are reached by linear interpolation between rows; None takes every row as it is.
        """
        lengths = self.lengths[chosen]
        if speeds is not None:
            lengths = np.maximum(1, (lengths / speeds).astype(np.int64))
        slots = -(-(lengths + padding) // multiple_of) * multiple_of
        starts = np.cumsum(slots) - slots
        clip_of_row = np.repeat(np.arange(len(chosen)), slots)
        places = np.arange(len(clip_of_row)) - starts[clip_of_row]
        valid = places < lengths[clip_of_row]
        values = self._read(chosen, speeds, clip_of_row, np.where(valid, places, 0))
        self.let_go()
        device = self.values.device
        valid = torch.as_tensor(valid, device=device)[:, None]
        clip_of_row = torch.as_tensor(clip_of_row, device=device)
        corpora = None if self.corpora is None else self.corpora[chosen]
        return PackedBatch(values * valid, starts, lengths, clip_of_row, valid, corpora)

    def _read(
        self, chosen: np.ndarray, speeds: np.ndarray | None, clip_of_row: np.ndarray, places: np.ndarray
    ) -> Tensor:
        """Rows at the given places of the chosen clips, interpolated between two rows where need be."""
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


def split_batches(clips: np.ndarray, lengths: np.ndarray, batch_rows: int) -> list[np.ndarray]:
    """Clips (indices into lengths) -> batches in order, as even as may be, of about batch_rows rows."""
    before = np.cumsum(lengths[clips]) - lengths[clips]
    total = before[-1] + lengths[clips[-1]]
    batches = max(1, round(total / batch_rows))
    batch_of = np.minimum(before * batches // total, batches - 1)
    return np.split(clips, np.flatnonzero(np.diff(batch_of)) + 1)
