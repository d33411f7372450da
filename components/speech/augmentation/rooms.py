"""Where an utterance is heard: the echo of a room and the noise in it, both made up."""

from __future__ import annotations

import numpy as np


def echoed(
    samples: np.ndarray, rate: int, decay_seconds: float, wet: float, rng: np.random.Generator
) -> np.ndarray:
    """Dry samples (samples,) become those heard in a room: direct sound and an exponentially decaying tail.

    decay_seconds: time to fall by 60 dB. wet: energy of the tail against that of the direct sound. The length
    stays that of the input.
    """
    from scipy.signal import fftconvolve

    response = responses(rate, np.array([decay_seconds]), np.array([wet]), rng)[0]
    return fftconvolve(samples, response)[: len(samples)]


def responses(rate: int, decay_seconds: np.ndarray, wet: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rooms, as of `echoed`, (rooms,) each -> their impulse responses (rooms, samples): decaying white noise.

    Source: Polack (1988).
    """
    times = np.arange(int(decay_seconds.max() * rate)) / rate
    tails = rng.standard_normal((len(wet), len(times)))
    tails *= np.exp(-np.log(1000) * times / decay_seconds[:, None])
    tails[:, : int(0.003 * rate)] = 0  # the nearest wall is half a metre away
    tails *= np.sqrt(wet / np.sum(tails**2, axis=1))[:, None]
    tails[:, 0] = 1.0
    return tails


def coloured_noise(length: int, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Noise (length,) of mean power 1, its power falling as 1/frequency**slope: 0 white, 1 pink, 2 brown."""
    from scipy.fft import irfft, next_fast_len, rfft

    whole = next_fast_len(length, real=True)
    spectrum = rfft(rng.standard_normal(whole))
    spectrum *= np.arange(1, len(spectrum) + 1) ** (-slope / 2)
    noise = irfft(spectrum, whole)[:length]
    return noise / np.sqrt(np.mean(noise**2))


def noisy(samples: np.ndarray, snr_db: float, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Samples (samples,) become those with coloured noise at this signal-to-noise ratio over the whole."""
    power = np.mean(samples**2)
    return samples + coloured_noise(len(samples), slope, rng) * np.sqrt(power / 10 ** (snr_db / 10))
