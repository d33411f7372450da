"""An object of JSON for each audio file, beside it and of its name, as WebDataset's archives have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.speech.corpus.readers.columns import COLUMNS, plain_name
from components.speech.corpus.readers.files import (
    first_files,
    folders_of,
    is_audio,
    named_parts,
    parts_read,
    read_text,
    reading,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.rows import rows_to_listing

LAYOUT = "a .json for each audio file, beside it and of its name, with a text in it"
ENDING = ".json"


def matches(path: Path) -> bool:
    """Whether at least half of the first audio files have a .json with a text beside them."""
    audio = [file for file in first_files(path) if is_audio(file)]
    beside = [file.with_suffix(ENDING) for file in audio if file.with_suffix(ENDING).is_file()]
    return len(beside) > 1 and 2 * len(beside) >= len(audio) and _has_text(beside[0])


def read(path: Path) -> Listing:
    """A folder -> its audio files, each with what the object beside it says; ValueError for what is none."""
    audio = sorted(file for file in walk(path) if is_audio(file))
    parts = named_parts([folders_of(file, path) for file in audio])
    rows = [{**_object(file), "path": file.relative_to(path).as_posix()} for file in audio]
    listing = rows_to_listing(rows, path / f"*{ENDING}")
    recordings = [
        _placed(one, file, part) for one, file, part in zip(listing.recordings, audio, parts, strict=True)
    ]
    facts = reading(layout=LAYOUT, part=parts_read(parts))
    return Listing(recordings, {**listing.reading, **facts}, listing.checks)


def _placed(recording: Listed, file: Path, part: str) -> Listed:
    return replace(recording, where=str(file.with_suffix(ENDING)), part=recording.part or part)


def _has_text(file: Path) -> bool:
    try:
        value = json.loads(read_text(file))
    except ValueError:
        return False
    return isinstance(value, Mapping) and any(plain_name(name) in COLUMNS["text"] for name in value)


def _object(audio: Path) -> dict[str, Any]:
    """An audio file -> the object beside it, without a path of its own; nothing where there is none."""
    file = audio.with_suffix(ENDING)
    if not file.is_file():
        return {}
    try:
        value = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{file}, line {error.lineno}: expected a JSON object ({error.msg}); mend it."
        ) from None
    if not isinstance(value, dict):
        raise ValueError(f"{file}: expected a JSON object, got {str(value)[:40]!r}; mend it.")
    return {name: own for name, own in value.items() if plain_name(name) not in COLUMNS["path"]}
