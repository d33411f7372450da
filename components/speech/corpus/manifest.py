"""A corpus before its recordings are read: its entries, and where the samples of each are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np


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
    """

    name: str
    speaker: str
    text: str
    part: str
    source: AudioSource
    tags: Mapping[str, str] = field(default_factory=dict)
    phonemes: str | None = None


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
    """

    title: str
    notice: str
    language: str
    rate: int | None
    entries: Sequence[Entry]
    synthetic: bool = False
