"""Rows of named columns, as CSV, TSV and NeMo's JSON lines have them -> entries of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.manifest import AudioSource, Entry
from components.speech.corpus.text import normalise

COLUMNS = {  # field -> names that its column may have, the first that is there counts
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
REQUIRED = ("path", "text")
PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("dev", "valid", "val", "validation", "development"), "dev"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
    "": "",
}


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


def parse_rows(rows: Iterable[Mapping[str, object]], file: Path, part: str = "") -> list[Entry]:
    """Rows -> entries. file: the manifest, for errors and relative paths. part: where rows name none.

    Raises ValueError when a required column is missing, with its possible names and those there are.
    """
    rows = list(rows)
    columns = _columns(rows, file)
    return [_parse_row(row, columns, file, part) for row in rows]


def row_language(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows -> the language code of the first that names one, "" where none does."""
    names = set(COLUMNS["language"])
    return next((str(row[key]) for row in rows for key in row if key.lower() in names and row[key]), "")


def parse_part(value: str, where: object) -> str:
    """A manifest's name of a part -> "train", "dev", "test" or ""; raises ValueError for anything else."""
    part = PARTS.get(value.strip().lower())
    if part is None:
        raise ValueError(
            f"{where}: expected a part train, dev or test (or validation, eval ...), got {value!r}; "
            "rename it."
        )
    return part


def resolve_path(path: str, folder: Path) -> str:
    """A path in a manifest of `folder` -> one there, in clips/ of it, or from the working folder."""
    for candidate in (folder / path, folder / "clips" / path, Path(path)):
        if candidate.is_file():
            return str(candidate)
    return str(folder / path)


def audio_segment(path: str, folder: Path, start: object, seconds: object) -> AudioSource:
    """A path, an offset and a duration in seconds (None: to the end) -> the source of the samples."""
    try:
        start, seconds = float(start or 0), None if seconds in (None, "") else float(seconds)
    except ValueError:
        return UnreadableSource(f"offset {start!r} and duration {seconds!r} are not both seconds")
    return AudioFile(resolve_path(path, folder), start, seconds)


def _columns(rows: Sequence[Mapping[str, object]], file: Path) -> dict[str, str]:
    """Rows -> for each field the name of its column, "" if there is none."""
    names = list(dict.fromkeys(str(key) for row in rows for key in row if key is not None))
    by_lower = {name.strip().lower(): name for name in reversed(names)}
    columns = {
        field: next((by_lower[alias] for alias in aliases if alias in by_lower), "")
        for field, aliases in COLUMNS.items()
    }
    missing = [field for field in REQUIRED if not columns[field]]
    if rows and missing:
        expected = "; ".join(f"{field}: one of {', '.join(COLUMNS[field])}" for field in missing)
        raise ValueError(
            f"{file} lacks columns ({expected}); it has {', '.join(names) or 'none'}. Rename or add them."
        )
    return columns


def _parse_row(row: Mapping[str, object], columns: Mapping[str, str], file: Path, part: str) -> Entry:
    values = {
        field: "" if row.get(column) is None else str(row[column]).strip()
        for field, column in columns.items()
    }
    path, start = values["path"], values["start"]
    # Without an offset a table's duration is often in other units or rounded; NeMo's means the segment.
    seconds = values["seconds"] if start or file.suffix not in (".csv", ".tsv") else ""
    name = values["name"] or (f"{path}@{start}" if start not in ("", "0", "0.0") else path)
    return Entry(
        name=name,
        speaker=values["speaker"],
        text=normalise(values["text"]),
        part=parse_part(values["part"], f"{file}, {name}") or part,
        source=audio_segment(path, file.parent, start, seconds) if path else UnreadableSource("no path"),
        tags={field: values[field] for field in ("gender", "accent") if values[field]},
    )
