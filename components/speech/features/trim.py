"""Clips -> clips without what lies before and after the speech."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import uniform_filter1d
from sklearn.base import BaseEstimator, TransformerMixin

from components.contract import Clip, check_clips
from components.ranges import at_least, check_ranges

HOP_MS = 10
SMOOTHED = 3  # hops: a click is no speech
LEAST_HOPS = 10  # what is left of a clip that has as many


class Trim(TransformerMixin, BaseEstimator):
    """Clips -> clips from the first to the last stretch within `drop_db` of the loudest.

    Loudness is the mean power over 30 ms. margin_ms: kept on both sides, for soft consonants. For recognisers
    that look at a clip as a whole; a hidden Markov model finds the silence by itself. A clip keeps 100 ms, if
    it has them, and a silent one stays whole.
    """

    def __init__(self, drop_db: float = 20.0, margin_ms: float = 50.0) -> None:
        self.drop_db = drop_db
        self.margin_ms = margin_ms

    def check_settings(self) -> None:
        """Raises ValueError for a level or margin below 0."""
        check_ranges(self, drop_db=at_least(0), margin_ms=at_least(0))

    def fit(self, clips: Sequence[Clip], texts: Sequence[str] | None = None) -> Trim:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, clips: Sequence[Clip]) -> list[Clip]:
        """Clips -> shorter ones or themselves, in order. Raises ValueError for one empty or not finite."""
        check_clips(self, clips)
        return [self._trimmed(clip) for clip in clips]

    def _trimmed(self, clip: Clip) -> Clip:
        hop = max(1, clip.rate * HOP_MS // 1000)
        whole = len(clip.samples) // hop
        if whole <= LEAST_HOPS:
            return clip
        power = np.square(clip.samples[: whole * hop], dtype=np.float64).reshape(whole, hop).mean(axis=1)
        smooth = uniform_filter1d(power, SMOOTHED)
        loud = np.flatnonzero(smooth >= smooth.max() * 10 ** (-self.drop_db / 10))
        margin = max(round(self.margin_ms / HOP_MS), -(-(LEAST_HOPS - (loud[-1] + 1 - loud[0])) // 2))
        first, last = loud[0] - margin, loud[-1] + 1 + margin
        if first <= 0 and last >= whole:
            return clip
        return clip.with_samples(clip.samples[max(0, first) * hop : last * hop])
