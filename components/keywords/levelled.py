"""Frames as the networks of speech recognition learn from them, from a stream as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from scipy.signal import lfilter

from components.keywords.frames import LEARNED_STREAMS, StreamEnergies, StreamFrames
from components.keywords.stream import Stream
from components.neural.model.front_ends import BELOW_POWER, FLOOR, FLOOR_UNITS, UNIT, MelFrontEnd
from components.ranges import above, at_least, check_ranges


class NetworkEnergies(StreamEnergies):
    """Streams -> log-mel energies by the filterbank of networks, computed once for all trials of a study."""

    def of_samples(self, samples: np.ndarray, rate: int) -> np.ndarray:
        """Samples (samples,) and their rate in Hz -> float32 (frames, bands) of frames wholly in them."""
        bank = _filterbank(rate, self.bands)
        windows = torch.from_numpy(np.asarray(samples, np.float32)).unfold(0, bank.window, bank.hop)
        spectrum = torch.view_as_real(torch.fft.rfft(windows * bank.taper, bank.fft))
        return (spectrum.square().sum(-1) @ bank.mel + FLOOR).log().numpy()


class LevelledFrames(StreamFrames):
    """Sound -> float32 log-mel frames (frames, bands) every 10 ms, levelled as for networks of speech.

    The level is the mean power of the last seconds, where a recogniser of clips takes that of the clip.

    Parameters
    ----------
    bands : of log-mel energies.
    memory_seconds : in which what was heard counts for less by a factor of e.

    Attributes
    ----------
    rate_ : Hz. mean_ : float64 (1,), the mean power with which a stream begins.
    """

    coefficients = 0

    def __init__(self, bands: int = 40, memory_seconds: float = 8.0) -> None:
        self.bands = bands
        self.memory_seconds = memory_seconds

    def check_settings(self) -> None:
        """Raises ValueError for counts or a memory out of range."""
        check_ranges(self, bands=at_least(4), memory_seconds=above(0.1))

    def learn(self, streams: Sequence[Stream]) -> LevelledFrames:
        """Learns rate and mean power of some streams."""
        self.rate_ = streams[0].rate
        raw = np.concatenate(self._energies.of(streams[:LEARNED_STREAMS]))
        self.mean_ = np.exp(raw.astype(np.float64)).mean(keepdims=True)[0]
        return self

    def normalised(self, raw: np.ndarray, memory: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As of StreamFrames."""
        power = np.exp(raw).mean(axis=1, keepdims=True)
        mean, memory = lfilter([self.share], [1, self.share - 1], power, axis=0, zi=memory)
        levelled = (raw - np.log(mean) + BELOW_POWER) / UNIT
        return np.maximum(levelled, FLOOR_UNITS).astype(np.float32), memory

    @property
    def _energies(self) -> NetworkEnergies:
        return NetworkEnergies(self.bands)


@lru_cache(maxsize=4)
def _filterbank(rate: int, bands: int) -> MelFrontEnd:
    return MelFrontEnd(rate, bands)
