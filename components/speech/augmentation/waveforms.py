"""Clips -> altered clips: by another throat, at another speed, louder, in a room, in a noise or with holes.

One Fourier transform for all clips on end, none for each: a hundred clips take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.signal import resample

from components.contract import Clip
from components.speech.augmentation.kinds import MASKED_BANDS, MASKED_TIME, MASKS
from components.speech.augmentation.rooms import echoed
from components.speech.features.frames import part, runs

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
    return _weighed(clips, lambda frames: _moves(frames, factors[frames.clip]))


def with_holes(clips: Sequence[Clip], holes: np.ndarray) -> list[Clip]:
    """Clips of one rate, and holes (clips, holes, 4) -> clips that hold only their mean spectrum there.

    Each hole is a stretch of time and a band of frequencies: where the one begins and ends, as shares of the
    clip, and where the other does, as shares of the mel scale. Source: Park et al. (2019), SpecAugment.
    """
    return _weighed(clips, lambda frames: _fillings(frames, holes[frames.clip]))


def drawn_holes(clips: int, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """How many clips -> holes for each, (clips, MASKS, 4), as `with_holes` wants them."""
    shares = strength * np.array([MASKED_TIME, MASKED_BANDS])
    width = rng.uniform(0, shares, (clips, MASKS, 2))
    begin = rng.uniform(0, 1 - width)
    return np.stack([begin, begin + width], axis=-1).reshape(clips, MASKS, 4)


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


def in_rooms(
    clips: Sequence[Clip], decay_seconds: np.ndarray, wet: np.ndarray, rng: np.random.Generator
) -> list[Clip]:
    """Clips, how long each one's echo lasts and how strong it is (clips,) -> clips in rooms; 0: as it is.

    Source: Ko et al. (2017), A study on data augmentation of reverberant speech.
    """
    return [
        _said(clip, echoed(clip.samples, clip.rate, *room, rng)) if room[1] else clip
        for clip, *room in zip(clips, decay_seconds, wet, strict=True)
    ]


def _said(clip: Clip, samples: np.ndarray) -> Clip:
    """The clip with other samples."""
    return clip.with_samples(samples)


def _noise(samples: np.ndarray, depth: float, rng: np.random.Generator) -> np.ndarray:
    rough = rng.standard_normal(len(samples) + 1)
    noise = rough[1:] + rng.uniform(-0.9, 0.9) * rough[:-1]
    wanted = np.mean(np.square(samples, dtype=np.float64)) * 10 ** (-depth / 10)
    return noise * np.sqrt(wanted / np.mean(noise**2))


@dataclass(frozen=True)
class _Frames:
    """Short spectra of some clips. spectra: (frames, bins). clip, place: (frames,) whose each is, among all
    clips, and how far into it, as a share. rate: Hz."""

    spectra: torch.Tensor
    clip: np.ndarray
    place: np.ndarray
    rate: int


def _weighed(clips: Sequence[Clip], weigh: Callable[[_Frames], torch.Tensor]) -> list[Clip]:
    """Clips -> the same with each of their short spectra multiplied by its weights (frames, bins)."""
    found: list[Clip] = []
    for chunk in runs([len(clip.samples) for clip in clips], CHUNK_SAMPLES):
        some = clips[chunk]
        waves = _through_spectra([clip.samples for clip in some], some[0].rate, len(found), weigh)
        found += [_said(clip, wave) for clip, wave in zip(some, waves, strict=True)]
    return found


def _through_spectra(
    waves: Sequence[np.ndarray], rate: int, before: int, weigh: Callable[[_Frames], torch.Tensor]
) -> list[np.ndarray]:
    size = 1 << int(np.log2(rate * FRAME_MS / 1000))
    hop, window = size // 4, torch.hann_window(size)
    edge = size // 2  # of silence, so that no frame hears two clips
    padded = [np.pad(wave, (edge, edge + -len(wave) % hop)) for wave in waves]
    counts = np.array([len(wave) for wave in padded])
    ends = np.cumsum(counts)
    spectra = torch.stft(
        torch.from_numpy(np.concatenate(padded)), size, hop, window=window, return_complex=True
    ).T  # (frames, size // 2 + 1)
    middles = np.arange(len(spectra)) * hop
    clip = np.minimum(np.searchsorted(ends, middles, "right"), len(waves) - 1)
    place = (middles - (ends - counts)[clip] - edge) / np.array([len(wave) for wave in waves])[clip]
    weighed = spectra * weigh(_Frames(spectra, before + clip, place, rate))
    joined = torch.istft(weighed.T, size, hop, window=window, length=int(ends[-1])).numpy()
    return [one[edge : edge + len(wave)] for one, wave in zip(part(joined, counts), waves, strict=True)]


def _moves(frames: _Frames, factors: np.ndarray) -> torch.Tensor:
    """Spectra and a factor for each (frames,) -> the weights (frames, bins) that move their envelopes."""
    levels = torch.log(frames.spectra.abs() + FLOOR)
    cepstra = torch.fft.irfft(levels)
    kept = int(frames.rate * FINEST_MS / 1000)
    cepstra[:, kept + 1 : -kept] = 0
    envelopes = torch.fft.rfft(cepstra).real  # (frames, bins)
    last = envelopes.shape[1] - 1
    read_at = (torch.arange(last + 1) / torch.from_numpy(factors).float()[:, None]).clamp(max=last)
    below = read_at.long().clamp(max=last - 1)
    there = torch.lerp(envelopes.gather(1, below), envelopes.gather(1, below + 1), read_at - below)
    return torch.exp(there - envelopes)


def _fillings(frames: _Frames, holes: np.ndarray) -> torch.Tensor:
    """Spectra and the holes of each (frames, holes, 4) -> weights (frames, bins) that hide what is there."""
    levels = torch.log(frames.spectra.abs() + FLOOR)
    mel = np.log1p(np.linspace(0, frames.rate / 2, levels.shape[1]) / 700)
    mel /= mel[-1]  # (bins,), from 0 to 1
    begin, end, low, high = np.moveaxis(holes[:, :, None], 3, 0)  # (frames, holes, 1) each
    place = frames.place[:, None, None]
    hidden = ((begin <= place) & (place < end)) | ((low <= mel) & (mel < high))  # (frames, holes, bins)
    owner = torch.from_numpy(frames.clip - frames.clip[0])
    spoken = torch.from_numpy((frames.place >= 0) & (frames.place < 1)).float()[:, None]
    counts = torch.zeros(int(owner[-1]) + 1, 1).index_add_(0, owner, spoken)  # (clips, 1)
    sums = torch.zeros(len(counts), levels.shape[1]).index_add_(0, owner, levels * spoken)
    mean = (sums / counts.clamp(min=1))[owner]  # (frames, bins)
    return torch.where(torch.from_numpy(hidden.any(1)), torch.exp(mean - levels), 1.0)
