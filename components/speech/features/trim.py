"""Clips -> clips without the silence before and after the speech."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import uniform_filter1d
from sklearn.base import BaseEstimator, TransformerMixin

from components.clip_checks import check_clips
from components.contract import Clip
from components.ranges import at_least, check_ranges

HOP_MS = 10
SMOOTHED_HOPS = 3  # a click is no speech
MIN_HOPS = 10  # what is left of a clip that has as many


class Trim(TransformerMixin, BaseEstimator):
    """Clips -> clips from the first to the last stretch within `drop_db` of the loudest.

    Compared is the mean power over 30 ms, a constant offset left out. margin_ms: left on both sides, for soft
    consonants. For recognisers that look at a clip as a whole; a hidden Markov model finds the silence by
    itself. A clip keeps 100 ms, if it has them, and a silent one stays whole.
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
        hops = len(clip.samples) // hop
        if hops <= MIN_HOPS:
            return clip
        samples = clip.samples[: hops * hop].astype(np.float64)
        power = np.square(samples - samples.mean()).reshape(hops, hop).mean(axis=1)
        smoothed = uniform_filter1d(power, SMOOTHED_HOPS)
        loud = np.flatnonzero(smoothed >= smoothed.max() * 10 ** (-self.drop_db / 10))
        margin = max(round(self.margin_ms / HOP_MS), -(-(MIN_HOPS - (loud[-1] + 1 - loud[0])) // 2))
        first, last = loud[0] - margin, loud[-1] + 1 + margin
        if first <= 0 and last >= hops:
            return clip
        return clip.with_samples(clip.samples[max(0, first) * hop : last * hop])
