"""Frames -> one vector a clip (statistics pooling)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.ragged import concatenate, map_chunks


class Statistics(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> one float32 vector ((2 + segments) * dims + 1,) for the whole clip.

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
        return map_chunks(frames, self._pooled)

    def _pooled(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        values, lengths = concatenate(frames)
        mean = _segment_means(values, lengths, 1)
        variance = _segment_means((values - np.repeat(mean, lengths, axis=0)) ** 2, lengths, 1)
        segment_means = _segment_means(values, lengths, self.segments)
        vectors = [mean, np.sqrt(variance), segment_means, np.log(lengths)[:, None]]
        return list(np.concatenate(vectors, axis=1).astype(np.float32))


def _segment_means(values: np.ndarray, lengths: np.ndarray, segments: int) -> np.ndarray:
    """All frames (frames, dims) -> the mean of each segment of each clip, (clips, segments * dims)."""
    first = (np.cumsum(lengths) - lengths)[:, None]
    starts = first + (np.arange(segments) * lengths[:, None]) // segments  # (clips, segments)
    ends = np.maximum(first + (np.arange(1, segments + 1) * lengths[:, None]) // segments, starts + 1)
    means = np.add.reduceat(values, starts.ravel(), axis=0) / (ends - starts).reshape(-1, 1)
    return means.reshape(len(lengths), -1)  # (clips * segments, dims) -> (clips, segments * dims)
