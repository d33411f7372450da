"""Waveforms -> log mel energies, a whole batch at once, for LogMel and its subclasses.

The arithmetic is Kaldi's (Povey et al., 2011, "The Kaldi speech recognition toolkit"): frames that lie wholly
inside the clip, mean removed, pre-emphasis 0.97, Povey window, power spectrum, triangles on the mel scale.
Frames of all clips go through in blocks of one fixed size, so that every block takes the same path through
the FFT and the matrix product: a clip's values do not depend on its neighbours, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np
import torch

from components.speech.mel import bin_frequencies, hz_to_mel, mel_points, triangles
from components.speech.ragged import BLOCK_FRAMES, chunks

PRE_EMPHASIS = 0.97
FULL_SCALE = 32768.0  # Kaldi's features are of 16-bit integers
FLOOR = 1.0  # below the rounding noise of 16 bits, so digital silence is no cliff

CHUNK_SAMPLES = 1 << 20


def frame_samples(rate: int, frame_ms: float) -> int:
    """Milliseconds -> whole samples at `rate`, rounded down as in Kaldi."""
    return max(1, int(rate * frame_ms / 1000 + 1e-9))


@lru_cache(maxsize=32)
def mel_filters(rate: int, fft: int, bands: int, low_hz: float, high_hz: float) -> np.ndarray:
    """Kaldi's triangles on the mel scale -> weights (fft // 2 + 1, bands), float32."""
    return triangles(hz_to_mel(bin_frequencies(rate, fft)), mel_points(bands + 2, low_hz, high_hz))


@lru_cache(maxsize=32)
def povey_window(length: int) -> np.ndarray:
    """Length -> Kaldi's window (length,), a Hann window to the power 0.85, float32."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1)) if length > 1 else np.zeros(1)
    return (hann**0.85).astype(np.float32)


def log_mel(
    waveforms: Sequence[np.ndarray],
    rate: int,
    frame: int,
    hop: int,
    bands: int,
    low_hz: float,
    high_hz: float,
) -> list[np.ndarray]:
    """Waveforms (samples,) in [-1, 1] -> natural-log mel energies (frames, bands), float32, one each.

    Parameters
    ----------
    waveforms
        float32; one of N samples has 1 + (N - frame) // hop frames.
    rate
        Hz.
    frame, hop
        Length and step of a frame, samples.
    bands, low_hz, high_hz
        How many triangular filters, where the lowest begins and where the highest ends.
    """
    fft = 1 << (frame - 1).bit_length()
    # spectra are real, imaginary, real, ...: hence every filter stands twice
    filters = torch.from_numpy(np.repeat(mel_filters(rate, fft, bands, low_hz, high_hz), 2, axis=0))
    features: list[np.ndarray] = []
    for chunk in chunks([len(waveform) for waveform in waveforms], CHUNK_SAMPLES):
        signal, firsts, counts = _concatenate(waveforms[chunk], frame, hop)
        energies = _mel_energies(signal, frame, hop, fft, filters)
        np.log(np.maximum(energies, FLOOR, out=energies), out=energies)
        features += [energies[first : first + count] for first, count in zip(firsts, counts, strict=True)]
    return features


def _concatenate(
    waveforms: Sequence[np.ndarray], frame: int, hop: int
) -> tuple[np.ndarray, list[int], list[int]]:
    """Waveforms -> one signal, each from a multiple of `hop` on; their first frames and numbers of frames.

    So frame i of all starts at sample i * hop; those across the end of a waveform belong to none.
    """
    counts = [1 + (len(waveform) - frame) // hop for waveform in waveforms]
    across = -(-frame // hop) - 1
    ends = list(accumulate(count + across for count in counts))
    firsts = [0, *ends[:-1]]
    signal = np.zeros(ends[-1] * hop, np.float32)
    for waveform, first, count in zip(waveforms, firsts, counts, strict=True):
        used = (count - 1) * hop + frame
        np.multiply(waveform[:used], np.float32(FULL_SCALE), out=signal[first * hop :][:used])
    return signal, firsts, counts


def _mel_energies(signal: np.ndarray, frame: int, hop: int, fft: int, filters: torch.Tensor) -> np.ndarray:
    """Signal (samples,) and filters (fft + 2, bands) -> mel energies (frames, bands)."""
    energies = np.empty((len(signal) // hop, filters.shape[1]), np.float32)
    for row, frames in _windowed(signal, frame, hop, fft):
        spectra = torch.fft.rfft(frames).view(torch.float32)
        block = energies[row : row + BLOCK_FRAMES]
        block[:] = (spectra.square_() @ filters)[: len(block)].numpy()
    return energies


def _windowed(signal: np.ndarray, frame: int, hop: int, fft: int) -> Iterator[tuple[int, torch.Tensor]]:
    """Signal (samples,) -> blocks of frames, one every `hop`, ready for the Fourier transform.

    Yields the number of a block's first frame, and the block, float32 (BLOCK_FRAMES, fft), each time the same
    tensor: frames without their mean, pre-emphasised, windowed and padded with zeros. Pre-emphasis is applied
    before framing, once a sample: what it makes of a frame's first sample does not count, the window being 0
    there. Of the mean, 1 - PRE_EMPHASIS is left in every sample; it follows from the sum of the emphasised.
    """
    samples = torch.from_numpy(np.pad(signal, (1, frame)))
    emphasised = samples[1:] - samples[:-1]  # which of 16-bit samples is exact
    emphasised.add_(samples[:-1], alpha=1 - PRE_EMPHASIS)
    frames = emphasised.unfold(0, frame, hop)
    ends = PRE_EMPHASIS * (samples[: len(signal) : hop] - samples[frame : len(signal) + frame : hop])
    window = torch.from_numpy(povey_window(frame))
    block = torch.zeros(BLOCK_FRAMES, fft)
    for row in range(0, len(signal) // hop, BLOCK_FRAMES):
        rows = slice(row, min(row + BLOCK_FRAMES, len(signal) // hop))
        mean = (frames[rows].sum(1) + ends[rows]) / frame
        torch.sub(frames[rows], mean[:, None], out=block[: len(mean), :frame]).mul_(window)
        yield row, block
