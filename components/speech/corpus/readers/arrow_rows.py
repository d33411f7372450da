"""Rows of Arrow and Parquet files: texts and numbers as rows, and where the sound of each is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from components.speech.corpus.manifest import AudioSource
from components.speech.corpus.readers.arrow_bytes import ArrowBytes, ArrowFile, ParquetFile, open_table
from components.speech.corpus.readers.columns import COLUMNS, plain_name
from components.speech.corpus.readers.files import read_text
from components.speech.corpus.readers.paths import audio_segment

if TYPE_CHECKING:
    import pyarrow as pa

PATH = "file_name"  # the column of paths, in Hugging Face's metadata and in the rows that are made here
INFO = "dataset_info.json"
FIRST = ("audio", "speech", "wav")  # of several columns with sounds
TEXTS = (
    "text",
    "sentence",
    "transcript",
    "transcription",
    "normalized_text",
    "raw_transcription",
    "raw_text",
)
LABELS = ("label", "labels", "word", "keyword", "command")  # a class that is what is said, where no text is


@dataclass(frozen=True)
class ArrowRow:
    """One row: its cells by column, classes by name, and its sound (None: the cells have its path)."""

    cells: Mapping[str, object]
    source: AudioSource | None


def read_rows(file: Path) -> list[ArrowRow]:
    """A Parquet or Arrow file -> its rows; ValueError where it cannot be read or has no sounds."""
    table = open_table(str(file))
    sound, labels = _sound_column(table.schema, file), _class_names(table.schema, file)
    plain = [field.name for field in table.schema if field.name != sound and _is_plain(field.type)]
    cells = [_named(row, labels) for row in table.rows(plain)] if plain else []
    if not sound:
        return [ArrowRow(row, None) for row in cells]
    sounds = _sounds(table, sound)
    return [
        ArrowRow({**row, PATH: path or f"{file.name}@{index}"}, _source(file, sound, index, path, has_bytes))
        for index, (row, (path, has_bytes)) in enumerate(
            zip(cells or [{} for _ in sounds], sounds, strict=True)
        )
    ]


def has_sound(file: Path) -> bool:
    """Whether a Parquet file has sounds; one that cannot be read may have, and `read_rows` says why."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return any(_is_sound(field.type) for field in pq.read_schema(file))
    except (pa.ArrowInvalid, OSError):
        return True


def has_paths(file: Path) -> bool:
    """Whether a Parquet file has a column of paths and one of texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(file)
    except (pa.ArrowInvalid, OSError):
        return False
    names = {plain_name(name) for name in schema.names}
    return any(map(_is_path, schema)) and bool(names & {*COLUMNS["text"]})


def _sound_column(schema: pa.Schema, file: Path) -> str:
    """The column of {"bytes", "path"}, {"array", "sampling_rate"} or bytes, "audio" first; "" for paths."""
    columns = [field.name for field in schema if _is_sound(field.type)]
    if not columns and not any(map(_is_path, schema)):
        listed = ", ".join(f"{field.name} ({field.type})" for field in schema)
        raise ValueError(
            f"{file}: expected a column of sounds ({{bytes, path}} or {{array, sampling_rate}}), got "
            f"{listed}; save the data set with its audio, or write a table (CSV) with columns path, text, "
            "speaker."
        )
    return next((name for name in FIRST if name in columns), columns[0] if columns else "")


def _is_path(field: pa.Field) -> bool:
    """Whether a column is of paths, by its name and its type."""
    import pyarrow as pa

    texts = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    return texts and plain_name(field.name) in COLUMNS["path"]


def _is_sound(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return kind.get_field_index("bytes") >= 0 or _is_array(kind)
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)


def _is_array(kind: pa.DataType) -> bool:
    """Whether a column's cells are samples and their rate, as `datasets` decodes a sound."""
    return kind.get_field_index("array") >= 0 and kind.get_field_index("sampling_rate") >= 0


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a column's cells are texts, numbers or truth values."""
    import pyarrow as pa

    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _sounds(table: ParquetFile | ArrowFile, column: str) -> list[tuple[str, bool]]:
    """For each row the path beside its bytes ("" if none) and whether there are bytes, which are not kept."""
    return [row for chunk in table.chunks(column) for row in _paths(chunk)]


def _paths(chunk: pa.Array) -> list[tuple[str, bool]]:
    import pyarrow as pa

    if not pa.types.is_struct(chunk.type):
        return [("", valid) for valid in chunk.is_valid().to_pylist()]
    inside = "bytes" if chunk.type.get_field_index("bytes") >= 0 else "array"
    has_bytes = chunk.field(inside).is_valid().to_pylist()
    named = chunk.type.get_field_index("path") >= 0
    paths = chunk.field("path").to_pylist() if named else [None] * len(chunk)
    return [(path or "", valid) for path, valid in zip(paths, has_bytes, strict=True)]


def _source(file: Path, column: str, row: int, path: str, has_bytes: bool) -> AudioSource:
    return ArrowBytes(str(file), column, row) if has_bytes or not path else audio_segment(path, file.parent)


def _class_names(schema: pa.Schema, file: Path) -> dict[str, list[str]]:
    """Features in the schema's metadata, or dataset_info.json -> names of classes by column."""
    metadata = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
    features = metadata.get("info", {}).get("features") or {}
    info = file.parent / INFO
    if not features and info.is_file():
        features = json.loads(read_text(info)).get("features") or {}
    return {
        name: kind["names"]
        for name, kind in features.items()
        if isinstance(kind, dict) and kind.get("_type") == "ClassLabel"
    }


def _named(row: Mapping[str, object], labels: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """A row -> the same with names of classes, and a label as its text where it has no other."""
    named = {name: _name(value, labels.get(name)) for name, value in row.items()}
    label = next((name for name in LABELS if name in labels), "")
    if label and not any(name.lower() in TEXTS for name in named):
        return {**named, "text": str(named[label]).replace("_", " ")}
    return named


def _name(value: object, names: Sequence[str] | None) -> object:
    if names is None or not isinstance(value, int):
        return value
    return names[value] if 0 <= value < len(names) else ""
