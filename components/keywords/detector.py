"""What every detector promises the spotter: a score every few frames, from frames as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

Span = tuple[int, int]  # first frame of the keyword, and the frame after its last


class Groups(NamedTuple):
    """What stays together when some is held out: a recording's copies, streams of a speaker; by any name."""

    keywords: Sequence[str]
    background: Sequence[str]


class Session(Protocol):
    """A detector that listens to streams, all at the same time."""

    def push(self, frames: np.ndarray) -> np.ndarray:
        """The next frames (frames, streams, dims) -> the scores that they complete (scores, streams)."""
        ...


class Detector(Protocol):
    """Frames (frames, dims) -> how much the last of them sound like the end of the keyword.

    step: frames from one score to the next. lookahead: frames after those that a score is of, which it needs.
    The first score is complete after `step + lookahead` frames. Scores depend on no other stream beside it.
    """

    step: int
    lookahead: int

    def train(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        seed: int,
        groups: Groups | None = None,
    ) -> Detector:
        """Streams with the keyword, where it is in each, streams without it -> itself, trained.

        groups: of both kinds of streams; None: each is one.
        """
        ...

    def listen(self) -> Session:
        """A session that has heard nothing yet."""
        ...


def count_scores(detector: Detector, frames: int) -> int:
    """How many scores so many frames complete."""
    return max(0, (frames - detector.lookahead) // detector.step)


def scores_of(detector: Detector, frames: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Frames of streams, side by side -> scores of each, in order.

    Behind a shorter one there are zeros, which it never hears.
    """
    padded = np.zeros((max(map(len, frames)), len(frames), frames[0].shape[1]), np.float32)
    for place, own in enumerate(frames):
        padded[: len(own), place] = own
    scores = detector.listen().push(padded)
    return (scores[: count_scores(detector, len(own)), place].copy() for place, own in enumerate(frames))
