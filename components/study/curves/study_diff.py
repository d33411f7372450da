"""Study diff: two studies -> how much more each recogniser errs in the later one, tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from components.study.curves.change import holm
from components.study.curves.crossing import shared_sizes
from components.study.curves.lead import curve_parts, difference_parts
from components.study.curves.learning import LearningCurves, learning_curves
from components.study.curves.resampling import LEVEL, TAILS, TINY, standard_error
from components.study.quantiles import t_quantile, t_tail
from components.study.results import StudyRecord, TrialResult

EARLIER = "earlier "  # before the name of a recogniser: no recogniser's has a space
COLUMNS = ("recogniser", "size", "before", "after", "difference", "low", "high", "p_value")


@dataclass(frozen=True, eq=False)
class StudyDiff:
    """Two studies, by recogniser and size, where both measured the same: columns as in COLUMNS.

    before, after: error rates. difference: after less before, so below zero is better; low and high bound its
    95 % interval. p_value: of a test of no difference, corrected for one test at every size of every
    recogniser (Holm, 1979); 1 where both have the very same runs. paired: were both tested on the same
    examples? repetitions: independent trainings in the one that has fewer; with one only, the interval leaves
    out the luck of training.
    """

    table: pd.DataFrame
    paired: bool
    repetitions: int

    @property
    def significant(self) -> pd.Series:
        """Rows that differ beyond luck; none if no training was repeated, as nothing tells its luck."""
        return (self.table["p_value"] < 1 - LEVEL) & (self.repetitions > 1)

    @property
    def worse(self) -> pd.DataFrame:
        """The rows that are worse beyond luck."""
        return self.table[self.significant & (self.table["difference"] > 0)]


def study_diff(before: StudyRecord, after: StudyRecord, replications: int = 2000) -> StudyDiff:
    """Two studies -> their differences; an empty table where they share no recogniser and size.

    Tested on the same examples, the same draws and groups are resampled for both, so that what they share
    cancels. Otherwise each is resampled alone, and the two variances are added (Welch, 1947).
    """
    names = [name for name in after.recognisers if name in before.recognisers]
    sides = [[trial for trial in study.finished if trial.recogniser in names] for study in (before, after)]
    paired = same_test(before, after)
    if not all(sides):
        return StudyDiff(pd.DataFrame(columns=list(COLUMNS)), paired, 0)
    compare = _compare_paired if paired else _compare_apart
    compared = compare(names, *sides, replications)
    totals = [sum(table["total"].sum() for table in _tests(side).values()) for side in sides]
    rows = [row for name in names if name in compared for row in _rows(name, compared[name], totals, paired)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    tested = ~_same_runs(table, *sides)
    table["p_value"] = table["p_value"].where(tested, 1.0)
    table.loc[tested, "p_value"] = holm(table.loc[tested, "p_value"].to_numpy(float))
    return StudyDiff(table, paired, min(map(_repetitions, sides)))


def same_test(before: StudyRecord, after: StudyRecord) -> bool:
    """Were two studies tested on the same examples of the same data?"""
    same_data = before.dataset.get("fingerprint") == after.dataset.get("fingerprint")
    return same_data and _test_examples(before) == _test_examples(after)


def _tests(trials: Sequence[TrialResult]) -> dict[str, pd.DataFrame]:
    """Fold -> its test examples, as scored in one of its trials."""
    return {trial.fold: trial.scores for trial in trials}


def _test_examples(record: StudyRecord) -> set[tuple]:
    """Fold, id, group, total and, where the subject has one, reference of every test example."""
    columns = ["id", "group", "total", "reference"]
    tests = _tests(record.finished).items()
    tables = [(fold, table[[name for name in columns if name in table]]) for fold, table in tests]
    return {(fold, *row) for fold, table in tables for row in table.itertuples(index=False)}


def _repetitions(trials: Sequence[TrialResult]) -> int:
    return max(len({trial.draw for trial in trials}), len({trial.init for trial in trials}))


@dataclass(frozen=True, eq=False)
class _RatePair:
    """One recogniser in both studies: rates, standard error of their difference and its df; each (sizes,)."""

    sizes: np.ndarray
    before: np.ndarray
    after: np.ndarray
    error: np.ndarray
    df: np.ndarray


def _compare_paired(
    names: Sequence[str], before: Sequence[TrialResult], after: Sequence[TrialResult], replications: int
) -> dict[str, _RatePair]:
    """Both sides resampled as one study, in which each recogniser has two names."""
    renamed = [replace(trial, recogniser=EARLIER + trial.recogniser) for trial in before]
    curves, compared = learning_curves([*renamed, *after], replications=replications), {}
    for name in names:
        pair = EARLIER + name, name
        if curves.curves.keys() >= {*pair}:
            sizes = shared_sizes(curves, *pair)
            _, error, df = difference_parts(curves, *pair, sizes)
            compared[name] = _RatePair(sizes, *(_measured(curves, each, sizes) for each in pair), error, df)
    return compared


def _compare_apart(
    names: Sequence[str], before: Sequence[TrialResult], after: Sequence[TrialResult], replications: int
) -> dict[str, _RatePair]:
    """Each side resampled alone."""
    both = [learning_curves(side, replications=replications) for side in (before, after)]
    shared = [name for name in names if all(name in curves.curves for curves in both)]
    return {name: _rate_pair(name, both) for name in shared}


def _rate_pair(name: str, both: Sequence[LearningCurves]) -> _RatePair:
    """Independent curves of one recogniser -> rates and standard error of their difference (Welch, 1947)."""
    sizes = np.intersect1d(*(curves.curves[name].sizes for curves in both))
    # (studies, sizes) each
    errors, dfs = np.array([_error(curves, name, sizes) for curves in both]).swapaxes(0, 1)
    uncertainty = np.maximum((errors**4 / dfs).sum(axis=0), TINY**4)
    df = np.maximum((errors**2).sum(axis=0) ** 2 / uncertainty, dfs.min(axis=0))
    return _RatePair(sizes, *(_measured(curves, name, sizes) for curves in both), np.hypot(*errors), df)


def _measured(curves: LearningCurves, name: str, sizes: np.ndarray) -> np.ndarray:
    curve = curves.curves[name]
    return curve.rate[np.isin(curve.sizes, sizes)]


def _error(curves: LearningCurves, name: str, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve -> the standard error of its rates, and degrees of freedom, (sizes,) each."""
    parts = [part[:, 0] for part in curve_parts(curves, [name], sizes)]
    return standard_error(parts, curves.repetitions, curves.groups)


