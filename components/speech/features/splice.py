"""Frames -> frames with their neighbours appended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.ragged import concatenate, map_chunks, shift, split


class Splice(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> frames in context, float32 (frames, (before + 1 + after) * dims).

    before, after: how many frames to each side; the edges of a clip are repeated.
    """

    def __init__(self, before: int = 4, after: int = 4) -> None:
        self.before = before
        self.after = after

    def check_settings(self) -> None:
        """Raises ValueError for fewer neighbours than none."""
        check_ranges(self, before=at_least(0), after=at_least(0))

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str] | None = None) -> Splice:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> (frames, (before + 1 + after) * dims) each, in order."""
        return map_chunks(frames, self._in_context)

    def _in_context(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        values, lengths = concatenate(frames)
        context = [shift(values, lengths, offset) for offset in range(-self.before, self.after + 1)]
        return split(np.concatenate(context, axis=1), lengths)
