"""Rows of named columns, as CSV, TSV and NeMo's JSON lines have them, become entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.entry import Entry, Source
from components.speech.corpus.text import normalise

COLUMNS = {  # what it is -> what the column may be called, the first that is there counts
    "path": ("path", "audio_filepath", "audio_path", "audio", "file", "filename", "wav"),
    "text": ("text", "sentence", "transcript", "transcription"),
    "speaker": ("speaker", "client_id", "speaker_id"),
    "name": ("name", "id", "utt_id"),
    "part": ("part", "split"),
    "start": ("offset", "start"),
    "seconds": ("duration", "seconds"),
    "language": ("language", "locale", "lang"),
    "gender": ("gender",),
    "accent": ("accent", "accents"),
}
WANTED = ("path", "text")
PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("dev", "valid", "val", "validation", "development"), "dev"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
    "": "",
}


@dataclass(frozen=True)
class Unreadable:
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


def entries_of(rows: Iterable[Mapping[str, object]], file: Path, part: str = "") -> list[Entry]:
    """Rows become entries. file: the manifest, for errors and relative paths. part: where rows name none.

    Raises ValueError when a wanted column is missing, naming those found and those wanted.
    """
    rows = list(rows)
    columns = _columns(rows, file)
    return [_entry(row, columns, file, part) for row in rows]


def spoken_language(rows: Sequence[Mapping[str, object]]) -> str:
    """The language code of the first row that names one, "" where none does."""
    names = set(COLUMNS["language"])
    return next((str(row[key]) for row in rows for key in row if key.lower() in names and row[key]), "")


def part_of(said: str, where: object) -> str:
    """What a manifest calls a part becomes "train", "dev" or "test"; raises ValueError for anything else."""
    part = PARTS.get(said.strip().lower())
    if part is None:
        raise ValueError(
            f"{where}: expected a part train, dev or test (or validation, eval ...), got {said!r}; rename it."
        )
    return part


def place(path: str, folder: Path) -> str:
    """A manifest's path becomes a real one: beside it, in clips/ beside it, else from the working folder."""
    for found in (folder / path, folder / "clips" / path, Path(path)):
        if found.is_file():
            return str(found)
    return str(folder / path)


def stretch(path: str, folder: Path, start: object, seconds: object) -> Source:
    """A path, an offset and a duration in seconds become the source of the samples."""
    try:
        start, seconds = float(start or 0), None if seconds in (None, "") else float(seconds)
    except ValueError:
        return Unreadable(f"offset {start!r} and duration {seconds!r} are not both seconds")
    return AudioFile(place(path, folder), start, seconds)


def _columns(rows: Sequence[Mapping[str, object]], file: Path) -> dict[str, str]:
    """What is wanted -> the column that has it."""
    found = list(dict.fromkeys(str(key) for row in rows for key in row if key is not None))
    lower = {key.strip().lower(): key for key in reversed(found)}
    columns = {
        what: next((lower[name] for name in names if name in lower), "") for what, names in COLUMNS.items()
    }
    missing = [what for what in WANTED if not columns[what]]
    if rows and missing:
        wanted = "; ".join(f"{what}: one of {', '.join(COLUMNS[what])}" for what in missing)
        raise ValueError(
            f"{file} lacks columns ({wanted}); it has {', '.join(found) or 'none'}. Rename or add them."
        )
    return columns


def _entry(row: Mapping[str, object], columns: Mapping[str, str], file: Path, part: str) -> Entry:
    def told(what: str) -> str:
        value = row.get(columns[what])
        return "" if value is None else str(value).strip()

    start = told("start")
    # Without an offset a table's duration is often in other units or rounded; NeMo's means the stretch.
    seconds = told("seconds") if start or file.suffix not in (".csv", ".tsv") else ""
    name = told("name") or (f"{told('path')}@{start}" if start not in ("", "0", "0.0") else told("path"))
    return Entry(
        name=name,
        speaker=told("speaker"),
        text=normalise(told("text")),
        part=part_of(told("part"), f"{file}, {name}") or part,
        source=stretch(told("path"), file.parent, start, seconds) if told("path") else Unreadable("no path"),
        tags={what: told(what) for what in ("gender", "accent") if told(what)},
    )
