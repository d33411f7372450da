"""Frames -> frames with deltas appended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.ranges import at_least, check_ranges
from components.speech.ragged import concatenate, map_chunks, shift, split


class Deltas(TransformerMixin, BaseEstimator):
    """Frames (frames, dims) -> frames with deltas up to `order`, float32 (frames, (1 + order) * dims).

    A delta is the slope of a line through 2 * width + 1 frames, edges repeated (Furui, 1986).
    """

    def __init__(self, order: int = 2, width: int = 2) -> None:
        self.order = order
        self.width = width

    def check_settings(self) -> None:
        """Raises ValueError for an order or width out of range."""
        check_ranges(self, order=at_least(0), width=at_least(1))

    def fit(self, frames: Sequence[np.ndarray], texts: Sequence[str] | None = None) -> Deltas:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(frames, dims) each -> (frames, (1 + order) * dims) each, in order."""
        return map_chunks(frames, self._with_deltas)

    def _with_deltas(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        values, lengths = concatenate(frames)
        orders = [values]
        for _ in range(self.order):
            orders.append(self._slope(orders[-1], lengths))
        return split(np.concatenate(orders, axis=1), lengths)

    def _slope(self, values: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        slope = np.zeros_like(values)
        for step in range(1, self.width + 1):
            rise = shift(values, lengths, step)
            rise -= shift(values, lengths, -step)
            rise *= step
            slope += rise
        slope /= 2 * sum(step**2 for step in range(1, self.width + 1))
        return slope
