"""Clips -> mel-frequency cepstral coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.fft import dct

from components.contract import Clip
from components.ranges import at_least, between, check_ranges
from components.speech.features.frames import batched_rows
from components.speech.features.log_mel import LogMel


@lru_cache(maxsize=8)
def cepstral_matrix(bands: int, coefficients: int, lifter: float) -> np.ndarray:
    """Cosine transform and lifter in one: weights (bands, coefficients), float32."""
    cosines = dct(np.eye(bands), type=2, norm="ortho", axis=1)[:, :coefficients]
    lift = 1.0 + lifter / 2 * np.sin(np.pi * np.arange(coefficients) / lifter) if lifter else 1.0
    return (cosines * lift).astype(np.float32)


class Mfcc(LogMel):
    """Clips -> mel-frequency cepstral coefficients, float32 (frames, coefficients) each.

    The first coefficient is the level (C0). Same numbers as Kaldi's mfcc without dither and with
    use_energy=False. coefficients: how many are kept, at most bands. lifter: cepstral lifter (0: none).
    Davis and Mermelstein, 1980; other settings and errors as in LogMel.
    """

    def __init__(
        self,
        rate: int | None = None,
        frame_ms: float = 25.0,
        hop_ms: float = 10.0,
        bands: int = 23,
        coefficients: int = 13,
        low_hz: float = 20.0,
        high_hz: float | None = None,
        lifter: float = 22.0,
    ) -> None:
        super().__init__(rate, frame_ms, hop_ms, bands, low_hz, high_hz)
        self.coefficients = coefficients
        self.lifter = lifter

    def check_settings(self) -> None:
        """Raises ValueError for settings of the energies or cepstra out of range."""
        super().check_settings()
        check_ranges(self, coefficients=between(1, self.bands), lifter=at_least(0))

    def _compute(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        weights = cepstral_matrix(self.bands, self.coefficients, self.lifter)
        return batched_rows(super()._compute(clips), lambda energies: energies @ weights)
