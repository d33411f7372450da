"""Beside: two studies -> how much more each recogniser errs in the later one, and whether that is luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import t

from components.study.curves.change import holm
from components.study.curves.crossing import shared_sizes
from components.study.curves.lead import curve_parts, difference_parts
from components.study.curves.learning import LearningCurves, learning_curves
from components.study.curves.resampling import LEVEL, TAILS, TINY, standard_error
from components.study.results import StudyRecord, TrialResult

EARLIER = "earlier "  # before the name of a recogniser: no recogniser's has a space
COLUMNS = ("recogniser", "size", "before", "after", "difference", "low", "high", "chance")


@dataclass(frozen=True, eq=False)
class Beside:
    """Two studies, by recogniser and size, where both measured the same: columns as in COLUMNS.

    before, after: word error rates. difference: after less before, so below zero is better; low and high
    bound its 95 % interval. chance: how often a test would find as much where nothing has changed, corrected
    for being made at every size of every recogniser (Holm, 1979); 1 where both have the very same runs.
    paired: were both tested on the same clips? repetitions: independent trainings in the one that has fewer;
    with one only, the interval leaves out the luck of training.
    """

    table: pd.DataFrame
    paired: bool
    repetitions: int

    @property
    def sure(self) -> pd.Series:
        """Rows that differ beyond luck; none if no training was repeated, as nothing says its luck."""
        return (self.table["chance"] < 1 - LEVEL) & (self.repetitions > 1)

    @property
    def worse(self) -> pd.DataFrame:
        """The rows that are worse beyond luck."""
        return self.table[self.sure & (self.table["difference"] > 0)]


def beside(before: StudyRecord, after: StudyRecord, replications: int = 2000) -> Beside:
    """Two studies -> their differences; an empty table where they share no recogniser and size.

    Tested on the same clips, the same draws and speakers are drawn again for both, so that what they share
    cancels. Otherwise each is resampled alone, and the two variances are added (Welch, 1947).
    """
    names = [name for name in after.recognisers if name in before.recognisers]
    sides = [[trial for trial in one.finished if trial.recogniser in names] for one in (before, after)]
    paired = same_test(before, after)
    if not all(sides):
        return Beside(pd.DataFrame(columns=list(COLUMNS)), paired, 0)
    found = _paired(names, *sides, replications) if paired else _apart(names, *sides, replications)
    words = [sum(table["total"].sum() for table in _tests(side).values()) for side in sides]
    rows = [row for name in names if name in found for row in _rows(name, found[name], words, paired)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    tested = ~_same_runs(table, *sides)
    table["chance"] = table["chance"].where(tested, 1.0)
    table.loc[tested, "chance"] = holm(table.loc[tested, "chance"].to_numpy(float))
    return Beside(table, paired, min(map(_repetitions, sides)))


def same_test(before: StudyRecord, after: StudyRecord) -> bool:
    """Were two studies tested on the same clips of the same corpus?"""
    same_corpus = before.dataset.get("fingerprint") == after.dataset.get("fingerprint")
    return same_corpus and _said(before.finished) == _said(after.finished)


def _tests(trials: Sequence[TrialResult]) -> dict[str, pd.DataFrame]:
    """Fold -> its test utterances, as one of its trials heard them."""
    return {trial.fold: trial.scores for trial in trials}


def _said(trials: Sequence[TrialResult]) -> set[tuple[str, ...]]:
    """Fold, id, group and number of units of every test example."""
    columns = ["id", "group", "total"]
    tests = _tests(trials).items()
    return {(fold, *row) for fold, table in tests for row in table[columns].itertuples(index=False)}


def _repetitions(trials: Sequence[TrialResult]) -> int:
    return max(len({trial.draw for trial in trials}), len({trial.init for trial in trials}))


@dataclass(frozen=True, eq=False)
class _Two:
    """One recogniser in both studies: rates, standard error of their difference, freedom; each (sizes,)."""

    sizes: np.ndarray
    before: np.ndarray
    after: np.ndarray
    error: np.ndarray
    freedom: np.ndarray


def _paired(
    names: Sequence[str], before: Sequence[TrialResult], after: Sequence[TrialResult], replications: int
) -> dict[str, _Two]:
    """Both sides resampled as one study, in which each recogniser has two names."""
    renamed = [replace(trial, recogniser=EARLIER + trial.recogniser) for trial in before]
    both, found = learning_curves([*renamed, *after], replications=replications), {}
    for name in names:
        pair = EARLIER + name, name
        if both.curves.keys() >= {*pair}:
            sizes = shared_sizes(both, *pair)
            _, error, freedom = difference_parts(both, *pair, sizes)
            found[name] = _Two(sizes, *(_measured(both, one, sizes) for one in pair), error, freedom)
    return found


def _apart(
    names: Sequence[str], before: Sequence[TrialResult], after: Sequence[TrialResult], replications: int
) -> dict[str, _Two]:
    """Each side resampled alone."""
    both = [learning_curves(side, replications=replications) for side in (before, after)]
    found = {}
    for name in names:
        if all(name in one.curves for one in both):
            sizes = np.intersect1d(*(one.curves[name].sizes for one in both))
            each = [_error(one, name, sizes) for one in both]
            errors, freedoms = np.array(each).swapaxes(0, 1)  # (studies, sizes) both
            loose = np.maximum((errors**4 / freedoms).sum(axis=0), TINY**4)
            freedom = np.maximum((errors**2).sum(axis=0) ** 2 / loose, freedoms.min(axis=0))
            rates = (_measured(one, name, sizes) for one in both)
            found[name] = _Two(sizes, *rates, np.hypot(*errors), freedom)
    return found


def _measured(curves: LearningCurves, name: str, sizes: np.ndarray) -> np.ndarray:
    curve = curves.curves[name]
    return curve.rate[np.isin(curve.sizes, sizes)]


def _error(curves: LearningCurves, name: str, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve -> the standard error of its rates, and degrees of freedom, (sizes,) each."""
    parts = [part[:, 0] for part in curve_parts(curves, [name], sizes)]
    return standard_error(parts, curves.repetitions, curves.speakers)


