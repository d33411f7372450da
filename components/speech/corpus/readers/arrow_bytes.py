"""Sounds inside Arrow and Parquet files, as Hugging Face's data sets have them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from components.speech.corpus.check import too_long
from components.speech.corpus.full_scale import in_full_scale

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ArrowBytes:
    """A sound in an Arrow (memory-mapped) or Parquet file: {"bytes", "path"}, bytes alone, or samples.

    Samples are {"array", "sampling_rate"}, as `datasets` decodes a sound.

    Attributes
    ----------
    path
        The file.
    column
        Its name.
    row
        From 0.
    """

    path: str
    column: str
    row: int

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,), channels mixed down, and their rate in Hz; ValueError says why not."""
        sound = self._cell()
        if has_samples(sound):
            return _decoded(sound, max_seconds)
        try:
            with soundfile.SoundFile(io.BytesIO(_content(sound))) as file:
                return _samples(file, max_seconds), file.samplerate
        except soundfile.LibsndfileError as error:
            why = str(error.error_string).removeprefix("Error : ")
            raise ValueError(f"unreadable or cut off: {why}") from error

    def _cell(self) -> pa.Scalar:
        return _opened(self.path, os.stat(self.path).st_mtime_ns).cell(self.column, self.row)

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
            sound = self._cell()
            if has_samples(sound):
                return sound["sampling_rate"].as_py()
            return soundfile.info(io.BytesIO(_content(sound))).samplerate
        except (OSError, RuntimeError, ValueError):
            return None


def has_samples(sound: pa.Scalar) -> bool:
    """Whether a cell is {"array", "sampling_rate"} with samples in it."""
    names = {field.name for field in sound.type} if hasattr(sound.type, "get_field_index") else set()
    return sound.is_valid and {"array", "sampling_rate"} <= names and sound["array"].is_valid


def _decoded(sound: pa.Scalar, max_seconds: float) -> tuple[np.ndarray, int]:
    """A cell of samples -> float32 samples (samples,) and their rate in Hz; ValueError for what is none."""
    samples, rate = sound["array"].values.to_numpy(zero_copy_only=False), sound["sampling_rate"].as_py()
    if samples.dtype.kind not in "fiu" or not rate:
        raise ValueError("expected a list of samples and a sampling_rate, got several lists, or no rate")
    if reason := too_long(len(samples) / rate, max_seconds):
        raise ValueError(reason)
    return in_full_scale(samples.astype(np.float32)), rate


def _content(sound: pa.Scalar) -> bytes:
    """A cell of an encoded sound -> its bytes; ValueError where there are none."""
    value = sound.as_py()
    content = value.get("bytes") if isinstance(value, Mapping) else value
    if not content:
        raise ValueError("empty: the row has no bytes of audio")
    return content


def _samples(file: soundfile.SoundFile, max_seconds: float) -> np.ndarray:
    if reason := too_long(file.frames / file.samplerate, max_seconds):
        raise ValueError(reason)
    samples = file.read(dtype="float32", always_2d=True)  # (samples, channels)
    if len(samples) < file.frames:
        raise ValueError(f"truncated: {len(samples)} of {file.frames} samples")
    return samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]


class ParquetFile:
    """A Parquet file of which one group of rows is in memory."""

    def __init__(self, path: str) -> None:
        import pyarrow.parquet as pq

        self.file = pq.ParquetFile(path, memory_map=True)
        self.schema: pa.Schema = self.file.schema_arrow
        groups = range(self.file.num_row_groups)
        self.ends = np.cumsum([self.file.metadata.row_group(group).num_rows for group in groups])
        self.held: tuple[int, str, pa.Table] | None = None

    def cell(self, column: str, row: int) -> pa.Scalar:
        """What is in one cell."""
        group = int(np.searchsorted(self.ends, row, side="right"))
        if self.held is None or self.held[:2] != (group, column):
            self.held = (group, column, self.file.read_row_group(group, columns=[column]))
        first = int(self.ends[group - 1]) if group else 0
        return self.held[2].column(column)[row - first]

    def rows(self, columns: list[str]) -> list[dict[str, Any]]:
        """These columns of all rows."""
        return self.file.read(columns=columns).to_pylist()

    def chunks(self, column: str) -> Iterator[pa.Array]:
        """A column, a few rows at a time."""
        return (batch.column(0) for batch in self.file.iter_batches(32, columns=[column]))


class ArrowFile:
    """A memory-mapped Arrow file: a stream, as `datasets` writes it, or one with random access."""

    def __init__(self, path: str) -> None:
        import pyarrow as pa

        mapped = pa.memory_map(path)
        try:
            self.table = pa.ipc.open_stream(mapped).read_all()
        except pa.ArrowInvalid:
            mapped.seek(0)
            self.table = pa.ipc.open_file(mapped).read_all()
        self.schema: pa.Schema = self.table.schema

    def cell(self, column: str, row: int) -> pa.Scalar:
        """What is in one cell."""
        return self.table.column(column)[row]

    def rows(self, columns: list[str]) -> list[dict[str, Any]]:
        """These columns of all rows."""
        return self.table.select(columns).to_pylist()

    def chunks(self, column: str) -> Iterator[pa.Array]:
        """A column, in the pieces in which it was written."""
        return iter(self.table.column(column).chunks)


def open_table(path: str) -> ParquetFile | ArrowFile:
    """A file -> its table; ValueError for what is neither Parquet nor Arrow."""
    import pyarrow as pa

    try:
        return ParquetFile(path) if path.endswith(".parquet") else ArrowFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ValueError(
            f"{path}: expected a Parquet or Arrow file, got what cannot be read ({error}); download it again."
        ) from error


@lru_cache(maxsize=2)
def _opened(path: str, changed: int) -> ParquetFile | ArrowFile:
    """changed: the file's time of change, so that another file of its name is opened anew."""
    return open_table(path)
