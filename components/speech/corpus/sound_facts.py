"""Samples of recordings -> facts about their sound, and a compact print of each to find near copies by.

Measured on the samples as the file has them, before resampling: that hides clipping, digital zeros and the
bandwidth. Frames are 16 ms long and do not overlap, and many recordings go through at once, so that it costs
little beside reading them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from components.speech.mel import bin_frequencies, hz_to_mel, mel_points, mel_to_hz, triangles
from components.speech.ragged import chunks

FRAME_SECONDS = 0.016
BANDS = 12  # mel-spaced triangles
LOW_HZ, HIGH_HZ = 80.0, 7800.0
LOW_BANDS = 8  # which end at 3.4 kHz: every recording from 8 kHz on has them
EMPTY = 1e-12  # power: -120 dB of full scale
CHUNK_SAMPLES = 1 << 18

OUT_OF_BAND = 1e-6  # of a recording's power lies above its bandwidth: -60 dB
QUIET_SHARE = 0.1
FLAT, LOUD = 0.98, 0.05  # of the peak, of full scale: samples above that equal their neighbour were clipped
FULL_SCALE = 0.999
SPEECH = 0.1  # of the loudest frame's amplitude: -20 dB

SLICES = 16
PRINT_RANGE = 1e-3  # of the strongest energy counts as none: 30 dB
PRINT_WIDTH = 2.0  # standard deviations of a recording's energy in time, on both sides of its mean

FIELDS = (
    "rate",  # of the file, Hz
    "seconds",
    "offset",  # mean of the samples, DC
    "peak",  # of full scale, offset included
    "rms_db",  # of full scale, offset left out; so are all levels below
    "clipped",  # share of samples
    "zeros",  # share of samples that are 0, like the one before
    "leading",  # s before the first frame within 20 dB of the loudest
    "trailing",  # s after the last one
    "bandwidth",  # Hz: what is above is 60 dB below the whole
    "floor_db",  # level of the quietest tenth of frames
    *(f"floor_db_{band}" for band in range(LOW_BANDS)),  # the same by band, up to 3.4 kHz
    *(f"spectrum_db_{band}" for band in range(BANDS)),  # of the louder half of frames, less its mean; or NaN
)
FACTS = len(FIELDS)
PRINT = SLICES * LOW_BANDS


class Sounds(NamedTuple):
    """facts: float32 (recordings, FACTS), see FIELDS. prints: float16 (recordings, PRINT)."""

    facts: np.ndarray
    prints: np.ndarray


def column(facts: np.ndarray, field: str) -> np.ndarray:
    """Facts (recordings, FACTS) and the name of one -> its values (recordings,)."""
    return facts[:, FIELDS.index(field)]


def floor_bands(facts: np.ndarray) -> np.ndarray:
    """Facts (recordings, FACTS) -> noise floor by band (recordings, LOW_BANDS), dB."""
    first = FIELDS.index("floor_db_0")
    return facts[:, first : first + LOW_BANDS]


def measure(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples (samples,) at `rate` Hz -> facts, float32 (FACTS,)."""
    return measure_all([samples], [rate]).facts[0]


def measure_all(waveforms: Sequence[np.ndarray], rates: Sequence[int]) -> Sounds:
    """Samples (samples,) of each recording, 16 ms or longer, and their rates in Hz -> facts and prints."""
    sounds = Sounds(
        np.empty((len(waveforms), FACTS), np.float32), np.empty((len(waveforms), PRINT), np.float16)
    )
    with _threads().limit(limits=1, user_api="blas"):  # more would wait for one another
        for rate in sorted(set(rates)):
            rows = np.flatnonzero(np.asarray(rates) == rate)
            for part in chunks([len(waveforms[row]) for row in rows], CHUNK_SAMPLES):
                some = [waveforms[row] for row in rows[part]]
                sounds.facts[rows[part]], sounds.prints[rows[part]] = _measure_block(some, rate)
    return sounds


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _measure_block(waveforms: Sequence[np.ndarray], rate: int) -> Sounds:
    """Recordings of one rate -> facts and prints."""
    frames = _Frames(waveforms, rate)
    facts = np.empty((len(waveforms), FACTS), np.float32)
    facts[:, 0] = rate
    facts[:, 1:7] = [_of_samples(waveform, rate) for waveform in waveforms]
    facts[:, 4] = _db(facts[:, 4])
    weights, silences = frames.speech()
    facts[:, 7:9] = silences * frames.seconds
    facts[:, 9] = frames.bandwidth()
    facts[:, 10:] = frames.spectra()
    return Sounds(facts, frames.prints(weights).astype(np.float16))


