"""A stream of samples that never ends -> utterances, cut where the speaker pauses."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from components.contract import Clip

HOP_MS = 10
SMOOTHED = 3  # hops: the mean power over 30 ms
QUIETEST_DB = -70.0  # of full scale: what is below counts as silence in any room
LOUDER_DB = 8.0  # than the room: speech
ROOM = 500  # hops; the quietest of them is the room
LEAST = 8  # hops of speech: a click is no utterance
MARGIN = 5  # hops on both sides, for soft consonants
KEPT = 100  # hops of a silence: what began the stream may turn out to be speech
LONGEST = 1500  # hops; then it is cut at the quietest place of its second half


@dataclass(frozen=True)
class Utterance:
    """A stretch of a stream. begin: seconds from the stream's first sample."""

    begin: float
    clip: Clip


def cut_utterances(chunks: Iterable[np.ndarray], rate: int, pause: float = 0.4) -> Iterator[Utterance]:
    """Chunks (samples,) of any sizes -> utterances, each as soon as nothing was said for `pause` seconds.

    Speech is what is 8 dB above the quietest 30 ms of the last five seconds. Who speaks for 15 s without a
    pause is cut at the quietest place. A room that gets louder is taken for speech until those are over.
    """
    cutter = _Cutter(rate, max(MARGIN, round(pause * 1000 / HOP_MS)))
    for hop in _hops(chunks, rate * HOP_MS // 1000):
        yield from cutter.hear(hop)
    yield from cutter.end()


class _Cutter:
    """What was heard since the last utterance. pause: hops."""

    def __init__(self, rate: int, pause: int) -> None:
        self.rate, self.pause = rate, pause
        self.hops: list[np.ndarray] = []
        self.levels: list[float] = []  # dB, of each of the hops
        self.gone = 0  # hops before them
        self.powers: deque[float] = deque(maxlen=SMOOTHED)
        self.room: deque[float] = deque(maxlen=ROOM)

    def hear(self, hop: np.ndarray) -> Iterator[Utterance]:
        """Ten milliseconds more -> the utterance that is over now, if any."""
        self.powers.append(float(np.square(hop, dtype=np.float64).mean()))
        self.levels.append(10 * np.log10(np.mean(self.powers) + 1e-12))
        self.room.append(self.levels[-1])
        self.hops.append(hop)
        loud = self._loud()
        if not len(loud):
            self._forget(len(self.hops) - KEPT)
        elif len(self.hops) - 1 - loud[-1] >= self.pause:
            yield from self._cut(loud, loud[-1] + 1 + MARGIN)
        elif len(self.hops) - loud[0] >= LONGEST:
            half = len(self.hops) - LONGEST // 2
            yield from self._cut(loud, half + int(np.argmin(self.levels[half:])))

    def end(self) -> Iterator[Utterance]:
        """The utterance that was on when the stream ended, if any."""
        yield from self._cut(self._loud(), len(self.hops))

    def _loud(self) -> np.ndarray:
        """Which hops are speech, by what is known of the room by now."""
        if not self.levels:
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.array(self.levels) > max(min(self.room), QUIETEST_DB) + LOUDER_DB)

    def _cut(self, loud: np.ndarray, end: int) -> Iterator[Utterance]:
        """The utterance that ends before a hop; what comes after is kept."""
        loud = loud[loud < end]
        if len(loud) >= LEAST:
            first = max(0, int(loud[0]) - MARGIN)
            samples = np.concatenate(self.hops[first : min(end, loud[-1] + 1 + MARGIN)])
            begin = (self.gone + first) * HOP_MS / 1000
            yield Utterance(begin, Clip(f"utterance at {begin:.2f} s", "", samples, self.rate))
        self._forget(end)

    def _forget(self, hops: int) -> None:
        hops = max(0, hops)
        del self.hops[:hops], self.levels[:hops]
        self.gone += hops


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
