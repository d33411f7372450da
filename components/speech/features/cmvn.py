"""Frames -> frames of normalised mean and variance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.ragged import concatenate, in_chunks, map_chunks, split

MIN_DEVIATION = 1e-3


class Cmvn(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> frames (frames, dims), float32, of mean 0 and deviation 1 over a long clip.

    A clip's own mean and variance are averaged with those of the training clips, which count as much as
    `prior_frames` frames: 0 is plain utterance CMVN (Viikki and Laurila, 1998), infinity normalises by the
    training clips alone. A short clip has too few sounds in it for a mean of its own: hence the average.
    variance: normalise the variance as well as the mean.
    """

    def __init__(self, prior_frames: float = 30.0, variance: bool = True) -> None:
        self.prior_frames = prior_frames
        self.variance = variance

    def check_settings(self) -> None:
        """Raises ValueError for fewer frames than none."""
        check_ranges(self, prior_frames=at_least(0))

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str] | None = None) -> Cmvn:
        """Learns the mean and variance of all training frames."""
        if not len(frames):
            raise ValueError(
                "Cmvn cannot learn from no clips: expected at least one, got 0; give it training clips."
            )
        count = sum(map(len, frames))
        self.mean_ = _row_sum(frames, lambda rows: rows) / count
        self.variance_ = _row_sum(frames, lambda rows: np.square(rows - self.mean_)) / count
        return self

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> (frames, dims) each, float32, in order."""
        return map_chunks(frames, self._normalised)

    def _normalised(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        values, lengths = concatenate(frames)
        mean, scale = self._moments(values, lengths)
        normalised = (values - np.repeat(mean, lengths, axis=0)) * np.repeat(scale, lengths, axis=0)
        return split(normalised.astype(np.float32, copy=False), lengths)

    def _moments(self, values: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All frames -> each clip's mean and one over its deviation, (clips, dims) each."""
        weight = self._own_weight(lengths)[:, None]
        starts = np.cumsum(lengths) - lengths
        centred = values - self.mean_  # of the training clips: keeps the sums of squares small
        own_mean = np.add.reduceat(centred, starts, axis=0) / lengths[:, None]
        squares = (centred - np.repeat(own_mean, lengths, axis=0)) ** 2
        own_variance = np.add.reduceat(squares, starts, axis=0) / lengths[:, None]
        mean = self.mean_ + weight * own_mean
        if not self.variance:
            return mean.astype(np.float32), np.ones_like(mean, dtype=np.float32)
        deviation = np.sqrt(weight * own_variance + (1 - weight) * self.variance_)
        return mean.astype(np.float32), (1 / np.maximum(deviation, MIN_DEVIATION)).astype(np.float32)

    def _own_weight(self, lengths: np.ndarray) -> np.ndarray:
        if np.isinf(self.prior_frames):
            return np.zeros(len(lengths))
        return lengths / (lengths + self.prior_frames)


def _row_sum(frames: Sequence[np.ndarray], function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Frames (frames, dims) and a function of some of them -> the float64 sum (dims,) of its results.

    Chunk by chunk, each added to what was before it: the order of a sum over all frames at once.
    """
    total = np.zeros((1, frames[0].shape[1]))
    for chunk in in_chunks(frames):
        rows = function(np.concatenate(chunk).astype(np.float64))
        total = np.concatenate([total, rows]).sum(axis=0, keepdims=True)
    return total[0]
