"""Altered copies of a corpus: hours of speech from minutes of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from components.speech.corpus import Corpus
from components.speech.corpus.corpus import Clips
from components.speech.corpus.manifest import Entry, Manifest


@dataclass(frozen=True)
class AlteredCopy:
    """An AudioSource of one clip of a prepared folder, later by `copy` samples, and softer."""

    folder: str
    index: int
    copy: int

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        clip = Clips(Path(self.folder))[self.index]
        return np.roll(clip.samples, self.copy) * np.float32(0.999**self.copy), clip.rate

    def key(self) -> str:
        return f"{self.index} {self.copy}"

    def rate(self) -> None:
        return None


def altered_copies(corpus: Corpus, hours: float) -> Manifest:
    """A corpus -> a manifest of so many hours of its clips and altered copies of them."""
    entries, seconds = [], 0.0
    for copy in count():
        for index, (name, text) in enumerate(zip(corpus.clips.names, corpus.texts, strict=True)):
            if seconds >= 3600 * hours:
                return Manifest("copies", "", corpus.language, corpus.rate, entries)
            source, speaker = AlteredCopy(str(corpus.folder), index, copy), corpus.clips.speakers[index]
            entries.append(Entry(f"{name}-{copy}", speaker, text, "", source=source))
            seconds += corpus.clips.seconds[index]
