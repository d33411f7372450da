"""What is in one cell of a row: a text, a number, or one of these inside an object or a list of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

INNER = ("path", "text", "id", "name")  # of an object in a cell, the value that is meant
WORDS = ("words", "word", "wrd", "tokens")  # columns of which a list is one text


def plain_value(value: object) -> str:
    """A cell -> its text, "" for none: of an object the value that is meant, of a list all between blanks."""
    if isinstance(value, Mapping):
        value = _inner(value)
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return "" if value is None or value != value else str(value).strip()  # JSON's NaN is none


def _inner(value: Mapping) -> object:
    """{"path": ..., "bytes": ...}, {"text": ..., "lang": ...}, {"en": ...} -> what is meant, or None."""
    named = next((name for name in INNER if name in value), None)
    if named is None and len(value) == 1:
        (named,) = value
    inner = value.get(named)
    return None if isinstance(inner, Mapping) else inner


def check_texts(cells: Iterable[tuple[int, object]], column: str, file: Path) -> None:
    """Lines and cells of the column of texts -> nothing; ValueError for a cell that holds several texts."""
    for line, cell in cells:
        if several := _several(cell, column):
            raise ValueError(
                f"{file}, line {line}: expected one text in {column!r}, got {several}: {str(cell)[:60]}; "
                "keep one text, words between blanks."
            )


def _several(cell: object, column: str) -> str:
    """What a cell holds in place of one text, "" where it holds one, or none."""
    if isinstance(cell, Mapping):
        return "an object of several values" if cell and not plain_value(cell) and any(cell.values()) else ""
    if isinstance(cell, list | tuple) and len(cell) > 1 and not _are_words(cell, column):
        return f"a list of {len(cell)}"
    return ""


def _are_words(cell: Sequence[object], column: str) -> bool:
    return column in WORDS and all(isinstance(word, str) and len(word.split()) < 2 for word in cell)
