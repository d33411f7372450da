"""Frames -> frames with mean and variance evened out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.features.frames import join, part

LEAST_DEVIATION = 1e-3


class Cmvn(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> the same, mean 0 and deviation 1 over the clip, as far as the clip is long.

    A clip's own mean and variance are mixed with those of the training clips, which count as much as
    `prior_frames` frames: 0 is plain utterance CMVN (Viikki and Laurila, 1998), infinity evens out by the
    training clips alone. A short clip has too few sounds in it for a mean of its own: hence the mixture.
    variance: even out the variance as well as the mean.
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
        joined = np.concatenate(frames).astype(np.float64)
        self.mean_ = joined.mean(axis=0)
        self.variance_ = joined.var(axis=0)
        return self

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> (frames, dims) each, float32, in order."""
        if not len(frames):
            return []
        joined, counts = join(frames)
        shift, scale = self._moments(joined, counts)
        even = (joined - np.repeat(shift, counts, axis=0)) * np.repeat(scale, counts, axis=0)
        return part(even.astype(np.float32, copy=False), counts)

    def _moments(self, joined: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All frames -> each clip's mean and one over its deviation, (clips, dims)."""
        share = self._own_share(counts)[:, None]
        starts = np.cumsum(counts) - counts
        centred = joined - self.mean_  # of the training clips: keeps the sums of squares small
        own = np.add.reduceat(centred, starts, axis=0) / counts[:, None]
        spread = (
            np.add.reduceat((centred - np.repeat(own, counts, axis=0)) ** 2, starts, axis=0) / counts[:, None]
        )
        mean = self.mean_ + share * own
        if not self.variance:
            return mean.astype(np.float32), np.ones_like(mean, dtype=np.float32)
        deviation = np.sqrt(share * spread + (1 - share) * self.variance_)
        return mean.astype(np.float32), (1 / np.maximum(deviation, LEAST_DEVIATION)).astype(np.float32)

    def _own_share(self, counts: np.ndarray) -> np.ndarray:
        return np.zeros(len(counts)) if np.isinf(self.prior_frames) else counts / (counts + self.prior_frames)
