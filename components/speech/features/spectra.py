"""Waveforms -> log mel energies, a whole batch at once: the ground that LogMel and Mfcc stand on.

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

from components.speech.features.frames import BLOCK_FRAMES, runs

PRE_EMPHASIS = 0.97
LEVELS = 32768.0  # Kaldi's features are of 16-bit integers
FLOOR = 1.0  # below the rounding noise of 16 bits, so digital silence is no cliff

CHUNK_SAMPLES = 1 << 20


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
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1)) if length > 1 else np.zeros(1)
    return (hann**0.85).astype(np.float32)


def log_mel(
    samples: Sequence[np.ndarray], rate: int, frame: int, hop: int, bands: int, low_hz: float, high_hz: float
) -> list[np.ndarray]:
    """Waveforms (samples,) in [-1, 1] -> natural-log mel energies (frames, bands), float32, one each.

    frame, hop: samples. A waveform of N samples has 1 + (N - frame) // hop frames.
    """
    fft = 1 << (frame - 1).bit_length()
    filters = torch.from_numpy(np.repeat(mel_filters(rate, fft, bands, low_hz, high_hz), 2, axis=0))
    found: list[np.ndarray] = []
    for chunk in runs([len(wave) for wave in samples], CHUNK_SAMPLES):
        joined, firsts, counts = _join(samples[chunk], frame, hop)
        energies = np.empty((len(joined) // hop, bands), np.float32)
        for row, frames in _windowed(joined, frame, hop, fft):
            # real, imaginary, real, ...: hence every filter stands twice
            spectrum = torch.fft.rfft(frames).view(torch.float32)
            some = energies[row : row + BLOCK_FRAMES]
            some[:] = (spectrum.square_() @ filters)[: len(some)].numpy()
        np.log(np.maximum(energies, FLOOR, out=energies), out=energies)
        found += [energies[first : first + count] for first, count in zip(firsts, counts, strict=True)]
    return found


def _join(samples: Sequence[np.ndarray], frame: int, hop: int) -> tuple[np.ndarray, list[int], list[int]]:
    """Waveforms -> all on end, each from a multiple of `hop` on; where their first frames are, and how many.

    So frame i of all starts at sample i * hop; those across the end of a waveform are nobody's.
    """
    counts = [1 + (len(wave) - frame) // hop for wave in samples]
    across = -(-frame // hop) - 1
    ends = list(accumulate(count + across for count in counts))
    firsts = [0, *ends[:-1]]
    joined = np.zeros(ends[-1] * hop, np.float32)
    for wave, first, count in zip(samples, firsts, counts, strict=True):
        heard = (count - 1) * hop + frame
        np.multiply(wave[:heard], np.float32(LEVELS), out=joined[first * hop :][:heard])
    return joined, firsts, counts


def _windowed(joined: np.ndarray, frame: int, hop: int, fft: int) -> Iterator[tuple[int, torch.Tensor]]:
    """Samples on end -> blocks of frames, one every `hop`, as the Fourier transform wants them.

    Yields the number of a block's first frame, and the block, float32 (BLOCK_FRAMES, fft), each time the same
    tensor: frames without their mean, pre-emphasised and windowed, zeros behind. Pre-emphasis goes before the
    cut, once a sample: what it makes of a frame's first sample does not count, the window being 0 there. Of
    the mean, 1 - PRE_EMPHASIS is left in every sample; it follows from the sum of the emphasised ones.
    """
    samples = torch.from_numpy(np.pad(joined, (1, frame)))
    emphasised = samples[1:] - samples[:-1]  # which of 16-bit samples is exact
    emphasised.add_(samples[:-1], alpha=1 - PRE_EMPHASIS)
    cut = emphasised.unfold(0, frame, hop)
    ends = PRE_EMPHASIS * (samples[: len(joined) : hop] - samples[frame : len(joined) + frame : hop])
    window = torch.from_numpy(povey_window(frame))
    block = torch.zeros(BLOCK_FRAMES, fft)
    for row in range(0, len(joined) // hop, BLOCK_FRAMES):
        rows = slice(row, min(row + BLOCK_FRAMES, len(joined) // hop))
        left = (cut[rows].sum(1) + ends[rows]) / frame
        some = block[: len(left), :frame]
        torch.sub(cut[rows], left[:, None], out=some).mul_(window)
        yield row, block
