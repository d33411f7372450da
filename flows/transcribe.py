"""A logged recogniser on a user's own files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path

from components.contract import Clip
from components.corpus.audio_file import AudioFile, resample
from components.corpus.check import why_unusable
from components.tracking import Store, load_recogniser


def transcripts(run: str, paths: Sequence[Path], tracking: str = "") -> Iterator[tuple[Path, str, str]]:
    """Run id and sound files -> (file, transcript, "") each, or (file, "", why it cannot be used)."""
    recogniser, rate = load_recogniser(Store(tracking), run)
    for path in paths:
        try:
            yield path, recogniser.predict([read_clip(path, rate)])[0], ""
        except (ValueError, OSError, RuntimeError) as error:
            yield path, "", str(error)


def read_clip(path: Path, rate: int) -> Clip:
    """Sound file -> clip at `rate` Hz. Raises ValueError with the reason why it cannot be used."""
    samples, source_rate = AudioFile(str(path)).read(inf)
    if reason := why_unusable(samples, source_rate, inf):
        raise ValueError(reason)
    return Clip(str(path), "", resample(samples, source_rate, rate), rate)
