"""Hugging Face's layouts: audio files with metadata.csv, datasets of save_to_disk, and Parquet files."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.check import too_long
from components.speech.corpus.manifest import AudioSource
from components.speech.corpus.readers.files import (
    first_files,
    folders_of,
    named_parts,
    parts_read,
    read_text,
    reading,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing

if TYPE_CHECKING:
    import pyarrow as pa

LAYOUT = (
    "a data set of Hugging Face: metadata.csv or .jsonl with file_name, save_to_disk, or Parquet with audio"
)
METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
SAVED = ("dataset_info.json", "state.json")
PATH = "file_name"  # the column of paths, in metadata and in the rows that are made here
TEXTS = (
    "text",
    "sentence",
    "transcript",
    "transcription",
    "normalized_text",
    "raw_transcription",
    "raw_text",
)
LABELS = ("label", "labels", "word", "keyword", "command", "intent")

Row = Mapping[str, object]


@dataclass(frozen=True)
class ArrowBytes:
    """An encoded sound in an Arrow (memory-mapped) or Parquet file: {"bytes", "path"}, or bytes alone."""

    path: str
    column: str
    row: int

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,), channels mixed down, and their rate in Hz; ValueError says why not."""
        try:
            with soundfile.SoundFile(io.BytesIO(self._content())) as file:
                if reason := too_long(file.frames / file.samplerate, max_seconds):
                    raise ValueError(reason)
                samples = file.read(dtype="float32", always_2d=True)  # (samples, channels)
                if len(samples) < file.frames:
                    raise ValueError(f"truncated: {len(samples)} of {file.frames} samples")
                return (samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]), file.samplerate
        except soundfile.LibsndfileError as error:
            why = str(error.error_string).removeprefix("Error : ")
            raise ValueError(f"unreadable or cut off: {why}") from error

    def _content(self) -> bytes:
        status = os.stat(self.path)
        sound = _sound(_stored(self.path, status.st_mtime_ns), self.column, self.row)
        content = sound["bytes"] if isinstance(sound, Mapping) else sound
        if not content:
            raise ValueError("empty: the row has no bytes of audio")
        return content

    def key(self) -> str:
        """File name, size, time of change, column and row; of a missing file the name."""
        try:
            status = os.stat(self.path)
        except OSError:
            return f"{self.path} missing"
        return f"{self.path} {status.st_size} {status.st_mtime_ns} {self.column} {self.row}"

    def rate(self) -> int | None:
        """The rate in the sound's header in Hz, None when it has none that can be read."""
        try:
            return soundfile.info(io.BytesIO(self._content())).samplerate
        except (OSError, RuntimeError, ValueError):
            return None


class _Parquet:
    """A Parquet file of which one group of rows is in memory."""

    def __init__(self, path: str) -> None:
        import pyarrow.parquet as pq

        self.file = pq.ParquetFile(path, memory_map=True)
        sizes = [self.file.metadata.row_group(index).num_rows for index in range(self.file.num_row_groups)]
        self.ends = np.cumsum(sizes)
        self.held: tuple[int, str, pa.Table] | None = None

    def value(self, column: str, row: int) -> Any:
        """One cell."""
        group = int(np.searchsorted(self.ends, row, side="right"))
        if self.held is None or self.held[:2] != (group, column):
            self.held = (group, column, self.file.read_row_group(group, columns=[column]))
        first = int(self.ends[group - 1]) if group else 0
        return self.held[2].column(column)[row - first].as_py()


class _Arrow:
    """A memory-mapped Arrow file, as `datasets` (a stream) and others (a file) write it."""

    def __init__(self, path: str) -> None:
        self.table = _arrow_table(path)

    def value(self, column: str, row: int) -> Any:
        """One cell."""
        return self.table.column(column)[row].as_py()


@lru_cache(maxsize=2)
def _stored(path: str, changed: int) -> _Parquet | _Arrow:
    """changed: the file's time of change, so that another file of its name is opened anew."""
    return _Parquet(path) if path.endswith(".parquet") else _Arrow(path)


def _sound(stored: _Parquet | _Arrow, column: str, row: int) -> Any:
    return stored.value(column, row)


def _arrow_table(path: str) -> pa.Table:
    import pyarrow as pa

    mapped = pa.memory_map(path)
    try:
        return pa.ipc.open_stream(mapped).read_all()
    except pa.ArrowInvalid:
        return pa.ipc.open_file(mapped).read_all()


