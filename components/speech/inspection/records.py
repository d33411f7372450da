"""What is seen inside a recogniser that hears one clip: maps over time, phones, words, other answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from components.contract import Clip

Segment = tuple[str, float, float]  # what, from and to, seconds


@dataclass(frozen=True)
class Word:
    """A word, from and to in seconds, and how sure it is, 0 to 1."""

    text: str
    begin: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Band:
    """Rows of a map that belong together: what they are, the first and the last + 1."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Map:
    """Numbers over time: values (frames, rows), a frame every hop seconds; the bands that name the rows.

    path: int (frames,), the row that was taken in each frame, -1 for none.
    """

    title: str
    values: np.ndarray
    hop: float
    bands: Sequence[Band] = ()
    path: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))


@dataclass(frozen=True, eq=False)
class Inspection:
    """One clip as a recogniser hears it. best: (transcript, natural log score), the likeliest first.

    posteriors: probabilities of states or characters; None if the recogniser has neither.
    """

    clip: Clip
    transcript: str
    features: Map
    posteriors: Map | None = None
    phones: Sequence[Segment] = ()
    words: Sequence[Word] = ()
    best: Sequence[tuple[str, float]] = ()
