"""Change: two learning curves of the same clips and tests -> how much more the one errs than the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from components.study.curves.crossing import Crossover, shared_sizes
from components.study.curves.lead import difference_parts
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import LEVEL, TAILS, TINY, stretched


@dataclass(frozen=True, eq=False)
class Change:
    """Difference of two word error rates by training size, after less before: below zero is better.

    sizes, difference, low, high: (sizes,); low and high bound its 95 % interval. chance: (sizes,), how often
    a paired test would find as much where there is no difference, corrected for being asked at every size
    (Holm, 1979).
    """

    sizes: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    chance: np.ndarray

    @property
    def surely_lower(self) -> np.ndarray:
        """Sizes at which `after` errs less, so far as a test of the 5 % level over all sizes can tell."""
        return self.sizes[(self.chance < 1 - LEVEL) & (self.difference < 0)]

    @property
    def surely_higher(self) -> np.ndarray:
        """Sizes at which `after` errs more, so far as a test of the 5 % level over all sizes can tell."""
        return self.sizes[(self.chance < 1 - LEVEL) & (self.difference > 0)]


def change(curves: LearningCurves, before: str, after: str) -> Change:
    """Learning curves and the names of two -> their difference at every size that both have.

    The same draws and speakers are drawn again for both, so that what they share cancels; the interval is
    made as those of the curves are (see components.study.curves.resampling).
    """
    sizes = shared_sizes(curves, before, after)
    apart, error, freedom = difference_parts(curves, before, after, sizes)
    low, high = np.quantile(stretched(apart, curves.repetitions, curves.speakers), TAILS, axis=0)
    single = 2 * t.sf(np.abs(apart[0][0]) / np.maximum(error, TINY), freedom)
    return Change(sizes, apart[0][0], low, high, holm(single))


def holm(chances: np.ndarray) -> np.ndarray:
    """Chances of several tests -> each as it counts where all of them are made (Holm, 1979)."""
    order = np.argsort(chances)
    raised = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    return np.minimum(raised, 1.0)[np.argsort(order)]


def same_answer(one: Crossover, other: Crossover) -> bool:
    """Two crossovers -> whether a reader would do the same: both within the sizes, each in the other's
    interval; or both already below, or both never."""
    if one.outcome != other.outcome or one.estimate is None or other.estimate is None:
        return one.outcome == other.outcome
    return one.low <= other.estimate <= one.high and other.low <= one.estimate <= other.high
