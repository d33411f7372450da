"""Change: two learning curves of the same clips and tests -> how much more the one errs than the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.curves.crossing import Crossover, shared_sizes
from components.curves.learning import LearningCurves
from components.curves.resampling import LEVEL, stretched


@dataclass(frozen=True, eq=False)
class Change:
    """Difference of two word error rates by training size, after less before: below zero is better.

    sizes, difference, low, high: (sizes,); low and high bound its 95 % interval.
    """

    sizes: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray


def change(curves: LearningCurves, before: str, after: str) -> Change:
    """Learning curves and the names of two -> their difference at every size that both have.

    The same draws and speakers are drawn again for both, so that what they share cancels; the interval is
    made as those of the curves are (see components.curves.resampling).
    """
    sizes = shared_sizes(curves, before, after)
    columns, rows = np.isin(curves.sizes, sizes), (curves.row(before), curves.row(after))
    parts = (curves.log_rate, curves.both, curves.by_draw, curves.by_speaker)
    # what was added to every rate before its logarithm was taken cancels in a difference
    apart = [np.exp(part[:, rows[1]][:, columns]) - np.exp(part[:, rows[0]][:, columns]) for part in parts]
    spread = stretched(*apart, curves.repetitions, curves.speakers)
    low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Change(sizes, apart[0][0], low, high)


def same_answer(one: Crossover, other: Crossover) -> bool:
    """Two crossovers -> whether a reader would do the same: both within the sizes, each in the other's
    interval; or both already below, or both never."""
    if one.outcome != other.outcome or one.estimate is None or other.estimate is None:
        return one.outcome == other.outcome
    return one.low <= other.estimate <= one.high and other.low <= one.estimate <= other.high
