"""Sound -> frames as it comes: log-mel energies or cepstra that depend on nothing that comes later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import lfilter
from sklearn.base import BaseEstimator

from components.keywords.stream import Stream
from components.ranges import above, at_least, between, check_ranges
from components.speech.features.mfcc import cepstral_matrix
from components.speech.features.spectra import frame_samples, log_mel
from components.speech.features.store import kept

FRAME_MS, HOP_MS = 25, 10
LOW_HZ, LIFTER = 60.0, 22.0
SLOPE_FRAMES = 6  # between the two frames that a slope is the difference of
LEARNED_STREAMS = 60  # that mean and deviation are taken of


class StreamEnergies(BaseEstimator):
    """Streams -> log-mel energies every 10 ms, computed once for all trials of a study.

    Parameters
    ----------
    bands : of the mel scale, from 60 Hz up.
    """

    def __init__(self, bands: int = 40) -> None:
        self.bands = bands

    def of(self, streams: Sequence[Stream]) -> list[np.ndarray]:
        """Streams -> float32 (frames, bands) of each."""
        return kept(self, streams, lambda some: [self.of_samples(one.samples, one.rate) for one in some])

    def of_samples(self, samples: np.ndarray, rate: int) -> np.ndarray:
        """Samples (samples,) and their rate in Hz -> float32 (frames, bands) of frames wholly in them."""
        frame, hop = frame_samples(rate, FRAME_MS), frame_samples(rate, HOP_MS)
        return log_mel([samples], rate, frame, hop, self.bands, LOW_HZ, rate / 2)[0]


class StreamFrames(BaseEstimator):
    """Sound -> float32 frames (frames, dims) every 10 ms, about 0 and of deviation 1.

    From each frame the mean of the last seconds is taken away, which follows a channel and a noise, however
    long the stream; cepstra have their slopes beside them.

    Parameters
    ----------
    bands : of log-mel energies.
    coefficients : cepstra made of them; 0: the energies themselves.
    memory_seconds : in which what was heard counts for less by a factor of e.

    Attributes
    ----------
    rate_ : Hz.
    mean_, scale_ : float64 (dims,), a stream begins with this mean; one over the deviation.
    """

    def __init__(self, bands: int = 40, coefficients: int = 0, memory_seconds: float = 8.0) -> None:
        self.bands = bands
        self.coefficients = coefficients
        self.memory_seconds = memory_seconds

    def check_settings(self) -> None:
        """Raises ValueError for counts or a memory out of range."""
        check_ranges(self, bands=at_least(4), coefficients=between(0, self.bands), memory_seconds=above(0.1))

    def learn(self, streams: Sequence[Stream]) -> StreamFrames:
        """Learns rate, mean and deviation of some streams."""
        self.rate_ = streams[0].rate
        raw = np.concatenate(self._raw(self._energies.of(streams[:LEARNED_STREAMS])))
        self.mean_ = raw.mean(axis=0, dtype=np.float64)
        self.scale_ = 1 / np.maximum(raw.std(axis=0, dtype=np.float64), 1e-3)
        return self

    def raw(self, samples: np.ndarray) -> np.ndarray:
        """Samples (samples,) -> energies or cepstra of the frames that lie wholly in them."""
        return self._raw([self._energies.of_samples(samples, self.rate_)])[0]

    def of(self, streams: Sequence[Stream]) -> list[np.ndarray]:
        """Whole streams -> the frames of each."""
        return [FrameStream(self).follow(raw) for raw in self._raw(self._energies.of(streams))]

    def normalised(self, raw: np.ndarray, memory: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The next energies or cepstra, float64 (frames, dims), and what is remembered of those before.

        -> frames without the mean of the last seconds, float32, and what to remember.
        """
        mean, memory = lfilter([self.share], [1, self.share - 1], raw, axis=0, zi=memory)
        return ((raw - mean) * self.scale_).astype(np.float32), memory

    @property
    def dims(self) -> int:
        """Of a frame."""
        return 2 * self.coefficients or self.bands

    @property
    def share(self) -> float:
        """Of a frame in the mean of the last seconds."""
        return min(1.0, HOP_MS / 1000 / self.memory_seconds)

    @property
    def _energies(self) -> StreamEnergies:
        return StreamEnergies(self.bands)

    def _raw(self, energies: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        if not self.coefficients:
            return energies
        return [own @ cepstral_matrix(self.bands, self.coefficients, LIFTER) for own in energies]


class FrameStream:
    """Frames of one stream, from pieces of any length."""

    def __init__(self, frames: StreamFrames) -> None:
        self.frames = frames
        self.frame, self.hop = (frame_samples(frames.rate_, ms) for ms in (FRAME_MS, HOP_MS))
        self.pending = np.zeros(0, np.float32)
        self.memory = (1 - frames.share) * frames.mean_[None, :]
        self.before = np.zeros((SLOPE_FRAMES, frames.coefficients or frames.bands), np.float32)

    def push(self, samples: np.ndarray) -> np.ndarray:
        """The next samples (samples,) -> the frames that they complete, float32 (frames, dims)."""
        self.pending = np.concatenate([self.pending, samples.astype(np.float32)])
        count = 1 + (len(self.pending) - self.frame) // self.hop if len(self.pending) >= self.frame else 0
        if not count:
            return np.zeros((0, self.frames.dims), np.float32)
        raw = self.frames.raw(self.pending[: (count - 1) * self.hop + self.frame])
        self.pending = self.pending[count * self.hop :]
        return self.follow(raw)

    def follow(self, raw: np.ndarray) -> np.ndarray:
        """The next energies or cepstra (frames, bands) -> frames, float32 (frames, dims)."""
        frames, self.memory = self.frames.normalised(raw.astype(np.float64), self.memory)
        return self._with_slopes(frames)

    def _with_slopes(self, frames: np.ndarray) -> np.ndarray:
        if not self.frames.coefficients:
            return frames
        longer = np.concatenate([self.before, frames])
        self.before = longer[-SLOPE_FRAMES:]
        return np.hstack([frames, frames - longer[:-SLOPE_FRAMES]])
