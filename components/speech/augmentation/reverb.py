"""Reverberation: room impulse responses, and dry samples convolved with one."""

from __future__ import annotations

import numpy as np


def convolve_room(
    samples: np.ndarray, rate: int, rt60_seconds: float, wet: float, rng: np.random.Generator
) -> np.ndarray:
    """Dry samples (samples,) -> reverberant samples (samples,): direct sound and a decaying tail.

    Parameters
    ----------
    samples
        float, cut off where the input ends.
    rate
        Hz.
    rt60_seconds
        Time in which the tail falls by 60 dB.
    wet
        Energy of the tail as a share of that of the direct sound.
    rng
        Draws the tail.
    """
    from scipy.signal import fftconvolve

    response = room_impulse_responses(rate, np.array([rt60_seconds]), np.array([wet]), rng)[0]
    return fftconvolve(samples, response)[: len(samples)]


def room_impulse_responses(
    rate: int, rt60_seconds: np.ndarray, wet: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Decay times and wet shares (rooms,), as of `convolve_room` -> impulse responses (rooms, samples).

    White noise of exponentially decaying power (Polack, 1988).
    """
    times = np.arange(int(rt60_seconds.max() * rate)) / rate
    tails = rng.standard_normal((len(wet), len(times)))
    tails *= np.exp(-np.log(1000) * times / rt60_seconds[:, None])
    tails[:, : int(0.003 * rate)] = 0  # the nearest wall is half a metre away
    tails *= np.sqrt(wet / np.sum(tails**2, axis=1))[:, None]
    tails[:, 0] = 1.0
    return tails
