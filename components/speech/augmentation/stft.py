"""Clips -> clips altered in their short-time spectra: vocal tract length, spectrogram masks.

One Fourier transform for many clips on end: a hundred clips take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from components.contract import Clip
from components.speech.mel import NEPER, hz_to_mel
from components.speech.ragged import chunks, split

FRAME_MS = 32.0
LIFTER_MS = 1.5  # cepstrum: vocal tract below, voice above
FLOOR = 1e-4  # of the amplitude; below lies the rounding noise of 16 bits
CHUNK_SAMPLES = 1 << 20


@dataclass(frozen=True)
class Stft:
    """Short-time spectra of some clips.

    spectra: complex (frames, bins). clip: (frames,) the position of each frame's clip among all clips.
    place: (frames,) how far into it, as a share. rate: Hz.
    """

    spectra: torch.Tensor
    clip: np.ndarray
    place: np.ndarray
    rate: int


Gains = Callable[[Stft], torch.Tensor]  # spectra -> what each is multiplied by, (frames, bins)


def vtlp(clips: Sequence[Clip], factors: np.ndarray) -> list[Clip]:
    """Clips of one rate and a factor for each (clips,) -> clips with formants times the factor.

    Pitch and length stay: each short spectrum is weighted so that its envelope, cepstrally smoothed, moves
    along the frequencies. Source: Jaitly and Hinton (2013), Vocal tract length perturbation.
    """
    return _filter(clips, lambda stft: _warp_gains(stft, factors[stft.clip]))


def spec_mask(clips: Sequence[Clip], masks: np.ndarray) -> list[Clip]:
    """Clips of one rate and masks (clips, masks, 4) -> clips with their mean spectrum under each mask.

    Each mask is a stretch of time and a band of frequencies: begin and end as shares of the clip, and begin
    and end as shares of the mel scale. Source: Park et al. (2019), SpecAugment.
    """
    return _filter(clips, lambda stft: _mask_gains(stft, masks[stft.clip]))


def _filter(clips: Sequence[Clip], gains: Gains) -> list[Clip]:
    """Clips -> clips with each of their short spectra multiplied by its gains (frames, bins)."""
    filtered: list[Clip] = []
    for chunk in chunks([len(clip.samples) for clip in clips], CHUNK_SAMPLES):
        originals = clips[chunk]
        waveforms = [clip.samples for clip in originals]
        altered = _filter_chunk(waveforms, originals[0].rate, len(filtered), gains)
        filtered += [clip.with_samples(samples) for clip, samples in zip(originals, altered, strict=True)]
    return filtered


def _filter_chunk(waveforms: Sequence[np.ndarray], rate: int, first: int, gains: Gains) -> list[np.ndarray]:
    """Waveforms, their rate and the position of the first among all clips -> filtered waveforms."""
    size = 1 << int(np.log2(rate * FRAME_MS / 1000))
    hop, window = size // 4, torch.hann_window(size)
    margin = size // 2  # of silence, so that no frame overlaps two clips
    padded = [np.pad(waveform, (margin, margin + -len(waveform) % hop)) for waveform in waveforms]
    lengths = np.array([len(waveform) for waveform in padded])
    ends = np.cumsum(lengths)
    spectra = torch.stft(
        torch.from_numpy(np.concatenate(padded)), size, hop, window=window, return_complex=True
    ).T  # (frames, size // 2 + 1)
    centres = np.arange(len(spectra)) * hop
    clip = np.minimum(np.searchsorted(ends, centres, "right"), len(waveforms) - 1)
    place = (centres - (ends - lengths)[clip] - margin) / np.array([len(wave) for wave in waveforms])[clip]
    filtered = spectra * gains(Stft(spectra, first + clip, place, rate))
    signal = torch.istft(filtered.T, size, hop, window=window, length=int(ends[-1])).numpy()
    return [
        piece[margin : margin + len(waveform)]
        for piece, waveform in zip(split(signal, lengths), waveforms, strict=True)
    ]


def _warp_gains(stft: Stft, factors: np.ndarray) -> torch.Tensor:
    """Spectra and a factor for each (frames,) -> gains (frames, bins) that move their envelopes."""
    levels = torch.log(stft.spectra.abs() + FLOOR)
    cepstra = torch.fft.irfft(levels)
    order = int(stft.rate * LIFTER_MS / 1000)
    cepstra[:, order + 1 : -order] = 0
    envelopes = torch.fft.rfft(cepstra).real  # (frames, bins)
    last = envelopes.shape[1] - 1
    read_at = (torch.arange(last + 1) / torch.from_numpy(factors).float()[:, None]).clamp(max=last)
    below = read_at.long().clamp(max=last - 1)
    warped = torch.lerp(envelopes.gather(1, below), envelopes.gather(1, below + 1), read_at - below)
    return torch.exp(warped - envelopes)


def _mask_gains(stft: Stft, masks: np.ndarray) -> torch.Tensor:
    """Spectra and the masks of each (frames, masks, 4) -> gains (frames, bins) to their means."""
    levels = torch.log(stft.spectra.abs() + FLOOR)
    gains = torch.exp(_clip_means(stft, levels) - levels)
    return torch.where(torch.from_numpy(_is_masked(stft, masks)), gains, 1.0)


def _is_masked(stft: Stft, masks: np.ndarray) -> np.ndarray:
    """Masks of each frame (frames, masks, 4) -> which bins lie under any of them (frames, bins)."""
    mel = hz_to_mel(np.linspace(0, stft.rate / 2, stft.spectra.shape[1]), NEPER)
    mel /= mel[-1]  # (bins,), from 0 to 1
    begin, end, low, high = np.moveaxis(masks[:, :, None], 3, 0)  # (frames, masks, 1) each
    place = stft.place[:, None, None]
    masked = ((begin <= place) & (place < end)) | ((low <= mel) & (mel < high))  # (frames, masks, bins)
    return masked.any(1)


def _clip_means(stft: Stft, levels: torch.Tensor) -> torch.Tensor:
    """Levels (frames, bins) -> their means over each frame's own clip (frames, bins)."""
    owner = torch.from_numpy(stft.clip - stft.clip[0])
    inside = torch.from_numpy((stft.place >= 0) & (stft.place < 1)).float()[:, None]
    counts = torch.zeros(int(owner[-1]) + 1, 1).index_add_(0, owner, inside)  # (clips, 1)
    sums = torch.zeros(len(counts), levels.shape[1]).index_add_(0, owner, levels * inside)
    return (sums / counts.clamp(min=1))[owner]
