"""A stream of samples -> utterances, cut where the speaker pauses (endpointing by energy)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from components.contract import Clip

HOP_MS = 10
SMOOTHED_HOPS = 3  # the mean power over 30 ms, less that of their mean: a constant offset is no sound
SILENCE_DB = -70.0  # of full scale: what is below counts as silence in any noise
SPEECH_DB = 8.0  # above the noise floor
NOISE_HOPS = 500  # the quietest of them is the noise floor
MIN_SPEECH_HOPS = 8  # a click is no utterance
MARGIN_HOPS = 5  # on both sides, for soft consonants
LOOKBACK_HOPS = 100  # of a silence: what began the stream may turn out to be speech
MAX_HOPS = 1500  # of an utterance; then it is cut at the quietest place of its second half


@dataclass(frozen=True)
class Utterance:
    """A stretch of a stream. begin: seconds from the stream's first sample."""

    begin: float
    clip: Clip


def cut_utterances(chunks: Iterable[np.ndarray], rate: int, pause: float = 0.4) -> Iterator[Utterance]:
    """Chunks (samples,) of any sizes -> utterances, each as soon as there was no speech for `pause` seconds.

    Speech is what is 8 dB above the noise floor, the quietest 30 ms of the last five seconds. Speech of 15 s
    without a pause is cut at its quietest place. Noise that gets louder counts as speech for five seconds.
    """
    endpointer = _Endpointer(rate, max(MARGIN_HOPS, round(pause * 1000 / HOP_MS)))
    for hop in _hops(chunks, rate * HOP_MS // 1000):
        yield from endpointer.accept(hop)
    yield from endpointer.flush()


class _Endpointer:
    """The samples since the last utterance. pause_hops: of silence that end an utterance."""

    def __init__(self, rate: int, pause_hops: int) -> None:
        self.rate, self.pause_hops = rate, pause_hops
        self.hops: list[np.ndarray] = []
        self.levels: list[float] = []  # dB, of each of the hops
        self.discarded = 0  # hops before them
        self.powers: deque[float] = deque(maxlen=SMOOTHED_HOPS)
        self.means: deque[float] = deque(maxlen=SMOOTHED_HOPS)
        self.recent_levels: deque[float] = deque(maxlen=NOISE_HOPS)

    def accept(self, hop: np.ndarray) -> Iterator[Utterance]:
        """The next 10 ms -> the utterance that ends now, if any."""
        self.powers.append(float(np.square(hop, dtype=np.float64).mean()))
        self.means.append(float(hop.mean(dtype=np.float64)))
        power = max(0.0, np.mean(self.powers) - np.mean(self.means) ** 2)
        self.levels.append(10 * np.log10(power + 1e-12))
        self.recent_levels.append(self.levels[-1])
        self.hops.append(hop)
        speech = self._speech_hops()
        if not len(speech):
            self._discard(len(self.hops) - LOOKBACK_HOPS)
        elif len(self.hops) - 1 - speech[-1] >= self.pause_hops:
            yield from self._cut(speech, speech[-1] + 1 + MARGIN_HOPS)
        elif len(self.hops) - speech[0] >= MAX_HOPS:
            half = len(self.hops) - MAX_HOPS // 2
            yield from self._cut(speech, half + int(np.argmin(self.levels[half:])))

    def flush(self) -> Iterator[Utterance]:
        """The end of the stream -> the utterance that was going on, if any."""
        yield from self._cut(self._speech_hops(), len(self.hops))

    def _speech_hops(self) -> np.ndarray:
        """Positions of the hops that are speech, by the noise floor up to now."""
        if not self.levels:
            return np.zeros(0, np.int64)
        threshold = max(min(self.recent_levels), SILENCE_DB) + SPEECH_DB
        return np.flatnonzero(np.array(self.levels) > threshold)

    def _cut(self, speech: np.ndarray, end: int) -> Iterator[Utterance]:
        """The utterance that ends before a hop; the hops from there on stay."""
        speech = speech[speech < end]
        if len(speech) >= MIN_SPEECH_HOPS:
            first = max(0, int(speech[0]) - MARGIN_HOPS)
            samples = np.concatenate(self.hops[first : min(end, speech[-1] + 1 + MARGIN_HOPS)])
            begin = (self.discarded + first) * HOP_MS / 1000
            yield Utterance(begin, Clip(f"utterance at {begin:.2f} s", "", samples, self.rate))
        self._discard(end)

    def _discard(self, hops: int) -> None:
        hops = max(0, hops)
        del self.hops[:hops], self.levels[:hops]
        self.discarded += hops


def _hops(chunks: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """Chunks of any sizes -> pieces of one size, the last perhaps shorter."""
    rest = np.zeros(0, np.float32)
    for chunk in chunks:
        rest = np.concatenate([rest, chunk])
        whole = len(rest) // size * size
        yield from rest[:whole].reshape(-1, size)
        rest = rest[whole:]
    if len(rest):
        yield rest
