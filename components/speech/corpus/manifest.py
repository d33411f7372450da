"""A corpus before its recordings are read: its entries, and where the samples of each are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from components.study.checks import CheckResult


class AudioSource(Protocol):
    """Where samples come from: a file, a synthesiser, other recordings. Small, and picklable for workers."""

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz; ValueError says why there are none."""
        ...

    def key(self) -> str:
        """Everything that can change what `read` gives."""
        ...

    def rate(self) -> int | None:
        """Rate in Hz, by the header alone; None if it cannot be told."""
        ...


@dataclass(frozen=True)
class UnreadableSource:
    """A recording that its manifest describes in a way that cannot be followed, and why."""

    reason: str

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """Raises ValueError with the reason."""
        raise ValueError(self.reason)

    def key(self) -> str:
        """The reason."""
        return self.reason

    def rate(self) -> None:
        """It has none."""


@dataclass(frozen=True)
class Entry:
    """One recording as its corpus lists it.

    Attributes
    ----------
    name
        Unique in the corpus.
    speaker
        "" if unknown.
    text
        The transcript, normalised.
    part
        "train", "dev", "test", or "" where the corpus declares no split.
    source
        Where the samples are.
    tags
        Further facts, as in Clip.
    phonemes
        Phones between spaces, where the corpus gives them.
    labels
        What is known of it besides, by name: perhaps a task, never in a clip.
    """

    name: str
    speaker: str
    text: str
    part: str
    source: AudioSource
    tags: Mapping[str, str] = field(default_factory=dict)
    phonemes: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """The entries of a corpus and what is true of all of them.

    Attributes
    ----------
    title
        Name of the corpus in reports.
    notice
        One sentence for every report, with licence and credit.
    language
        An eSpeak NG code.
    rate
        The corpus's own rate in Hz; None: the commonest among its files.
    entries
        One a recording.
    synthetic
        Whether a synthesiser speaks.
    published
        Whether others have fixed which recordings are in it: then copies stay, and are only told of.
    unit
        What errors are counted in: words, or characters where a script has no spaces.
    reading
        What was read as what, for the look at the data.
    checks
        What is worth knowing of the way it was read.
    """

    title: str
    notice: str
    language: str
    rate: int | None
    entries: Sequence[Entry]
    synthetic: bool = False
    published: bool = True
    unit: str = "word"
    reading: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[CheckResult] = ()