def matches(path: Path) -> bool:
    """Whether it is a Parquet or Arrow file, or a folder with one of the three layouts."""
    if path.is_file():
        return path.suffix in (".parquet", ".arrow")
    files = first_files(path)
    names = {file.name for file in files}
    return (
        set(SAVED) <= names
        or any(file.suffix == ".parquet" for file in files)
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
    recordings = [recording for listing in listings for recording in listing.recordings]
    first = {} if not listings else dict(listings[0].reading)
    facts = reading(layout=LAYOUT, part=parts_read([recording.part for recording in recordings]))
    return Listing(
        recordings, {**first, **facts}, [check for listing in listings for check in listing.checks]
    )


def _files(path: Path) -> list[Path]:
    """Files with rows: metadata where there are some, else Arrow files in their order, else Parquet."""
    if path.is_file():
        return [path]
    files = sorted(walk(path))
    if metadata := [file for file in files if file.name in METADATA and _names_files(file)]:
        return metadata
    saved = [file.parent for file in files if file.name == SAVED[1]]
    arrow = [folder / data["filename"] for folder in saved for data in _state(folder)]
    return arrow or [file for file in files if file.suffix == ".parquet"]


def _state(folder: Path) -> Sequence[Mapping[str, str]]:
    """state.json of save_to_disk -> its list of files; refuses one that selects rows of them."""
    file = folder / SAVED[1]
    try:
        state = json.loads(read_text(file))
        files = state["_data_files"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: expected state.json of save_to_disk; save the data set again.") from error
    if state.get("_indices_files") or state.get("_indices_data_files"):
        raise ValueError(f"{file}: a selection of rows; call dataset.flatten_indices() and save it again.")
    return files


def _stem(file: Path) -> str:
    """data/train-00000-of-00002.parquet -> train-00000-of-00002; of a file of metadata nothing."""
    return "" if file.name in METADATA else file.stem


def _names_files(file: Path) -> bool:
    """Whether a file of metadata has a column file_name, by its first line or its schema."""
    if file.suffix == ".parquet":
        return PATH in _schema(file).names
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        line = opened.readline(100_000)
    return PATH in line


def _schema(file: Path) -> pa.Schema:
    import pyarrow.parquet as pq

    return pq.read_schema(file)


def _read_file(file: Path, part: str) -> Listing:
    if file.suffix in (".csv", ".jsonl"):
        return _listing(_csv_rows(file) if file.suffix == ".csv" else _json_rows(file), file, part)
    return _read_columns(file, part)


def _listing(rows: list[dict[str, object]], file: Path, part: str) -> Listing:
    from components.speech.corpus.readers.rows import rows_to_listing

    return rows_to_listing(rows, file, part)


def _csv_rows(file: Path) -> list[dict[str, object]]:
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    rows: list[dict[str, object]] = []
    try:
        for row in reader:
            if None in row or None in row.values():
                got = (
                    len(row) - 1 + len(row[None]) if None in row else sum(v is not None for v in row.values())
                )
                raise ValueError(f"expected {len(reader.fieldnames or ())} fields, got {got}")
            rows.append(dict(row))
    except (csv.Error, ValueError) as error:
        raise ValueError(
            f"{file}, line {reader.line_num}: {error}; mend its commas and quotation marks."
        ) from error
    return rows


def _json_rows(file: Path) -> list[dict[str, object]]:
    lines = enumerate(read_text(file).split("\n"), start=1)
    return [_json_row(line, f"{file}, line {number}") for number, line in lines if line.strip()]


def _json_row(line: str, where: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{where}: expected a JSON object, got {line[:40]!r} ({error.msg}); mend it."
        ) from error
    if not isinstance(row, dict):
        raise ValueError(f"{where}: expected a JSON object, got {line[:40]!r}; one object a line.")
    return row


def _read_columns(file: Path, part: str) -> Listing:
    """A Parquet or Arrow file -> its rows; all columns but the audio are read at once.

    `rows_to_listing` gives one recording a row, in order; those with bytes then get these as their source.
    """
    table_schema, batches = _open(file)
    sound = _sound_column(table_schema, file)
    labels = _class_labels(table_schema, file)
    plain = [name for name in table_schema.names if name != sound]
    rows = [_named(row, labels) for row in batches(plain)]
    if not sound:
        return _listing(rows, file, part)
    inside = _inside(file, sound)
    shown = [path or f"{file.name}@{index}" for index, (path, _) in enumerate(inside)]
    listing = _listing([{**row, PATH: path} for row, path in zip(rows, shown, strict=True)], file, part)
    if len(listing.recordings) != len(rows):
        raise ValueError(
            f"{file}: expected a recording for each of {len(rows)} rows, got {len(listing.recordings)}"
        )
    recordings = [
        _with_source(listed, _source(file, sound, index, path, has_bytes), f"{file}, row {index + 1}")
        for index, (listed, (path, has_bytes)) in enumerate(zip(listing.recordings, inside, strict=True))
    ]
    return Listing(recordings, listing.reading, listing.checks)


def _with_source(listed: Listed, source: AudioSource, where: str) -> Listed:
    return replace(listed, source=source, where=where)


def _source(file: Path, column: str, row: int, path: str, has_bytes: bool) -> AudioSource:
    return ArrowBytes(str(file), column, row) if has_bytes or not path else AudioFile(str(file.parent / path))


def _open(file: Path) -> tuple[pa.Schema, Any]:
    """A file -> its schema, and a function of names of columns that gives its rows as dicts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if file.suffix == ".parquet":
            opened = pq.ParquetFile(file, memory_map=True)
            return opened.schema_arrow, lambda names: opened.read(columns=names).to_pylist()
        table = _arrow_table(str(file))
        return table.schema, lambda names: table.select(names).to_pylist()
    except (pa.ArrowInvalid, OSError) as error:
        raise ValueError(
            f"{file}: expected a Parquet or Arrow file, got {error}; download it again."
        ) from error


def _sound_column(schema: pa.Schema, file: Path) -> str:
    """The column of {"bytes", "path"} or bytes, "audio" first; "" where there is a column of paths."""
    found = [field.name for field in schema if _is_sound(field.type)]
    if PATH in schema.names and not found:
        return ""
    if not found:
        listed = ", ".join(f"{field.name} ({field.type})" for field in schema)
        raise ValueError(
            f"{file}: expected a column of audio ({{bytes, path}}), got {listed}; save the data set with its "
            "audio (cast_column('audio', Audio(decode=False))), or write a table with paths."
        )
    return next((name for name in ("audio", "speech", "wav") if name in found), found[0])


def _is_sound(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return kind.get_field_index("bytes") >= 0
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)


def _inside(file: Path, column: str) -> list[tuple[str, bool]]:
    """A file -> for each row the path beside the bytes ("" if none) and whether there are bytes.

    Bytes are looked at a batch at a time, so that memory holds few of them.
    """
    return [row for values in _batches(file, column) for row in _paths(values)]


def _batches(file: Path, column: str) -> Iterator[pa.Array]:
    import pyarrow.parquet as pq

    if file.suffix == ".parquet":
        for batch in pq.ParquetFile(file, memory_map=True).iter_batches(32, columns=[column]):
            yield batch.column(0)
    else:
        yield from _arrow_table(str(file)).column(column).chunks


def _paths(values: pa.Array) -> list[tuple[str, bool]]:
    """A batch of a column of audio -> path and whether there are bytes, of each row."""
    import pyarrow as pa

    if not pa.types.is_struct(values.type):
        return [("", valid) for valid in values.is_valid().to_pylist()]
    has_bytes = values.field("bytes").is_valid().to_pylist()
    named = values.type.get_field_index("path") >= 0
    paths = values.field("path").to_pylist() if named else [None] * len(values)
    return [(path or "", valid) for path, valid in zip(paths, has_bytes, strict=True)]


def _class_labels(schema: pa.Schema, file: Path) -> dict[str, list[str]]:
    """Features in the schema's metadata, or dataset_info.json -> names by column of class labels."""
    features = (
        json.loads((schema.metadata or {}).get(b"huggingface", b"{}")).get("info", {}).get("features", {})
    )
    info = file.parent / SAVED[0]
    if not features and info.is_file():
        features = json.loads(read_text(info)).get("features") or {}
    return {name: kind["names"] for name, kind in features.items() if kind.get("_type") == "ClassLabel"}


def _named(row: Row, labels: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """A row -> the same with names instead of numbers, and a label as its text where it has no other."""
    named = {name: _name(value, labels.get(name)) for name, value in row.items()}
    if not any(name.lower() in TEXTS for name in named):
        label = next((name for name in LABELS if name in labels), "")
        return {**named, "text": str(named[label]).replace("_", " ")} if label else named
    return named


def _name(value: object, names: Sequence[str] | None) -> object:
    if names is None or not isinstance(value, int):
        return value
    return names[value] if 0 <= value < len(names) else ""
