"""Clips -> perceptual linear prediction cepstra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from components.contract import Clip
from components.ranges import at_least, between, check_ranges
from components.speech.features.frames import batched_rows
from components.speech.features.log_mel import LogMel
from components.speech.features.spectra import mel_centres

LOUDNESS_POWER = 1 / 3


class Plp(LogMel):
    """Clips -> perceptual linear prediction cepstra, float32 (frames, coefficients) each.

    Mel energies weighed by the ear's sensitivity, their cube root, an all-pole model of `order` (at least
    coefficients - 1) poles, its cepstrum; the first coefficient is the log of the model's residual energy.
    The arithmetic is that of Kaldi's plp without dither and with use_energy=False: mel triangles instead of
    the paper's Bark trapezia. lifter: cepstral lifter (0: none). Hermansky, 1990; other settings and errors
    as in LogMel.
    """

    def __init__(
        self,
        rate: int | None = None,
        frame_ms: float = 25.0,
        hop_ms: float = 10.0,
        bands: int = 23,
        coefficients: int = 13,
        order: int = 12,
        low_hz: float = 20.0,
        high_hz: float | None = None,
        lifter: float = 22.0,
    ) -> None:
        super().__init__(rate, frame_ms, hop_ms, bands, low_hz, high_hz)
        self.coefficients = coefficients
        self.order = order
        self.lifter = lifter

    def check_settings(self) -> None:
        """Raises ValueError for settings of the energies, the model or the cepstra out of range."""
        super().check_settings()
        check_ranges(self, coefficients=at_least(1), lifter=at_least(0))
        check_ranges(self, order=between(max(1, self.coefficients - 1), self.bands))

    def _compute(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        centres = mel_centres(self.bands, self.low_hz, self._top_hz(clips[0].rate))
        loudness = np.log(equal_loudness(centres))
        places = np.arange(1, self.coefficients)
        lift = 1 + self.lifter / 2 * np.sin(np.pi * places / self.lifter) if self.lifter else 1.0

        def cepstra(energies: np.ndarray) -> np.ndarray:
            heard = np.exp(LOUDNESS_POWER * (energies.astype(np.float64) + loudness))
            weights, residual = all_pole(heard @ autocorrelating(self.bands, self.order))
            found = cepstrum(weights, self.coefficients - 1) * lift
            return np.concatenate([np.log(residual)[:, None], found], axis=1).astype(np.float32)

        return batched_rows(super()._compute(clips), cepstra)


def equal_loudness(hertz: np.ndarray) -> np.ndarray:
    """Frequencies -> how sensitive the ear is to their power, at 40 phon."""
    squared = hertz**2
    return (squared / (squared + 1.6e5)) ** 2 * (squared + 1.44e6) / (squared + 9.61e6)


@lru_cache(maxsize=8)
def autocorrelating(bands: int, order: int) -> np.ndarray:
    """Weights (bands, order + 1): band powers -> the autocorrelation that an even spectrum of them has.

    The first and last band stand for the edges, 0 Hz and half the rate, as well.
    """
    points = bands + 2
    cosines = np.cos(np.pi * np.outer(np.arange(points), np.arange(order + 1)) / (points - 1))
    cosines[1:-1] *= 2
    cosines /= 2 * (points - 1)
    cosines[1] += cosines[0]
    cosines[-2] += cosines[-1]
    return cosines[1:-1]


def all_pole(autocorrelation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(frames, order + 1) -> predictor weights (frames, order) and the energy that they leave, (frames,).

    Levinson's recursion (Durbin, 1960), of all frames at once.
    """
    frames, order = autocorrelation.shape[0], autocorrelation.shape[1] - 1
    weights = np.zeros((frames, order))
    left = autocorrelation[:, 0].copy()
    for i in range(order):
        missed = autocorrelation[:, i + 1] - np.einsum("fj,fj->f", weights[:, :i], autocorrelation[:, i:0:-1])
        reflection = missed / left
        weights[:, :i] -= reflection[:, None] * weights[:, :i][:, ::-1]
        weights[:, i] = reflection
        left *= 1 - reflection**2
    return weights, left


def cepstrum(weights: np.ndarray, coefficients: int) -> np.ndarray:
    """Predictor weights (frames, order) -> cepstra (frames, coefficients) of the all-pole model, from C1."""
    order = weights.shape[1]
    found = np.zeros((len(weights), coefficients))
    for n in range(1, coefficients + 1):
        known = np.arange(max(1, n - order), n)
        sums = (known / n * found[:, known - 1] * weights[:, n - known - 1]).sum(axis=1)
        found[:, n - 1] = sums + (weights[:, n - 1] if n <= order else 0)
    return found