def _rows(name: str, pair: _RatePair, totals: Sequence[float], paired: bool) -> list[tuple]:
    """One recogniser -> its rows of the table, with uncorrected p-values."""
    difference = pair.after - pair.before
    error = np.maximum(pair.error, least_error(pair.before, pair.after, totals, paired))
    margin = t_quantile(TAILS[1], pair.df) * error
    p_value = 2 * t_tail(np.abs(difference) / error, pair.df)
    low, high = np.maximum(difference - margin, -pair.before), difference + margin
    columns = (pair.sizes.tolist(), pair.before, pair.after, difference, low, high, p_value)
    return [(name, *row) for row in zip(*columns, strict=True)]


def least_error(before: np.ndarray, after: np.ndarray, totals: Sequence[float], paired: bool) -> np.ndarray:
    """Two error rates, and total units of each test -> the least standard error that so many leave open.

    A bootstrap of no error, or of groups that err alike, has no width. On the same units, those that turned
    wrong are taken as independent, and half a unit is added to each kind (Agresti and Min, 2005); on others,
    all are, and one unit right and one wrong are added (Agresti and Caffo, 2000).
    """
    if paired:
        changed, total = (after - before) * totals[1], totals[1] + 2
        return np.sqrt(np.abs(changed) + 1 - np.minimum(changed**2 / total, np.abs(changed))) / total
    rates = [(rate * n + 1) / (n + 2) for rate, n in zip((before, after), totals, strict=True)]
    variances = [rate * np.maximum(1 - rate, 0) / (n + 2) for rate, n in zip(rates, totals, strict=True)]
    return np.sqrt(sum(variances))


def _same_runs(
    table: pd.DataFrame, before: Sequence[TrialResult], after: Sequence[TrialResult]
) -> np.ndarray:
    """Rows that rest on the very same runs in both studies: there is nothing to test."""
    runs = [_runs_by_cell(side) for side in (before, after)]
    cells = zip(table["recogniser"], table["size"], strict=True)
    return np.array([runs[0][cell] == runs[1][cell] for cell in cells], dtype=bool)


def _runs_by_cell(trials: Sequence[TrialResult]) -> dict[tuple[str, int], set[str]]:
    """Trials -> (recogniser, size) -> ids of their runs."""
    runs: dict[tuple[str, int], set[str]] = {}
    for trial in trials:
        runs.setdefault((trial.recogniser, trial.size), set()).add(trial.run_id)
    return runs
