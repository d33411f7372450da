"""Frames -> one vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.features.frames import join


class Statistics(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> one float32 vector ((2 + segments) * dims + 1,): how a whole clip sounds.

    Mean and deviation over the clip, the mean over each of `segments` equal parts of it, and the natural
    log of its number of frames. A clip with fewer frames than segments repeats frames.
    """

    def __init__(self, segments: int = 8) -> None:
        self.segments = segments

    def check_settings(self) -> None:
        """Raises ValueError for fewer segments than one."""
        check_ranges(self, segments=at_least(1))

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str] | None = None) -> Statistics:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> ((2 + segments) * dims + 1,) each, in order."""
        if not len(frames):
            return []
        joined, counts = join(frames)
        means = _segment_means(joined, counts, 1)
        spread = _segment_means((joined - np.repeat(means, counts, axis=0)) ** 2, counts, 1)
        parts = _segment_means(joined, counts, self.segments)
        length = np.log(counts)[:, None]
        return list(np.concatenate([means, np.sqrt(spread), parts, length], axis=1).astype(np.float32))


def _segment_means(joined: np.ndarray, counts: np.ndarray, segments: int) -> np.ndarray:
    """All frames (frames, dims) -> the mean of each part of each clip, (clips, segments * dims)."""
    first = (np.cumsum(counts) - counts)[:, None]
    starts = first + (np.arange(segments) * counts[:, None]) // segments  # (clips, segments)
    ends = np.maximum(first + (np.arange(1, segments + 1) * counts[:, None]) // segments, starts + 1)
    sums = np.add.reduceat(joined, starts.ravel(), axis=0) / (ends - starts).reshape(-1, 1)
    return sums.reshape(len(counts), -1)  # (clips * segments, dims) -> (clips, segments * dims)
