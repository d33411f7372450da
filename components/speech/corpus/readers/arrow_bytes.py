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

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ArrowBytes:
    """An encoded sound in an Arrow (memory-mapped) or Parquet file: {"bytes", "path"}, or bytes alone.

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
        try:
            with soundfile.SoundFile(io.BytesIO(self._content())) as file:
                return _samples(file, max_seconds), file.samplerate
        except soundfile.LibsndfileError as error:
            why = str(error.error_string).removeprefix("Error : ")
            raise ValueError(f"unreadable or cut off: {why}") from error

    def _content(self) -> bytes:
        sound = _opened(self.path, os.stat(self.path).st_mtime_ns).cell(self.column, self.row)
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

    def cell(self, column: str, row: int) -> Any:
        """What is in one cell."""
        group = int(np.searchsorted(self.ends, row, side="right"))
        if self.held is None or self.held[:2] != (group, column):
            self.held = (group, column, self.file.read_row_group(group, columns=[column]))
        first = int(self.ends[group - 1]) if group else 0
        return self.held[2].column(column)[row - first].as_py()

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

    def cell(self, column: str, row: int) -> Any:
        """What is in one cell."""
        return self.table.column(column)[row].as_py()

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
