"""The mel scale, triangular filters on it, and the cosine transform of what they give."""

from __future__ import annotations

import numpy as np
from scipy.fft import dct

KALDI_MEL = 1127.0  # mel a neper of 1 + f / 700 (O'Shaughnessy, 1987)
NEPER = 1.0  # the same scale in other units: equal up to the last bits of a float64


def hz_to_mel(hz: np.ndarray | float, unit: float = KALDI_MEL) -> np.ndarray:
    """Frequencies in Hz -> on the mel scale."""
    return unit * np.log1p(np.asarray(hz) / 700.0)


def mel_to_hz(mel: np.ndarray, unit: float = KALDI_MEL) -> np.ndarray:
    """Places on the mel scale -> frequencies in Hz."""
    return 700.0 * np.expm1(mel / unit)


def mel_points(count: int, low_hz: float, high_hz: float, unit: float = KALDI_MEL) -> np.ndarray:
    """How many, from where to where -> places (count,) on the mel scale, equally spaced, ends included."""
    return np.linspace(hz_to_mel(low_hz, unit), hz_to_mel(high_hz, unit), count)


def mel_frequencies(count: int, low_hz: float, high_hz: float, unit: float = KALDI_MEL) -> np.ndarray:
    """How many, from where to where -> frequencies (count,) in Hz, equally spaced in mel, ends included."""
    return mel_to_hz(mel_points(count, low_hz, high_hz, unit), unit)


def bin_frequencies(rate: int, fft: int) -> np.ndarray:
    """Rate in Hz and length of a Fourier transform -> frequencies (fft // 2 + 1,) of its bins, Hz."""
    return np.arange(fft // 2 + 1) * rate / fft


def triangles(points: np.ndarray, edges: np.ndarray, least_width: float = 0.0) -> np.ndarray:
    """Where the bins are and where triangles begin, peak and end -> filters (bins, bands), float32.

    points: (bins,), and edges: (bands + 2,), on one scale: sides are straight on it, Kaldi's in mel,
    torchaudio's `melscale_fbanks` in Hz. Band i begins at edge i, is 1 at edge i + 1 and ends at edge i + 2.
    least_width: of each side, on the same scale; the distance of two bins leaves no band empty.
    """
    peaks = edges[1:-1]
    rising = np.maximum(peaks - edges[:-2], least_width)
    falling = np.maximum(edges[2:] - peaks, least_width)
    below = 1 - (peaks - points[:, None]) / rising
    above = 1 - (points[:, None] - peaks) / falling
    return np.clip(np.minimum(below, above), 0, 1).astype(np.float32)


def dct_matrix(bands: int, coefficients: int) -> np.ndarray:
    """Orthonormal DCT-II of log mel energies -> weights (bands, coefficients)."""
    return dct(np.eye(bands), type=2, norm="ortho", axis=1)[:, :coefficients]


def cepstral_lifter(coefficients: int, lifter: float) -> np.ndarray:
    """Kaldi's lifter -> weights (coefficients,) of cepstra, from C0 on; all 1 for a lifter of 0."""
    if not lifter:
        return np.ones(coefficients)
    return 1.0 + lifter / 2 * np.sin(np.pi * np.arange(coefficients) / lifter)
