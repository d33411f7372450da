"""Waveforms -> log mel energies, a whole batch at once: the ground that LogMel and Mfcc stand on.

The arithmetic is Kaldi's (Povey et al., 2011, "The Kaldi speech recognition toolkit"): frames that lie wholly
inside the clip, mean removed, pre-emphasis 0.97, Povey window, power spectrum, triangles on the mel scale.
Frames of all clips go through in blocks of one fixed size, so that every block takes the same path through
the FFT and the matrix product: a clip's values do not depend on its neighbours, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import torch

from components.features.frames import BLOCK_FRAMES

PRE_EMPHASIS = 0.97
LEVELS = 32768.0  # Kaldi's features are of 16-bit integers
FLOOR = 1.0  # below the rounding noise of 16 bits, so digital silence is no cliff

CHUNK_SAMPLES = 1 << 22


def frame_samples(rate: int, frame_ms: float) -> int:
    """Milliseconds -> whole samples at `rate`, rounded down as in Kaldi."""
    return max(1, int(rate * frame_ms / 1000 + 1e-9))


@lru_cache(maxsize=32)
def mel_filters(rate: int, fft: int, bands: int, low_hz: float, high_hz: float) -> np.ndarray:
    """Triangles on the mel scale -> weights (fft // 2 + 1, bands), float32."""
    edges = _mel_edges(bands, low_hz, high_hz)
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    bins = _mel(np.arange(fft // 2 + 1) * rate / fft)[:, None]
    triangles = np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    return np.maximum(triangles, 0.0).astype(np.float32)


def mel_centres(bands: int, low_hz: float, high_hz: float) -> np.ndarray:
    """The frequencies (bands,), Hz, at which the triangles are highest."""
    return 700.0 * np.expm1(_mel_edges(bands, low_hz, high_hz)[1:-1] / 1127.0)


def _mel_edges(bands: int, low_hz: float, high_hz: float) -> np.ndarray:
    return np.linspace(_mel(low_hz), _mel(high_hz), bands + 2)


def _mel(hz: np.ndarray | float) -> np.ndarray:
    return 1127.0 * np.log1p(np.asarray(hz) / 700.0)


@lru_cache(maxsize=32)
def povey_window(length: int) -> np.ndarray:
    """Length -> Kaldi's window (length,), a Hann window to the power 0.85, float32."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1)) if length > 1 else np.ones(1)
    return (hann**0.85).astype(np.float32)


def log_mel(
    samples: Sequence[np.ndarray], rate: int, frame: int, hop: int, bands: int, low_hz: float, high_hz: float
) -> list[np.ndarray]:
    """Waveforms (samples,) in [-1, 1] -> natural-log mel energies (frames, bands), float32, one each.

    frame, hop: samples. A waveform of N samples has 1 + (N - frame) // hop frames.
    """
    fft = 1 << (frame - 1).bit_length()
    filters = mel_filters(rate, fft, bands, low_hz, high_hz)
    found: list[np.ndarray] = []
    for chunk in _chunks(samples):
        joined, starts, counts = _join(chunk, frame, hop)
        energies = np.empty((len(starts), bands), np.float32)
        for first in range(0, len(starts), BLOCK_FRAMES):
            rows = starts[first : first + BLOCK_FRAMES]
            energies[first : first + len(rows)] = _block(joined, rows, frame, fft, filters)[: len(rows)]
        found += np.split(energies, np.cumsum(counts)[:-1])
    return found


def _chunks(samples: Sequence[np.ndarray]) -> Iterator[Sequence[np.ndarray]]:
    """Waveforms -> runs of neighbours with about CHUNK_SAMPLES samples in each."""
    ends = np.cumsum([len(wave) for wave in samples])
    first = 0
    while first < len(samples):
        used = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, used + CHUNK_SAMPLES, side="right")))
        yield samples[first:last]
        first = last


def _join(samples: Sequence[np.ndarray], frame: int, hop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Waveforms -> all samples on end, where each frame starts in them, and the number of frames of each."""
    lengths = np.array([len(wave) for wave in samples])
    offsets = np.cumsum(lengths) - lengths
    counts = 1 + (lengths - frame) // hop
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    joined = np.concatenate(samples).astype(np.float32, copy=False)
    return joined, np.repeat(offsets, counts) + hop * within, counts


def _block(joined: np.ndarray, starts: np.ndarray, frame: int, fft: int, filters: np.ndarray) -> np.ndarray:
    """Frames that start there -> log mel energies (BLOCK_FRAMES, bands); missing frames are zeros."""
    frames = np.zeros((BLOCK_FRAMES, frame), np.float32)
    frames[: len(starts)] = np.lib.stride_tricks.sliding_window_view(joined, frame)[starts]
    frames *= LEVELS
    frames -= frames.mean(axis=1, keepdims=True)
    previous = PRE_EMPHASIS * frames[:, :-1]
    frames[:, 0] *= 1 - PRE_EMPHASIS
    frames[:, 1:] -= previous
    frames *= povey_window(frame)
    spectrum = torch.fft.rfft(torch.from_numpy(frames), fft).numpy()
    squares = np.square(spectrum.view(np.float32))  # (BLOCK_FRAMES, 2 * (fft // 2 + 1)): real, imaginary, ...
    return np.log(np.maximum(squares @ np.repeat(filters, 2, axis=0), FLOOR))
