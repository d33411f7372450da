"""Noise: coloured noise, and samples mixed with it at a signal-to-noise ratio."""

from __future__ import annotations

import numpy as np


def coloured_noise(length: int, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Noise (length,) of mean power 1, power falling as 1 / frequency**slope: 0 white, 1 pink, 2 brown."""
    from scipy.fft import irfft, next_fast_len, rfft

    padded = next_fast_len(length, real=True)
    spectrum = rfft(rng.standard_normal(padded))
    spectrum *= np.arange(1, len(spectrum) + 1) ** (-slope / 2)
    noise = irfft(spectrum, padded)[:length]
    return noise / np.sqrt(np.mean(noise**2))


def mix_noise(samples: np.ndarray, snr_db: float, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Samples (samples,) -> samples with coloured noise at this signal-to-noise ratio over the whole."""
    power = np.mean(samples**2)
    return samples + coloured_noise(len(samples), slope, rng) * np.sqrt(power / 10 ** (snr_db / 10))


def smooth_or_rough_noise(length: int, rng: np.random.Generator) -> np.ndarray:
    """Noise (length,): white noise plus a random share, -0.9 to 0.9, of itself one sample earlier."""
    white = rng.standard_normal(length + 1)
    return white[1:] + rng.uniform(-0.9, 0.9) * white[:-1]
