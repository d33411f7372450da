"""Learning curves: error counts -> error rate by training size, with 95 % intervals.

Three things move a learning curve: which examples were drawn for training, how training was initialised,
and which groups were tested. All three are in the interval (see components.study.curves.resampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.study.counts import score_interval
from components.study.curves.error_counts import ErrorCounts, count_errors
from components.study.curves.resampling import BEST, TAILS, calibrated, rates, weights
from components.study.results import Family, TrialResult


@dataclass(frozen=True, eq=False)
class Curve:
    """Error rate by training size of one recogniser, or of the best of one family.

    Attributes
    ----------
    name, family
        Of the recogniser, or of the best of a family (BEST).
    sizes, rate, low, high, trials : (sizes,)
        Only sizes at which every test example was scored; low and high bound the 95 % interval, nan where
        there was one run on one block of the test, which has no luck that could be told.
    runs : (runs, sizes)
        The rate of each (draw, init) alone, nan if it failed.
    """

    name: str
    family: Family
    sizes: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    trials: np.ndarray
    runs: np.ndarray


@dataclass(frozen=True, eq=False)
class LearningCurves:
    """All curves of a study, and the replications from which differences get their intervals.

    Attributes
    ----------
    curves
        By name, recognisers first, then the best of each family (names in BEST).
    members
        Recognisers behind each name.
    sizes
        All training sizes.
    draws
        Of the training examples.
    repetitions
        Independent ones: the draws, or the inits of a single draw.
    groups
        Blocks of test examples.
    log_rate : (1, curves, sizes)
        nan where not measured.
    both, by_draw, by_group : (replications, curves, sizes)
        Log rates with draws and groups resampled, with draws alone, and with groups alone.
    """

    curves: dict[str, Curve]
    members: dict[str, tuple[str, ...]]
    sizes: np.ndarray
    draws: int
    repetitions: int
    groups: int
    log_rate: np.ndarray
    both: np.ndarray
    by_draw: np.ndarray
    by_group: np.ndarray

    @property
    def replicates(self) -> tuple[np.ndarray, ...]:
        """Log rates (1 or replications, curves, sizes): as measured, then the three kinds of replicates."""
        return self.log_rate, self.both, self.by_draw, self.by_group

    def row(self, name: str) -> int:
        """Place of a curve on the middle axis of the replications."""
        return list(self.curves).index(name)


def learning_curves(trials: Sequence[TrialResult], seed: int = 0, replications: int = 2000) -> LearningCurves:
    """Trials -> learning curves of every recogniser and of the best of each family.

    At each size, the errors of a test group are averaged over the runs that have them, then summed over
    groups and divided once by their total: a failed trial takes nothing away from the groups it would have
    scored. The best of a family is chosen, for each tenth of the test groups, on the other nine tenths, and
    so is never flattered by the examples it was chosen on.
    """
    return curves_of_counts(count_errors(trials), seed, replications)


def curves_of_counts(counts: ErrorCounts, seed: int = 0, replications: int = 2000) -> LearningCurves:
    """Error counts -> learning curves, as `learning_curves` gives them for trials."""
    rng = np.random.default_rng(seed)
    repetitions, groups = int(counts.repetition.max()) + 1, len(counts.totals)
    by_run = weights(rng, repetitions, replications)[:, counts.repetition]
    by_group = weights(rng, groups, replications)
    same_runs, same_groups = np.ones((1, len(counts.runs))), np.ones((1, groups))
    floor = 0.5 / max(counts.totals.sum(), 1)
    parts = point, *_ = tuple(
        np.log(rates(counts, runs, blocks) + floor)
        for runs, blocks in (
            (same_runs, same_groups),
            (by_run, by_group),
            (by_run, same_groups),
            (same_runs, by_group),
        )
    )
    spread = calibrated(parts, repetitions, groups)
    curves, members = _curves(counts, np.exp(point[0]) - floor, np.exp(spread) - floor)
    sizes = np.array(counts.sizes)
    draws = len({draw for draw, _ in counts.runs})
    return LearningCurves(curves, members, sizes, draws, repetitions, groups, *parts)


def _curves(
    counts: ErrorCounts, rate: np.ndarray, spread: np.ndarray
) -> tuple[dict[str, Curve], dict[str, tuple[str, ...]]]:
    """Rates (curves, sizes) and replications of them -> curves by name, and who is behind each name."""
    members = {name: (name,) for name in counts.recognisers}
    families = dict(zip(counts.recognisers, counts.families, strict=True))
    for family, best in BEST.items():
        of_family = tuple(name for name in counts.recognisers if families[name] == family)
        if of_family:
            members[best], families[best] = of_family, family
    curves = {}
    for row, name in enumerate(members):
        measured = np.isfinite(rate[row])
        curves[name] = _curve(
            counts, name, families[name], members[name], measured, rate[row], spread[:, row]
        )
    return curves, members


def _curve(
    counts: ErrorCounts,
    name: str,
    family: Family,
    members: Sequence[str],
    measured: np.ndarray,
    rate: np.ndarray,
    spread: np.ndarray,
) -> Curve:
    """One row of rates (sizes,) and replications (replications, sizes) -> one curve."""
    total, rows = max(counts.totals.sum(), 1), [counts.recognisers.index(member) for member in members]
    low, high = np.quantile(spread[:, measured], TAILS, axis=0)
    least = np.array([score_interval(value * total, total) for value in rate[measured]]).reshape(-1, 2)
    errors, scored = counts.errors[:, rows].sum(axis=-1), counts.scored[:, rows].sum(axis=-1)
    complete = scored >= counts.examples.sum()
    runs = np.where(complete, errors / total, np.nan)  # (runs, members, sizes)
    known = (len(counts.totals) > 1) | ((scored > 0).any(axis=1).sum(axis=0)[measured] > 1)
    alone = runs[:, 0] if len(rows) == 1 else np.full(runs[:, 0].shape, np.nan)
    return Curve(
        name=name,
        family=family,
        sizes=np.array(counts.sizes)[measured],
        rate=np.maximum(rate[measured], 0.0),
        low=np.where(known, np.maximum(np.minimum(low, least[:, 0]), 0.0), np.nan),
        high=np.where(known, np.maximum(high, least[:, 1]), np.nan),
        trials=(scored > 0).sum(axis=(0, 1))[measured],
        runs=alone[:, measured],
    )
