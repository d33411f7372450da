"""Where results are -> their rows: tables, and transcripts of one trial each, found by their paths."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.external import columns
from components.external.lhotse import is_lhotse, plain_row
from components.external.paths import has_columns, matching
from components.external.rows import Row
from components.external.transcripts import read_references, read_transcripts
from components.speech.corpus.readers import json_file, table_file

if TYPE_CHECKING:
    import pandas as pd

PARQUET = ".parquet"
TABLES = (*table_file.ENDINGS, *json_file.ENDINGS, PARQUET)


def read_source(source: str) -> list[Row]:
    """A table, or a path with columns in braces -> rows; of the latter, each with what its path says.

    Raises ValueError for what is not there or cannot be read, and for transcripts whose path has no columns.
    """
    if has_columns(source):
        return [row.more(values) for path, values in matching(source) for row in _some(_read(path), path)]
    path = Path(source)
    if not path.exists():
        raise ValueError(
            f"results expected a table, or a path with columns in braces, got {source}, which is not there; "
            "correct it."
        )
    if not is_table(path):
        raise ValueError(
            f"{source} says of no system and no size: expected a table ({', '.join(TABLES)}), or the path of "
            "transcripts with both in it, such as 'exp/{system}/{hours}h/text'."
        )
    return _some(read_table(path), path)


def _some(rows: list[Row], path: Path) -> list[Row]:
    """The rows; ValueError for none, which nobody would miss among those of other files."""
    if not rows:
        raise ValueError(f"{path} expected rows of results, got none; mend the file, or leave it out.")
    return rows


def _read(path: Path) -> list[Row]:
    return read_table(path) if is_table(path) else read_transcripts(path)


def references_in(path: Path) -> list[Row]:
    """A table, file or Kaldi folder of references -> rows with ids and texts, in columns of any name."""
    return read_table(path) if is_table(path) else read_references(path)


def is_table(path: Path) -> bool:
    """Whether a path is a table by its ending."""
    return path.is_file() and path.name.lower().endswith(TABLES)


def read_table(path: Path) -> list[Row]:
    """CSV, TSV, JSON Lines or Parquet -> rows; ValueError, with the line, for what cannot be taken apart."""
    if path.suffix.lower() == PARQUET:
        return [Row(values, f"{path}, row {place}") for place, values in enumerate(_parquet(path), 1)]
    if json_file.matches(path):
        rows, lines = json_file.read_rows(path)
        rows = [plain_row(row) if is_lhotse(row) else row for row in rows]
    else:
        rows, lines = table_file.read_rows(path, columns.is_known)
    return [Row(values, f"{path}, line {line}") for values, line in zip(rows, lines, strict=True)]


def read_frame(frame: pd.DataFrame) -> list[Row]:
    """A data frame -> rows; an index that has a name is a column."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    values = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [Row(row, f"row {label}") for label, row in zip(frame.index, values, strict=True)]


def _parquet(path: Path) -> list[Mapping[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq  # slow to import, and seldom needed

    try:
        return pq.read_table(path).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"{path} expected a Parquet file, got none that can be read: {error}.") from None