def _of_samples(samples: np.ndarray, rate: int) -> tuple[float, ...]:
    """Samples (samples,) -> seconds, offset, peak, power, share clipped, share of zeros."""
    length = len(samples)
    size = np.abs(samples)
    offset, peak = float(np.add.reduce(samples)) / length, float(np.maximum.reduce(size))
    power = float(np.dot(samples, samples)) / length - offset**2
    silent = samples == 0
    zeros = np.count_nonzero(silent[1:] & silent[:-1])
    return length / rate, offset, peak, power, _clipped(samples, size, peak) / length, zeros / length


def _clipped(samples: np.ndarray, size: np.ndarray, peak: float) -> int:
    """Samples, their absolute values and the greatest of these -> how many were cut off."""
    if peak < LOUD:
        return 0
    loud = np.flatnonzero(size >= FLAT * peak)
    flat = np.count_nonzero(samples[loud] == samples[np.maximum(loud - 1, 0)]) - (loud[0] == 0)
    return max(flat, np.count_nonzero(size[loud] >= FULL_SCALE)) if peak >= FULL_SCALE else flat


class _Frames:
    """Frames of all recordings of a block on end, Hann window; what is below 80 Hz is left out, offsets too.

    seconds: of a frame. counts, starts: (recordings,), of frames. owners: (frames,), whose each is.
    squares: (frames, 2 * bins), real and imaginary parts. bands: (frames, BANDS). total: (frames,).
    """

    def __init__(self, waveforms: Sequence[np.ndarray], rate: int) -> None:
        from scipy.fft import rfft

        frame = _frame_samples(rate)
        self.rate, self.seconds = rate, frame / rate
        self.counts = np.array([len(waveform) // frame for waveform in waveforms])
        self.starts = np.cumsum(self.counts) - self.counts
        self.owners = np.repeat(np.arange(len(self.counts)), self.counts)
        frames, window = np.empty((len(self.owners), frame), np.float32), _window(frame)
        for waveform, count, start in zip(waveforms, self.counts, self.starts, strict=True):
            whole = waveform[: count * frame].reshape(-1, frame)
            np.multiply(whole, window, out=frames[start : start + count])
        self.squares = rfft(frames, overwrite_x=True).view(np.float32)
        np.square(self.squares, out=self.squares)
        energies = self.squares @ _filters(rate)
        self.bands, self.total = energies[:, :BANDS], energies[:, BANDS]

    def speech(self) -> tuple[np.ndarray, np.ndarray]:
        """Weight of each frame (frames,), above 0 for speech, and the silent frames before and after it."""
        amplitude = np.sqrt(self.bands[:, :LOW_BANDS].sum(1))
        loudest = np.maximum.reduceat(amplitude, self.starts)
        weights = np.maximum(amplitude - SPEECH * loudest[self.owners], 0)
        loud = np.flatnonzero(amplitude >= SPEECH * loudest[self.owners])
        firsts = loud[np.searchsorted(loud, self.starts)] - self.starts
        lasts = loud[np.searchsorted(loud, self.starts + self.counts) - 1] - self.starts
        return weights, np.transpose([firsts, self.counts - 1 - lasts])

    def bandwidth(self) -> np.ndarray:
        """Hz (recordings,): above is a share of the power that does not count."""
        spectrum = np.add.reduceat(self.squares, self.starts).reshape(len(self.starts), -1, 2).sum(2)
        above = np.cumsum(spectrum[:, :1:-1], axis=1)[:, ::-1]  # from each bin on, bins 0 and 1 left out
        last = 1 + (above > OUT_OF_BAND * above[:, :1]).sum(1)
        return last / self.seconds

    def spectra(self) -> np.ndarray:
        """Noise floor, the same by band, and spectrum of the louder half, dB (recordings, 1 + 8 + 12)."""
        order = np.lexsort((self.total, self.owners))
        rank = (np.arange(len(order)) - self.starts[self.owners]) / self.counts[self.owners]
        values = np.column_stack([self.total, self.bands])[order]
        floor = self._mean(values, rank < QUIET_SHARE)[:, : 1 + LOW_BANDS]
        loud = _db(self._mean(values, rank >= 0.5)[:, 1:])
        loud[:, _missing(self.rate)] = np.nan
        loud -= loud[:, :LOW_BANDS].mean(1, keepdims=True)
        return np.concatenate([_db(floor), loud], axis=1)

    def _mean(self, values: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Values (frames, dims), ordered by recording -> means of those in the mask, (recordings, dims)."""
        owners = self.owners[mask]
        starts = np.searchsorted(owners, np.arange(len(self.counts)))
        return np.add.reduceat(values[mask], starts) / np.bincount(owners)[:, None]

    def prints(self, weights: np.ndarray) -> np.ndarray:
        """Weights of frames -> normalised log energies by slice of the speech and band, (recordings, PRINT).

        The slices lie about the energy's mean in time, by its deviation: no decision moves them by a frame.
        """
        edges = self._slice_edges(weights)  # (recordings, SLICES + 1)
        sums = np.zeros((len(self.bands) + 1, LOW_BANDS))
        np.cumsum(self.bands[:, :LOW_BANDS], axis=0, out=sums[1:])
        whole = np.minimum(edges.astype(np.int64), len(self.bands) - 1)
        part = (edges - whole)[..., None]
        energies = np.diff(sums[whole] * (1 - part) + sums[whole + 1] * part, axis=1)
        energies /= energies.max(axis=(1, 2), keepdims=True) + EMPTY
        prints = np.log(np.maximum(energies, 0) + PRINT_RANGE).reshape(len(edges), PRINT)
        prints -= prints.mean(1, keepdims=True)
        return prints / np.maximum(np.linalg.norm(prints, axis=1, keepdims=True), EMPTY)

    def _slice_edges(self, weights: np.ndarray) -> np.ndarray:
        """Weights of the frames -> where slices begin and end among all frames, within their recording."""
        places = np.arange(len(weights)) - self.starts[self.owners] + 0.5
        total = np.maximum(np.add.reduceat(weights, self.starts), EMPTY)
        mean = np.add.reduceat(weights * places, self.starts) / total
        variance = np.add.reduceat(weights * (places - mean[self.owners]) ** 2, self.starts) / total
        reach = PRINT_WIDTH * np.sqrt(variance + 1)  # a single loud frame has a width, too
        edges = mean[:, None] + reach[:, None] * np.linspace(-1, 1, SLICES + 1)
        return np.clip(edges, 0, self.counts[:, None]) + self.starts[:, None]


def _db(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, EMPTY))


def _frame_samples(rate: int) -> int:
    """16 ms at `rate`, or a little more, so that the Fourier transform is fast."""
    from scipy.fft import next_fast_len

    return next_fast_len(max(16, round(rate * FRAME_SECONDS)), real=True)


@lru_cache(maxsize=16)
def _window(frame: int) -> np.ndarray:
    """Hann window (frame,) that keeps the power: a frame's spectrum adds up to its mean square."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(frame) + 0.5) / frame)
    return (window * np.sqrt(2 / (frame * np.square(window).sum()))).astype(np.float32)


@lru_cache(maxsize=16)
def _filters(rate: int) -> np.ndarray:
    """Triangles on the mel scale and a filter of everything from 80 Hz on -> (2 * bins, BANDS + 1), float32.

    Real and imaginary parts alternate: hence every filter stands twice. Bands above half the rate are empty.
    """
    hz = bin_frequencies(rate, _frame_samples(rate))
    bands = triangles(hz_to_mel(hz), mel_points(BANDS + 2, LOW_HZ, HIGH_HZ))
    everything = (hz >= LOW_HZ).astype(np.float32)
    return np.repeat(np.column_stack([bands, everything]), 2, axis=0)


def _missing(rate: int) -> np.ndarray:
    """Whether a band (BANDS,) ends above half the rate."""
    return mel_to_hz(mel_points(BANDS + 2, LOW_HZ, HIGH_HZ)[2:]) > rate / 2