def _rows(name: str, two: _Two, words: Sequence[float], paired: bool) -> list[tuple]:
    """One recogniser -> its rows of the table, with the chance of each as if it were tested alone."""
    difference = two.after - two.before
    error = np.maximum(two.error, least_error(two.before, two.after, words, paired))
    margin = t.ppf(TAILS[1], two.freedom) * error
    chance = 2 * t.sf(np.abs(difference) / error, two.freedom)
    low, high = np.maximum(difference - margin, -two.before), difference + margin
    columns = (two.sizes.tolist(), two.before, two.after, difference, low, high, chance)
    return [(name, *row) for row in zip(*columns, strict=True)]


def least_error(before: np.ndarray, after: np.ndarray, words: Sequence[float], paired: bool) -> np.ndarray:
    """Two error rates, and words in each test -> the least standard error that so many words leave open.

    A bootstrap of no error, or of speakers who err alike, has no width. On the same words, those that turned
    wrong are taken as independent, and half a word is added to each kind (Agresti and Min, 2005); on others,
    all are, and one word right and one wrong are added (Agresti and Caffo, 2000).
    """
    if paired:
        changed, total = (after - before) * words[1], words[1] + 2
        return np.sqrt(np.abs(changed) + 1 - np.minimum(changed**2 / total, np.abs(changed))) / total
    rates = [(rate * n + 1) / (n + 2) for rate, n in zip((before, after), words, strict=True)]
    spreads = [rate * np.maximum(1 - rate, 0) / (n + 2) for rate, n in zip(rates, words, strict=True)]
    return np.sqrt(sum(spreads))


def _same_runs(
    table: pd.DataFrame, before: Sequence[TrialResult], after: Sequence[TrialResult]
) -> np.ndarray:
    """Rows that rest on the very same runs in both studies: there is nothing to test."""
    runs = []
    for side in (before, after):
        own: dict[tuple[str, int], set[str]] = {}
        for trial in side:
            own.setdefault((trial.recogniser, trial.size), set()).add(trial.run_id)
        runs.append(own)
    cells = zip(table["recogniser"], table["size"], strict=True)
    return np.array([runs[0][cell] == runs[1][cell] for cell in cells], dtype=bool)
