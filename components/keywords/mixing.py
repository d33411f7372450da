"""Recordings as a microphone in a room hears them: at one level, reverberant, in noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.ndimage import uniform_filter1d

from components.speech.augmentation.noise import coloured_noise
from components.speech.augmentation.reverb import convolve_room

HOP_MS, SMOOTHED_HOPS, DROP_DB = 10, 3, 20.0
LEVEL = 0.05  # root mean square of speech, of a full scale of 1
RT60_SECONDS, WET = (0.2, 0.6), (0.1, 0.5)
SLOPES = (0.0, 2.0)  # of the noise: white to brown


@dataclass(frozen=True)
class Room:
    """A room and its noise. snr_db: of speech above noise. seed: draws the room and the noise."""

    snr_db: float
    seed: int


def speech_hops(samples: np.ndarray, rate: int) -> tuple[int, int, float]:
    """Samples (samples,) -> first hop of 10 ms with speech, the hop after the last, mean power between.

    Speech is what is within 20 dB of the loudest 30 ms. Silence has no power, and is all speech.
    """
    hop = max(1, rate * HOP_MS // 1000)
    hops = max(1, len(samples) // hop)
    power = np.square(np.resize(samples, hops * hop), dtype=np.float64).reshape(hops, hop).mean(axis=1)
    smoothed = uniform_filter1d(power, SMOOTHED_HOPS)
    loud = np.flatnonzero(smoothed >= smoothed.max() * 10 ** (-DROP_DB / 10))
    return int(loud[0]), int(loud[-1]) + 1, float(power[loud].mean())


def at_level(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples (samples,) -> the same with speech at LEVEL; silence stays silence."""
    power = speech_hops(samples, rate)[2]
    return samples * np.float32(LEVEL / np.sqrt(power)) if power > 1e-12 else samples


def in_room(samples: np.ndarray, rate: int, room: Room) -> np.ndarray:
    """Samples (samples,) with speech at LEVEL -> reverberant and in noise, float32 (samples,)."""
    rng = np.random.default_rng(room.seed)
    rt60, wet, slope = (rng.uniform(*ends) for ends in (RT60_SECONDS, WET, SLOPES))
    reverberant = convolve_room(samples, rate, rt60, wet, rng)
    noise = coloured_noise(len(samples), slope, rng) * LEVEL * 10 ** (-room.snr_db / 20)
    return (reverberant + noise).astype(np.float32)


@lru_cache(maxsize=1)
def quiet(length: int) -> np.ndarray:
    """Zeros, float32 (length,)."""
    return np.zeros(length, np.float32)
