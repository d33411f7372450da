"""Hugging Face's layouts: audio files with metadata.csv, data sets of save_to_disk, and Parquet files."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from components.speech.corpus.readers import json_file
from components.speech.corpus.readers.arrow_rows import INFO, PATH, has_paths, has_sound, read_rows
from components.speech.corpus.readers.files import (
    first_files,
    folders_of,
    named_parts,
    parts_read,
    read_text,
    reading,
    walk,
    with_parts_of_paths,
)
from components.speech.corpus.readers.listing import Listed, Listing

LAYOUT = "a Hugging Face data set: metadata.csv or .jsonl with file_name, save_to_disk, or Parquet with audio"
METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
STATE = "state.json"
DELIMITERS = ",;\t"


def matches(path: Path) -> bool:
    """Whether it is a Parquet or Arrow file, or a folder with one of the three layouts."""
    if path.is_file():
        return path.suffix in (".parquet", ".arrow")
    files = first_files(path)
    parquet = next((file for file in files if file.suffix == ".parquet"), None)
    return (
        {INFO, STATE} <= {file.name for file in files}
        or (parquet is not None and (has_sound(parquet) or has_paths(parquet)))
        or any(_names_files(file) for file in files if file.name in METADATA)
    )


def read(path: Path) -> Listing:
    """A folder, or one Parquet or Arrow file -> its rows; ValueError names the file and line at fault."""
    root = path if path.is_dir() else path.parent
    files = _files(path)
    if not files:
        raise ValueError(f"{path} has no rows of a data set; expected {LAYOUT}.")
    parts = named_parts([(*folders_of(file, root), _stem(file)) for file in files])
    listings = [_read_file(file, part) for file, part in zip(files, parts, strict=True)]
    listings = [replace(one, recordings=with_parts_of_paths(one.recordings)) for one in listings]
    rows = [
        (recording, f"{file.relative_to(root).as_posix()}-{row}")
        for file, listing in zip(files, listings, strict=True)
        for row, recording in enumerate(listing.recordings, start=1)
    ]
    facts = reading(
        layout=f"Hugging Face: {', '.join(dict.fromkeys(file.name for file in files[:3]))}",
        part=parts_read([recording.part for recording, _ in rows]),
    )
    checks = [check for listing in listings for check in listing.checks]
    return Listing(_distinct(rows), {**listings[0].reading, **facts}, checks)


def _distinct(rows: Sequence[tuple[Listed, str]]) -> list[Listed]:
    """Recordings and their places -> recordings whose paths differ: `datasets` keeps no folders of files."""
    counts = Counter(recording.path for recording, _ in rows)
    return [
        replace(recording, path=f"{recording.path}@{place}") if counts[recording.path] > 1 else recording
        for recording, place in rows
    ]


def _files(path: Path) -> list[Path]:
    """Files with rows: metadata where there are some, else Arrow files in their order, else Parquet."""
    if path.is_file():
        return [path]
    files = sorted(walk(path))
    if metadata := [file for file in files if file.name in METADATA and _names_files(file)]:
        return metadata
    saved = [file.parent for file in files if file.name == STATE]
    arrow = [folder / data["filename"] for folder in saved for data in _saved_files(folder / STATE)]
    return arrow or [file for file in files if file.suffix == ".parquet"]


def _saved_files(state: Path) -> Sequence[Mapping[str, str]]:
    """state.json of save_to_disk -> its list of files."""
    try:
        return json.loads(read_text(state))["_data_files"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{state}: expected state.json of save_to_disk, with _data_files; save the data set again."
        ) from error


def _stem(file: Path) -> str:
    """data/train-00000-of-00002.parquet -> train-00000-of-00002; of a file of metadata nothing."""
    return "" if file.name in METADATA else file.stem


def _names_files(file: Path) -> bool:
    """Whether a file of metadata has a column file_name, by its first line or its schema."""
    if file.suffix == ".parquet":
        return has_paths(file)
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        return PATH in opened.readline(100_000)


def _read_file(file: Path, part: str) -> Listing:
    if file.suffix == ".csv":
        return _listing(_csv_rows(file), file, part)
    if file.suffix == ".jsonl":
        return _listing(json_file.read_rows(file)[0], file, part)
    return _arrow_listing(file, part)


def _arrow_listing(file: Path, part: str) -> Listing:
    """A Parquet or Arrow file -> its rows; sounds that are inside it are the sources of the recordings."""
    rows = read_rows(file)
    listing = _listing([row.cells for row in rows], file, part)
    if len(listing.recordings) != len(rows):
        got = len(listing.recordings)
        raise ValueError(f"{file}: expected one recording for each of {len(rows)} rows, got {got}.")
    recordings = [
        replace(recording, source=row.source or recording.source, where=f"{file}, row {number}")
        for number, (recording, row) in enumerate(zip(listing.recordings, rows, strict=True), start=1)
    ]
    return Listing(recordings, listing.reading, listing.checks)


def _listing(rows: Sequence[Mapping[str, object]], file: Path, part: str) -> Listing:
    """Rows -> one recording each, in their order, by the names of their columns."""
    from components.speech.corpus.readers.rows import rows_to_listing

    return rows_to_listing(rows, file, part)


def _csv_rows(file: Path) -> list[dict[str, object]]:
    """A CSV with a header -> its rows; ValueError names the line with too few or too many fields."""
    text = read_text(file)
    mark = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True)
    rows: list[dict[str, object]] = []
    try:
        header = next(reader, [])
        for fields in filter(None, reader):
            if len(fields) != len(header):
                raise ValueError(f"expected {len(header)} fields, got {len(fields)}")
            rows.append(dict(zip(header, fields, strict=True)))
    except (csv.Error, ValueError) as error:
        where = f"{file}, line {reader.line_num}"
        raise ValueError(f"{where}: {error}; mend its commas and quotation marks.") from error
    return rows
