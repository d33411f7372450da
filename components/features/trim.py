"""Clips -> clips without the silence before and after the speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.contract import Clip, check_clips

HEARD_MS = 10.0  # energy is that of stretches so long


class Trim(TransformerMixin, BaseEstimator):
    """Clips -> clips from the first to the last stretch within drop_db of the loudest, and margin_ms more.

    A clip keeps at least least_ms, if it has them, so that a frame is left of a click; a silent one stays
    whole.

    Raises ValueError for a clip that is empty, not of one channel, or not finite.
    """

    def __init__(self, drop_db: float = 35.0, margin_ms: float = 50.0, least_ms: float = 100.0) -> None:
        self.drop_db = drop_db
        self.margin_ms = margin_ms
        self.least_ms = least_ms

    def fit(self, clips: Sequence[Clip], texts: Sequence[str] | None = None) -> Trim:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, clips: Sequence[Clip]) -> list[Clip]:
        """Each clip -> its loud part, in order; the samples are a view."""
        check_clips(self, clips)
        return [self._trimmed(clip) for clip in clips]

    def _trimmed(self, clip: Clip) -> Clip:
        length = max(1, int(clip.rate * HEARD_MS / 1000))
        energies = np.add.reduceat(
            np.square(clip.samples, dtype=np.float64), np.arange(0, len(clip.samples), length)
        )
        loud = np.flatnonzero((energies > 0) & (energies >= energies.max() * 10 ** (-self.drop_db / 10)))
        if not len(loud):
            return clip
        margin, least = (int(clip.rate * ms / 1000) for ms in (self.margin_ms, self.least_ms))
        end = max((loud[-1] + 1) * length + margin, least)
        begin = max(0, min(loud[0] * length - margin, min(end, len(clip.samples)) - least))
        return replace(clip, samples=clip.samples[begin:end], digest="")
