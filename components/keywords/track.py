"""The score of a stream over time, when it says that the keyword was heard, and how often it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from components.keywords.stream import Said

REFRACTORY = 1.0  # seconds after a hearing in which there is no other
LATE = 1.0  # seconds after the keyword's end until which it can be heard


@dataclass(frozen=True, eq=False)
class Track:
    """Scores of a stream, float32 (scores,): score i can be known `first + i * step` seconds into it."""

    scores: np.ndarray
    first: float
    step: float

    def seconds(self, place: int) -> float:
        """When a score can be known."""
        return self.first + place * self.step

    def minus(self, threshold: float) -> Track:
        """The same above a threshold."""
        return Track(self.scores - np.float32(threshold), self.first, self.step)

    def within(self, said: Said) -> np.ndarray:
        """The places of scores that count for a keyword: from its begin until LATE seconds after its end."""
        times = self.first + np.arange(len(self.scores)) * self.step
        return np.flatnonzero((times >= said.begin) & (times <= said.end + LATE))


def hearings(scores: np.ndarray, threshold: float, step: float) -> Iterator[int]:
    """Scores -> places at which the keyword is heard: at or above the threshold, REFRACTORY apart."""
    apart = max(1, round(REFRACTORY / step))
    above, free = np.flatnonzero(scores >= threshold), 0
    while free < len(above):
        place = int(above[free])
        yield place
        free = int(np.searchsorted(above, place + apart))


def alarms(tracks: Sequence[Track], threshold: float) -> int:
    """Tracks without the keyword -> how often it is heard all the same."""
    return sum(1 for track in tracks for _ in hearings(track.scores, threshold, track.step))


def threshold_for(tracks: Sequence[Track], allowed: int) -> float:
    """Tracks without the keyword -> the lowest threshold at which there are no more than so many alarms.

    It lies just above the score that would be one alarm more.
    """
    if not (peaks := _peaks(tracks)).size:
        raise ValueError(
            "a threshold expected streams without the keyword that are long enough to be scored, got none; "
            "give more --background."
        )
    threshold = np.nextafter(peaks[0], np.float32(np.inf))
    for peak in peaks:
        above = np.nextafter(peak, np.float32(np.inf))
        if alarms(tracks, above) > allowed:
            break
        threshold = above
    return float(threshold)


def _peaks(tracks: Sequence[Track]) -> np.ndarray:
    """The greatest score of each REFRACTORY seconds, highest first, each value once."""
    greatest = [
        part.max()
        for track in tracks
        for part in np.split(track.scores, range(_block(track), len(track.scores), _block(track)))
        if len(part)
    ]
    return np.unique(np.array(greatest, np.float32))[::-1]


def _block(track: Track) -> int:
    return max(1, round(REFRACTORY / track.step))
