"""Clips -> louder clips."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.base import BaseEstimator, TransformerMixin

from components.contract import Clip


class Shout(TransformerMixin, BaseEstimator):
    """Clips -> clips so many times as loud."""

    def __init__(self, times: float = 2.0) -> None:
        self.times = times

    def fit(self, clips: Sequence[Clip], texts: Sequence[str] | None = None) -> Shout:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, clips: Sequence[Clip]) -> list[Clip]:
        """Each clip -> itself, louder."""
        return [clip.with_samples(clip.samples * self.times) for clip in clips]
