"""Rows of results and what the user says of them -> all that a study records: trials, words, what to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.external import values
from components.external.asked import Asked
from components.external.columns import COUNTS, SIZES, find_columns, only, unread
from components.external.counted import Scores, count_errors
from components.external.families import read_families
from components.external.nouns import nouns_of
from components.external.one_test import Limits, is_one_test, luck_of_the_test, rates_alone, unequal_tests
from components.external.repetitions import Repetitions, read_repetitions
from components.external.rows import Row
from components.external.scored import score_transcripts
from components.speech.scoring import error_metrics
from components.study.checks import DataCheck
from components.study.counts import rate_metrics, ratio
from components.study.fingerprint import digest
from components.study.nouns import Nouns
from components.study.results import Family, TrialResult

Trial = tuple[str, int, tuple[int, int]]  # system, size, (draw, init)


@dataclass(frozen=True)
class ResultSet:
    """Results made elsewhere, understood. trials: without a run yet. facts: of the test, for the study."""

    trials: list[TrialResult]
    nouns: Nouns
    check: DataCheck
    facts: dict[str, Any]
    set_aside: Sequence[tuple[str, str]]


def read_results(rows: Sequence[Row], asked: Asked) -> ResultSet:
    """Rows -> trials and what can be known from them; ValueError for whatever cannot be understood."""
    if not rows:
        raise ValueError("results expected rows, got none; see that the table is not empty.")
    rows = only(rows, asked.only)
    columns = find_columns(rows, asked.columns)
    rows = values.with_points(rows, [columns[field] for field in (*SIZES, *COUNTS) if field in columns])
    families = read_families(rows, columns, asked)
    field = next(field for field in SIZES if field in columns)
    sizes = values.sizes(rows, field, columns[field])
    cells = [(row.text(columns["system"]), size) for row, size in zip(rows, sizes.values, strict=True)]
    repetitions = read_repetitions(rows, columns, cells)
    trials: list[Trial] = [(*cell, run) for cell, run in zip(cells, repetitions.runs, strict=True)]
    scores = _scores(rows, columns, trials, asked)
    same = is_one_test(scores.tables)
    tables = scores.tables if same else rates_alone(scores.tables)
    nouns = nouns_of(asked, sizes, _group(columns, tables), scores.unit, scores.single and same)
    limits = luck_of_the_test(tables, nouns) if same else unequal_tests(scores.tables)
    how = {
        "systems": f"column {columns['system']}: {_listed(families)}",
        nouns.labelled: f"column {columns[field]}",
    }
    how |= {**repetitions.how, **scores.how, **_rest(rows, columns, nouns)}
    check = DataCheck(how, [*repetitions.checks, *scores.checks, *limits.checks])
    facts = {"name": asked.name, "fingerprint": _fingerprint(tables, nouns)}
    facts |= {"notice": asked.notice} if asked.notice else {}
    facts |= {"caution": caution} if (caution := _caution(repetitions, limits, same)) else {}
    made = [_trial(trial, families[trial[0]], tables[trial], nouns) for trial in tables]
    return ResultSet(made, nouns, check, facts, scores.set_aside)


def _scores(rows: Sequence[Row], columns: Mapping[str, str], trials: Sequence[Trial], asked: Asked) -> Scores:
    if "hypothesis" in columns:
        return score_transcripts(rows, columns, trials, asked)
    return count_errors(rows, columns, trials, asked)


def _group(columns: Mapping[str, str], tables: Mapping[Trial, pd.DataFrame]) -> str:
    """The name of what parts of the test belong to; "" where that is not known."""
    known = any((table["group"] != "").any() for table in tables.values())
    return columns.get("group", "speaker") if known else ""


def _listed(families: Mapping[str, Family]) -> str:
    return ", ".join(f"{system} ({family})" for system, family in families.items())


def _rest(rows: Sequence[Row], columns: Mapping[str, str], nouns: Nouns) -> dict[str, str]:
    """What groups are read from, and what is not read."""
    how = {nouns.groups: f"column {columns['group']}"} if "group" in columns else {}
    names = unread(rows, columns)
    return how | ({"columns not read": ", ".join(names)} if names else {})


def _caution(repetitions: Repetitions, limits: Limits, same: bool) -> str:
    """What the answer itself says of its limits; of those of an interval only where there is one."""
    said = [repetitions.caution, limits.caution] if repetitions.draws > 1 or not same else []
    return " ".join(filter(None, said))


def _fingerprint(tables: Mapping[Trial, pd.DataFrame], nouns: Nouns) -> str:
    """Hash of the test; of a test that is one number, which nothing tells from others, of all results."""
    first, *_ = tables.values()
    parts = ["id", "group", *(["reference"] if "reference" in first else []), "total"]
    if len(first) > 1:
        return digest([nouns.metric, first[parts].to_numpy().tolist()])
    return digest(
        [nouns.metric, [[list(trial), table.to_numpy().tolist()] for trial, table in tables.items()]]
    )


def _trial(trial: Trial, family: Family, scores: pd.DataFrame, nouns: Nouns) -> TrialResult:
    system, size, (draw, init) = trial
    metrics = _metrics(scores, nouns)
    return TrialResult("", system, family, "", size, draw, init, "finished", metrics=metrics, scores=scores)


def _metrics(scores: pd.DataFrame, nouns: Nouns) -> dict[str, float]:
    """Scores -> what a trial keeps: of one number the rate alone, as it has no interval."""
    if len(scores) == 1:
        return {nouns.metric: ratio(float(scores["errors"].iloc[0]), float(scores["total"].iloc[0]))}
    more = error_metrics(scores) if "reference" in scores else {}
    return {**more, **rate_metrics(scores, nouns.metric)}
