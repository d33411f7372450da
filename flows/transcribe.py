"""A logged recogniser on a user's own files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from components.contract import Clip
from components.corpus.audio_file import read_audio
from components.tracking import Store, load_recogniser


def transcripts(run: str, paths: Sequence[Path], tracking: str = "") -> Iterator[tuple[Path, str, str]]:
    """Run id and sound files -> (file, transcript, "") each, or (file, "", why it cannot be used)."""
    recogniser, rate = load_recogniser(Store(tracking), run)
    for path in paths:
        try:
            clip = Clip(str(path), "", read_audio(path, rate), rate)
            yield path, recogniser.predict([clip])[0], ""
        except (ValueError, OSError, RuntimeError) as error:
            yield path, "", str(error)
