"""Clips -> log mel energies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from components.clip_checks import check_clips
from components.contract import Clip
from components.mapped import keep
from components.ranges import Range, above, at_least, check_ranges
from components.speech.features.spectra import frame_samples, log_mel
from components.speech.features.store import looked_up
from components.speech.ragged import in_chunks

SAMPLES_AT_ONCE = 1 << 24  # 64 MiB of them


class LogMel(TransformerMixin, BaseEstimator):
    """Clips -> natural-log mel energies, float32 (frames, bands) each.

    Same numbers as Kaldi's fbank without dither (Povey et al., 2011). `fit` and `transform` raise ValueError
    for a clip of another rate, shorter than one frame, or not finite.

    Parameters
    ----------
    rate : int, optional
        Hz that every clip must have. None: the rate of the first clip seen by fit.
    frame_ms, hop_ms : float
        Length and step of a frame.
    bands : int
        Triangular filters, equally spaced on the mel scale.
    low_hz : float
        Where the lowest filter begins.
    high_hz : float, optional
        Where the highest filter ends. None: half the rate; below 0: so far below half the rate, as in Kaldi.

    Attributes
    ----------
    rate_ : int
        Hz that clips must have.
    """

    stateless = True

    def __init__(
        self,
        rate: int | None = None,
        frame_ms: float = 25.0,
        hop_ms: float = 10.0,
        bands: int = 40,
        low_hz: float = 20.0,
        high_hz: float | None = None,
    ) -> None:
        self.rate = rate
        self.frame_ms = frame_ms
        self.hop_ms = hop_ms
        self.bands = bands
        self.low_hz = low_hz
        self.high_hz = high_hz

    def check_settings(self) -> None:
        """Raises ValueError for lengths, bands or edges out of range."""
        lengths = dict(rate=at_least(1), frame_ms=above(0), hop_ms=above(0))
        high = above(self.low_hz) if (self.high_hz or 0) > 0 else Range("any number", math.isfinite)
        check_ranges(self, **lengths, bands=at_least(1), low_hz=at_least(0), high_hz=high)

    def fit(self, clips: Sequence[Clip], texts: Sequence[str] | None = None) -> LogMel:
        """Learns the rate, which later clips must have."""
        self.rate_ = self._rate_for(clips)
        check_clips(self, clips, rate=self.rate_)
        return self

    def transform(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> float32 (frames, bands), in order."""
        rate = getattr(self, "rate_", None) or self._rate_for(clips)
        check_clips(self, clips, rate=rate, min_samples=frame_samples(rate, self.frame_ms))
        return looked_up(self, clips, self._computed) if clips else []

    def _rate_for(self, clips: Sequence[Clip]) -> int:
        return self.rate or (clips[0].rate if clips else 16000)

    def _computed(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        return keep(self._compute(some) for some in in_chunks(clips, SAMPLES_AT_ONCE))

    def _compute(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        rate = clips[0].rate
        frame, hop = frame_samples(rate, self.frame_ms), frame_samples(rate, self.hop_ms)
        waveforms = [clip.samples for clip in clips]
        return log_mel(waveforms, rate, frame, hop, self.bands, self.low_hz, self._upper_hz(rate))

    def _upper_hz(self, rate: int) -> float:
        """Where the highest filter ends, Hz."""
        high_hz = self.high_hz or 0.0
        return high_hz if high_hz > 0 else rate / 2 + high_hz
