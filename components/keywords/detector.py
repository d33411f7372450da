"""What every detector promises the spotter: a score every few frames, from frames as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

Span = tuple[int, int]  # first frame of the keyword, and the frame after its last


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
    ) -> Detector:
        """Streams with the keyword, where it is in each, streams without it -> itself, trained."""
        ...

    def listen(self) -> Session:
        """A session that has heard nothing yet."""
        ...


def count_scores(detector: Detector, frames: int) -> int:
    """How many scores so many frames complete."""
    return max(0, (frames - detector.lookahead) // detector.step)
