"""What a corpus says about one recording before it is heard, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np


class Source(Protocol):
    """Where samples come from: a file, a synthesiser, other recordings. Small, and picklable for workers."""

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate in Hz; ValueError says why there are none."""
        ...

    def key(self) -> str:
        """Everything that can change what `read` gives."""
        ...


@dataclass(frozen=True)
class Entry:
    """One recording as its corpus lists it: who says what, in which part, and where the samples are.

    part: "train", "dev", "test", or "" where the corpus declares no split.
    phonemes: phones between spaces, where the corpus knows them.
    """

    name: str
    speaker: str
    text: str
    part: str
    source: Source
    tags: Mapping[str, str] = field(default_factory=dict)
    phonemes: str | None = None


@dataclass(frozen=True)
class Listing:
    """A corpus before its recordings are read.

    notice: one sentence for every report, with licence and credit. language: an eSpeak NG code.
    rate: its own rate in Hz, None to take the commonest among its files.
    """

    title: str
    notice: str
    language: str
    rate: int | None
    entries: Sequence[Entry]
    synthetic: bool = False
