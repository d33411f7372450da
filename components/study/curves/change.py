"""Change: two learning curves of the same draws and tests -> how much more the one errs than the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.study.curves.crossing import Crossover, shared_sizes
from components.study.curves.lead import difference_parts
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import LEVEL, TAILS, TINY, calibrated
from components.study.quantiles import t_tail


@dataclass(frozen=True, eq=False)
class Change:
    """Difference of two error rates by training size, after less before: below zero is better.

    Attributes
    ----------
    sizes, difference : (sizes,)
    low, high : (sizes,)
        95 % interval of the difference.
    p_value : (sizes,)
        Of a paired test, corrected for one test at every size (Holm, 1979).
    """

    sizes: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray

    @property
    def significantly_lower(self) -> np.ndarray:
        """Sizes at which `after` errs less, by a test of the 5 % level over all sizes."""
        return self.sizes[(self.p_value < 1 - LEVEL) & (self.difference < 0)]

    @property
    def significantly_higher(self) -> np.ndarray:
        """Sizes at which `after` errs more, by a test of the 5 % level over all sizes."""
        return self.sizes[(self.p_value < 1 - LEVEL) & (self.difference > 0)]


def change(curves: LearningCurves, before: str, after: str) -> Change:
    """Learning curves and the names of two -> their difference at every size that both have.

    The same draws and groups are resampled for both, so that what they share cancels; the interval is made
    as those of the curves are (see components.study.curves.resampling).
    """
    sizes = shared_sizes(curves, before, after)
    parts, error, df = difference_parts(curves, before, after, sizes)
    difference = parts[0][0]
    low, high = np.quantile(calibrated(parts, curves.repetitions, curves.groups), TAILS, axis=0)
    p_values = 2 * t_tail(np.abs(difference) / np.maximum(error, TINY), df)
    return Change(sizes, difference, low, high, holm(p_values))


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values of several tests -> each corrected for all of them being made (Holm, 1979)."""
    order = np.argsort(p_values)
    raised = np.maximum.accumulate(p_values[order] * np.arange(len(p_values), 0, -1))
    return np.minimum(raised, 1.0)[np.argsort(order)]


def same_answer(first: Crossover, second: Crossover) -> bool:
    """Two crossovers -> whether a reader would do the same: both within the sizes, each in the other's
    interval; or both already below, or both never."""
    if first.outcome != second.outcome or first.estimate is None or second.estimate is None:
        return first.outcome == second.outcome
    return first.low <= second.estimate <= first.high and second.low <= first.estimate <= second.high
