"""Clips -> mel-frequency cepstral coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from components.contract import Clip
from components.ranges import at_least, between, check_ranges
from components.speech.features.log_mel import LogMel
from components.speech.mel import cepstral_lifter, dct_matrix
from components.speech.ragged import map_blocks


@lru_cache(maxsize=8)
def cepstral_matrix(bands: int, coefficients: int, lifter: float) -> np.ndarray:
    """Log mel energies -> liftered cepstra: weights (bands, coefficients), float32."""
    return (dct_matrix(bands, coefficients) * cepstral_lifter(coefficients, lifter)).astype(np.float32)


class Mfcc(LogMel):
    """Clips -> mel-frequency cepstral coefficients, float32 (frames, coefficients) each.

    The first coefficient is C0. Same numbers as Kaldi's mfcc without dither and with use_energy=False
    (Davis and Mermelstein, 1980).

    Parameters
    ----------
    rate, frame_ms, hop_ms, bands, low_hz, high_hz
        As in LogMel, and so are the errors.
    coefficients : int
        How many are computed, at most `bands`.
    lifter : float
        Cepstral lifter; 0: none.
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
        return map_blocks(super()._compute(clips), lambda energies: energies @ weights)
