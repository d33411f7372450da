"""Clips -> perceptual linear prediction cepstra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from components.contract import Clip
from components.ranges import at_least, between, check_ranges
from components.speech.features.log_mel import LogMel
from components.speech.mel import cepstral_lifter, mel_frequencies
from components.speech.ragged import map_blocks

LOUDNESS_POWER = 1 / 3


class Plp(LogMel):
    """Clips -> perceptual linear prediction cepstra, float32 (frames, coefficients) each.

    Mel energies weighted by equal loudness, their cube root, an all-pole model, its cepstrum; the first
    coefficient is the log of the model's residual energy. The arithmetic is that of Kaldi's plp without
    dither and with use_energy=False: mel triangles instead of the Bark trapezia of Hermansky (1990).

    Parameters
    ----------
    rate, frame_ms, hop_ms, bands, low_hz, high_hz
        As in LogMel, and so are the errors.
    coefficients : int
        How many are computed, the residual energy among them.
    order : int
        Poles of the model.
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
        edges = mel_frequencies(self.bands + 2, self.low_hz, self._upper_hz(clips[0].rate))
        log_weights = np.log(equal_loudness(edges[1:-1]))
        lifter = cepstral_lifter(self.coefficients, self.lifter)[1:]

        def cepstra(energies: np.ndarray) -> np.ndarray:
            loudness = np.exp(LOUDNESS_POWER * (energies.astype(np.float64) + log_weights))
            predictor, residual = levinson_durbin(loudness @ autocorrelation_matrix(self.bands, self.order))
            coefficients = lpc_to_cepstrum(predictor, self.coefficients - 1) * lifter
            return np.concatenate([np.log(residual)[:, None], coefficients], axis=1).astype(np.float32)

        return map_blocks(super()._compute(clips), cepstra)


def equal_loudness(hertz: np.ndarray) -> np.ndarray:
    """Frequencies in Hz -> the ear's sensitivity to their power, at 40 phon."""
    squared = hertz**2
    return (squared / (squared + 1.6e5)) ** 2 * (squared + 1.44e6) / (squared + 9.61e6)


@lru_cache(maxsize=8)
def autocorrelation_matrix(bands: int, order: int) -> np.ndarray:
    """Band powers -> autocorrelation of the symmetric spectrum that they make: weights (bands, order + 1).

    The first and last band stand for the edges, 0 Hz and half the rate, as well.
    """
    points = bands + 2
    cosines = np.cos(np.pi * np.outer(np.arange(points), np.arange(order + 1)) / (points - 1))
    cosines[1:-1] *= 2
    cosines /= 2 * (points - 1)
    cosines[1] += cosines[0]
    cosines[-2] += cosines[-1]
    return cosines[1:-1]


def levinson_durbin(autocorrelation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(frames, order + 1) -> linear predictors (frames, order) and their residual energy (frames,).

    All frames at once (Durbin, 1960).
    """
    frames, order = autocorrelation.shape[0], autocorrelation.shape[1] - 1
    predictor = np.zeros((frames, order))
    residual = autocorrelation[:, 0].copy()
    for i in range(order):
        predicted = np.einsum("fj,fj->f", predictor[:, :i], autocorrelation[:, i:0:-1])
        reflection = (autocorrelation[:, i + 1] - predicted) / residual
        predictor[:, :i] -= reflection[:, None] * predictor[:, :i][:, ::-1]
        predictor[:, i] = reflection
        residual *= 1 - reflection**2
    return predictor, residual


def lpc_to_cepstrum(predictor: np.ndarray, coefficients: int) -> np.ndarray:
    """Linear predictors (frames, order) -> cepstra (frames, coefficients) of the all-pole model, from C1."""
    order = predictor.shape[1]
    cepstra = np.zeros((len(predictor), coefficients))
    for n in range(1, coefficients + 1):
        earlier = np.arange(max(1, n - order), n)
        sums = (earlier / n * cepstra[:, earlier - 1] * predictor[:, n - earlier - 1]).sum(axis=1)
        cepstra[:, n - 1] = sums + (predictor[:, n - 1] if n <= order else 0)
    return cepstra
