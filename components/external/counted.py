"""Rows with counts or rates of errors -> the table of scores of each trial."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from components.external import values
from components.external.asked import Asked
from components.external.columns import PARTS
from components.external.rows import Row
from components.speech.corpus.readers.columns import plain_name
from components.study.checks import CheckResult
from components.study.counts import SCORE_COLUMNS

PER = 10_000  # units that a rate without a total is counted in: a percentage of two places is then whole
ONE = "all"  # id of a test that is one number
TOLERANCE = 0.0006  # of a share that was rounded to one place of per cent


@dataclass(frozen=True)
class Scores:
    """Scores of each trial, as subjects give them, and what they were made from.

    tables: trial -> one row a part of its test. how: what each column was taken for. unit: "word",
    "character" or "" where that is not said. single: whether rows are single examples.
    """

    tables: dict[Hashable, pd.DataFrame]
    how: Mapping[str, str]
    checks: Sequence[CheckResult] = ()
    set_aside: Sequence[tuple[str, str]] = ()
    unit: str = ""
    single: bool = False


def count_errors(
    rows: Sequence[Row], columns: Mapping[str, str], trials: Sequence[Hashable], asked: Asked
) -> Scores:
    """Rows, their columns and the trial of each -> scores.

    Raises ValueError with the place of a count or rate that is none, cannot be, or disagrees with the others,
    of two rows that say the same thing, and for rates of parts without totals, which cannot be pooled.
    """
    errors, totals, how = _counts(rows, columns, asked.rates)
    if asked.is_whole:
        _check_within(rows, errors, totals, asked.unit)
    groups = [row.text(columns.get("group", "")) for row in rows]
    single = "id" in columns and len(set(trials)) < len(rows)  # an id of a whole trial names no example
    names = [row.text(columns["id"]) if single else "" for row in rows]
    ids = [name or group or ONE for name, group in zip(names, groups, strict=True)]
    _check_once(rows, trials, ids)
    frame = pd.DataFrame(dict(zip(SCORE_COLUMNS, (ids, groups, errors, totals), strict=True)))
    tables = {
        trial: frame[[other == trial for other in trials]].reset_index(drop=True)
        for trial in dict.fromkeys(trials)
    }
    if "total" not in columns and len(tables) < len(rows):
        raise ValueError(
            f"column {columns['rate']!r} expected totals beside the rates of several parts of a test, which "
            "cannot be pooled without, got none; add a column of them, such as words."
        )
    return Scores(tables, how, unit=_unit(columns), single=single)


def _unit(columns: Mapping[str, str]) -> str:
    """What errors are counted in, by the name of the column of rates, else of totals."""
    name = plain_name(columns.get("rate") or columns["total"])
    return "character" if "cer" in name.split("_") or "char" in name else "word"


def _counts(
    rows: Sequence[Row], columns: Mapping[str, str], asked: values.Rates
) -> tuple[list[float], list[float], dict[str, str]]:
    """Errors and total of each row, and what they were read from."""
    how: dict[str, str] = {}
    shares: list[float] = []
    if "rate" in columns:
        shares, unit = values.rates(rows, columns["rate"], asked)
        how["error rate"] = f"column {columns['rate']}, {unit}"
    if "total" not in columns:
        how["total"] = f"not given: errors are counted per {PER:,}"
        return [share * PER for share in shares], [float(PER)] * len(rows), how
    totals = [_total(row, columns["total"]) for row in rows]
    summed = {field: columns[field] for field in ("errors", *PARTS) if field in columns}
    if "errors" in summed:
        summed = {"errors": summed["errors"]}
    how |= {field: f"column {column}" for field, column in summed.items()}
    how["total"] = f"column {columns['total']}"
    if not summed:
        return [share * total for share, total in zip(shares, totals, strict=True)], totals, how
    errors = [sum(values.count(row, one, "number of errors") for one in summed.values()) for row in rows]
    _check_agree(rows, errors, totals, shares)
    return errors, totals, how


def _total(row: Row, column: str) -> float:
    if total := values.count(row, column, "total"):
        return total
    raise ValueError(f"{row.where}: expected a total above 0, got 0; mend it, or take the row out.")


def _check_within(rows: Sequence[Row], errors: Sequence[float], totals: Sequence[float], units: str) -> None:
    for row, wrong, total in zip(rows, errors, totals, strict=True):
        if wrong > total:
            raise ValueError(
                f"{row.where}: expected no more errors than there are {units}, got {100 * wrong / total:.0f} "
                "%; mend it, or say with --error what is counted."
            )


def _check_agree(
    rows: Sequence[Row], errors: Sequence[float], totals: Sequence[float], shares: Sequence[float]
) -> None:
    for row, wrong, total, share in zip(rows, errors, totals, shares, strict=False):
        if abs(wrong / total - share) > TOLERANCE:
            raise ValueError(
                f"{row.where}: expected a rate of {wrong:g} / {total:g} = {100 * wrong / total:.2f} %, got "
                f"{100 * share:.2f} %; mend whichever is wrong, or choose one with --column."
            )


def _check_once(rows: Sequence[Row], trials: Sequence[Hashable], ids: Sequence[str]) -> None:
    places: dict[Hashable, str] = {}
    for row, trial, name in zip(rows, trials, ids, strict=True):
        if (first := places.setdefault((trial, name), row.where)) != row.where:
            raise ValueError(
                f"{row.where}: expected a result that is not there yet, got the same system, size, run and "
                f"part of the test as {first}; add a column seed, draw, speaker or id that tells them apart, "
                "or choose rows with --only."
            )
