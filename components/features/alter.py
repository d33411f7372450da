"""Clips -> altered clips: the same said by another throat, at another speed, louder or in a noise.

One Fourier transform for all clips on end, none for each: a hundred clips take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from scipy.signal import resample

from components.contract import Clip
from components.features.frames import part, runs

FRAME_MS = 32.0
FINEST_MS = 1.5  # what the spectrum ripples with is voice above this, vocal tract below
FLOOR = 1e-4  # of the amplitude; below lies the rounding noise of 16 bits
CHUNK_SAMPLES = 1 << 20


def other_speeds(clips: Sequence[Clip], speeds: np.ndarray) -> list[Clip]:
    """Clips and how fast each is played (clips,) -> clips that much shorter and higher.

    Source: Ko et al. (2015), Audio augmentation for speech recognition.
    """
    return [
        _said(clip, resample(clip.samples, max(1, round(len(clip.samples) / speed))))
        for clip, speed in zip(clips, speeds, strict=True)
    ]


def other_throats(clips: Sequence[Clip], factors: np.ndarray) -> list[Clip]:
    """Clips of one rate and a factor for each (clips,) -> resonances at frequencies times the factor.

    Pitch and length stay: each short spectrum is weighed so that its envelope, cepstrally smoothed, moves
    along the frequencies. Source: Jaitly and Hinton (2013), Vocal tract length perturbation.
    """
    found: list[Clip] = []
    for chunk in runs([len(clip.samples) for clip in clips], CHUNK_SAMPLES):
        some = clips[chunk]
        waves = _warped([clip.samples for clip in some], factors[chunk], some[0].rate)
        found += [_said(clip, wave) for clip, wave in zip(some, waves, strict=True)]
    return found


def other_levels(clips: Sequence[Clip], gains_db: np.ndarray) -> list[Clip]:
    """Clips and a gain for each (clips,), dB -> clips louder or softer by that."""
    return [_said(clip, clip.samples * 10 ** (gain / 20)) for clip, gain in zip(clips, gains_db, strict=True)]


def in_noise(clips: Sequence[Clip], below_db: np.ndarray, rng: np.random.Generator) -> list[Clip]:
    """Clips and a depth for each (clips,), dB -> clips in a noise so far below their mean power.

    The noise is smooth or rough by chance: white noise and a share of itself one sample before.
    """
    return [
        _said(clip, clip.samples + _noise(clip.samples, depth, rng))
        for clip, depth in zip(clips, below_db, strict=True)
    ]


def _said(clip: Clip, samples: np.ndarray) -> Clip:
    """The clip with other samples, which are no longer what the corpus knows by its digest."""
    return replace(clip, samples=samples.astype(np.float32), digest="")


def _noise(samples: np.ndarray, depth: float, rng: np.random.Generator) -> np.ndarray:
    rough = rng.standard_normal(len(samples) + 1)
    noise = rough[1:] + rng.uniform(-0.9, 0.9) * rough[:-1]
    wanted = np.mean(np.square(samples, dtype=np.float64)) * 10 ** (-depth / 10)
    return noise * np.sqrt(wanted / np.mean(noise**2))


def _warped(waves: Sequence[np.ndarray], factors: np.ndarray, rate: int) -> list[np.ndarray]:
    size = 1 << int(np.log2(rate * FRAME_MS / 1000))
    hop, window = size // 4, torch.hann_window(size)
    edge = size // 2  # of silence, so that no frame hears two clips
    padded = [np.pad(wave, (edge, edge + -len(wave) % hop)) for wave in waves]
    counts = [len(wave) for wave in padded]
    ends = np.cumsum(counts)
    spectra = torch.stft(
        torch.from_numpy(np.concatenate(padded)), size, hop, window=window, return_complex=True
    ).T  # (frames, size // 2 + 1)
    clip_of_frame = np.minimum(np.searchsorted(ends, np.arange(len(spectra)) * hop, "right"), len(waves) - 1)
    moved = spectra * _moves(spectra, factors[clip_of_frame], rate)
    joined = torch.istft(moved.T, size, hop, window=window, length=int(ends[-1])).numpy()
    return [one[edge : edge + len(wave)] for one, wave in zip(part(joined, counts), waves, strict=True)]


def _moves(spectra: torch.Tensor, factors: np.ndarray, rate: int) -> torch.Tensor:
    """Spectra (frames, bins) and a factor for each frame -> the weights that move their envelopes."""
    levels = torch.log(spectra.abs() + FLOOR)
    cepstra = torch.fft.irfft(levels)
    kept = int(rate * FINEST_MS / 1000)
    cepstra[:, kept + 1 : -kept] = 0
    envelopes = torch.fft.rfft(cepstra).real  # (frames, bins)
    last = envelopes.shape[1] - 1
    read_at = (torch.arange(last + 1) / torch.from_numpy(factors).float()[:, None]).clamp(max=last)
    below = read_at.long().clamp(max=last - 1)
    there = torch.lerp(envelopes.gather(1, below), envelopes.gather(1, below + 1), read_at - below)
    return torch.exp(there - envelopes)
