"""Texts of a table -> numbers: counts, rates, sizes; each as strict as a wrong answer is costly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from components.external.rows import Row

THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"\s*[-+]?(?:0,\d|\d+,(?!\d{3}\b)\d)")
GROUPED_BY_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # a thousand here, one there
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
SIZE = re.compile(rf"({THOUSANDS.pattern}|{NUMBER.pattern})\s*([a-zA-Z]*)\.?")
SECONDS = {"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "min": 60, "mins": 60}
SECONDS |= {"minute": 60, "minutes": 60, "s": 1, "sec": 1, "second": 1, "seconds": 1}
TIMES = (("hours", "hour", 3600), ("minutes", "minute", 60), ("seconds", "second", 1))
UNSURE = 3.0  # a rate above 1 and up to here may be per cent, or a share with many insertions
MOST = 1000.0  # per cent: more is no rate
LARGEST = 1e15  # size, in examples or seconds
Rates = Literal["", "percent", "share"]


def with_points(rows: Sequence[Row], columns: Iterable[str]) -> Sequence[Row]:
    """Rows -> the same with points before the decimals of those columns that have commas there.

    Such a column has no point, and a comma that separates no thousands.
    """
    for column in columns:
        texts = [row.text(column) for row in rows]
        if any(map(DECIMAL_COMMA.match, texts)) and not any("." in text for text in texts):
            pointed = [
                {**row.values, column: text.replace(",", ".")} for row, text in zip(rows, texts, strict=True)
            ]
            rows = [Row(values, row.where) for row, values in zip(rows, pointed, strict=True)]
    return rows


def number(row: Row, column: str, what: str) -> float:
    """A row's number, thousands between commas or not; ValueError with its place for anything else."""
    text = row.text(column)
    if THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    if not NUMBER.fullmatch(text):
        raise ValueError(
            f"{row.where}: expected a number for the {what} in column {column!r}, got {text!r}; mend it, "
            "with a point before decimals, or take the row out."
        )
    return float(text)


def count(row: Row, column: str, what: str) -> float:
    """A row's number of errors or units, not below zero."""
    check_points(row, column, what)
    return _not_negative(row, column, what)


def check_points(row: Row, column: str, what: str) -> None:
    """Raises ValueError for a count such as 1.000, which is written so for 1 and for 1000."""
    if isinstance(text := row.values.get(column), str) and GROUPED_BY_POINTS.fullmatch(text.strip()):
        raise ValueError(
            f"{row.where}: expected a {what} in column {column!r}, got {text!r}, which may be "
            f"{float(text.strip()[:-4].replace('.', '')):g} or {text.strip().replace('.', '')}; write counts "
            "without points."
        )


def _not_negative(row: Row, column: str, what: str) -> float:
    if (value := number(row, column, what)) < 0:
        raise ValueError(f"{row.where}: expected a {what} of 0 or more, got {value:g}; mend it.")
    return value


def rates(rows: Sequence[Row], column: str, asked: Rates = "") -> tuple[list[float], str]:
    """Rows and a column of rates -> shares (0.05 is 5 %), and what they were taken for.

    Raises ValueError where both per cent and shares are likely.
    """
    signs = [row.text(column).endswith("%") for row in rows]
    bare = [Row({column: row.text(column).rstrip("% ")}, row.where) for row in rows]
    values = [_not_negative(row, column, "rate") for row in bare]
    largest = max(values, default=0.0)
    if any(signs) != all(signs) and "%" not in column:
        place = rows[signs.index(False)].where
        raise ValueError(f"{place}: expected % behind every rate of {column!r}, or behind none; mend it.")
    if largest > MOST:
        raise ValueError(
            f"column {column!r} expected rates, got {largest:g}; if these are counts, say --column "
            f"errors={column!r}."
        )
    if asked == "percent" or any(signs) or "%" in column or (not asked and largest > UNSURE):
        return [value / 100 for value in values], "per cent"
    if not asked and largest > 1:
        raise ValueError(
            f"column {column!r} expected per cent or shares, got values up to {largest:g}, which may be "
            "either; say --rates percent or --rates share."
        )
    return values, "shares: 0.05 is 5 %"


@dataclass(frozen=True)
class Sizes:
    """Training sizes as whole numbers. unit: what they count, such as "hours"; "" for examples."""

    values: list[int]
    unit: str = ""
    unit_one: str = ""


def sizes(rows: Sequence[Row], field: str, column: str) -> Sizes:
    """Rows, the field of sizes and its column -> sizes; times in the longest unit in which all are whole.

    field: "size", "hours" or "minutes", which says what bare numbers are. Raises ValueError for what is no
    size, or no whole number of examples, and where times and numbers of examples are mixed.
    """
    read = [_size(row, field, column) for row in rows]
    timed = [is_time for _, is_time in read]
    if any(timed) != all(timed):
        place = rows[timed.index(not timed[0])].where
        raise ValueError(
            f"{place}: expected all sizes in column {column!r} to be times, or all to be numbers of "
            "examples, got both; give them one unit."
        )
    values = [value for value, _ in read]
    if not any(timed):
        return Sizes([round(value) for value in values])
    plural, singular, seconds = next(
        unit for unit in TIMES if unit[2] == 1 or all(_is_whole(value / unit[2]) for value in values)
    )
    return Sizes([max(int(value > 0), round(value / seconds)) for value in values], plural, singular)


def _size(row: Row, field: str, column: str) -> tuple[float, bool]:
    """A row's size: seconds and True, or a number of examples and False; 0 where nothing was labelled."""
    found = SIZE.fullmatch(row.text(column).strip())
    unit = found[2].lower() if found else ""
    if not found or (unit and unit not in (*SECONDS, "k")) or (unit == "k" and field != "size"):
        raise _no_size(row, column)
    if field == "size" and not unit:
        check_points(row, column, "size")
    value = float(found[1].replace(",", ""))
    seconds = SECONDS.get(unit) or {"hours": 3600, "minutes": 60}.get(field, 0)
    value *= seconds or (1000 if unit == "k" else 1)
    if not 0 <= value < LARGEST or (not seconds and not _is_whole(value)):
        raise _no_size(row, column)
    return value, bool(seconds)


def _no_size(row: Row, column: str) -> ValueError:
    return ValueError(
        f"{row.where}: expected a size in column {column!r}, a whole number of labelled examples or a time "
        f"such as 100 h or 10 min, got {row.text(column)!r}; mend it, or take the row out."
    )


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6
