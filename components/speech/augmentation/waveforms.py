"""Clips -> clips altered in time: speed, gain, noise, reverberation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import resample

from components.contract import Clip
from components.speech.augmentation.noise import smooth_or_rough_noise
from components.speech.augmentation.reverb import convolve_room


def speed_perturb(clips: Sequence[Clip], speeds: np.ndarray) -> list[Clip]:
    """Clips and the speed of each (clips,), 1 for its own -> clips that much shorter and higher.

    Source: Ko et al. (2015), Audio augmentation for speech recognition.
    """
    return [
        clip.with_samples(resample(clip.samples, max(1, round(len(clip.samples) / speed))))
        for clip, speed in zip(clips, speeds, strict=True)
    ]


def gain(clips: Sequence[Clip], gains_db: np.ndarray) -> list[Clip]:
    """Clips and a gain for each (clips,), dB -> clips louder or softer by that."""
    return [
        clip.with_samples(clip.samples * 10 ** (gain_db / 20))
        for clip, gain_db in zip(clips, gains_db, strict=True)
    ]


def add_noise(clips: Sequence[Clip], snrs_db: np.ndarray, rng: np.random.Generator) -> list[Clip]:
    """Clips and a signal-to-noise ratio for each (clips,), dB -> clips with noise of a random colour."""
    return [
        clip.with_samples(clip.samples + _noise(clip.samples, snr_db, rng))
        for clip, snr_db in zip(clips, snrs_db, strict=True)
    ]


def reverberate(
    clips: Sequence[Clip], rt60_seconds: np.ndarray, wet: np.ndarray, rng: np.random.Generator
) -> list[Clip]:
    """Clips and a room for each, its decay time and wet share (clips,) -> reverberant clips; wet 0: as it is.

    Source: Ko et al. (2017), A study on data augmentation of reverberant speech.
    """
    return [
        clip.with_samples(convolve_room(clip.samples, clip.rate, *room, rng)) if room[1] else clip
        for clip, *room in zip(clips, rt60_seconds, wet, strict=True)
    ]


def _noise(samples: np.ndarray, snr_db: float, rng: np.random.Generator) -> np.ndarray:
    noise = smooth_or_rough_noise(len(samples), rng)
    power = np.mean(np.square(samples, dtype=np.float64)) * 10 ** (-snr_db / 10)
    return noise * np.sqrt(power / np.mean(noise**2))
