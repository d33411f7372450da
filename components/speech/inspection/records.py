"""Records of an inspection: maps over time, phones, words and the n-best list of one clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from components.contract import Clip
from components.speech.decoding.confidence import ConfidenceCalibrator, Votes

Segment = tuple[str, float, float]  # label, start and end in seconds


@dataclass(frozen=True)
class Word:
    """A word, its start and end in seconds, and its confidence, 0 to 1."""

    text: str
    begin: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Band:
    """Rows of a map that belong together: their label, the first and the last + 1."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Map:
    """Values over time, with labelled rows.

    Attributes
    ----------
    title : of the picture.
    values : (frames, rows).
    hop : seconds from one frame to the next.
    bands : labels of rows.
    path : int (frames,), the row of the best path in each frame; empty without a path.
    """

    title: str
    values: np.ndarray
    hop: float
    bands: Sequence[Band] = ()
    path: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a recogniser made of one clip.

    Attributes
    ----------
    clip : as the features were computed from.
    transcript : the hypothesis.
    features : the first frames of the front end.
    posteriors : of states or tokens; None if the recogniser has neither.
    phones : segments.
    words : with times and confidences.
    best : n-best list of (transcript, natural log score), the likeliest first.
    answers : task -> answer, of a recogniser that learns tasks besides the words.
    """

    clip: Clip
    transcript: str
    features: Map
    posteriors: Map | None = None
    phones: Sequence[Segment] = ()
    words: Sequence[Word] = ()
    best: Sequence[tuple[str, float]] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answers_in_words(self) -> list[str]:
        """One text an answer: "gender: female", "age: 31.4"."""
        return [f"{name}: {in_words(answer)}" for name, answer in self.answers.items()]


def in_words(answer: Any) -> str:
    """An answer to a task as people read it: numbers to four figures."""
    return f"{answer:.4g}" if isinstance(answer, float) else str(answer)


def words_with_confidence(
    words: Sequence[Segment], votes: Votes, calibrator: ConfidenceCalibrator
) -> list[Word]:
    """Words with times, the votes on them and a calibrator -> words with confidences."""
    return [
        Word(*word, confidence) for word, confidence in zip(words, calibrator.confidences(votes), strict=True)
    ]
