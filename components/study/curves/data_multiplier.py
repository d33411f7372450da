"""Data multiplier: two learning curves -> how many times the data the better recogniser saves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.study.curves.crossing import interval, last_crossing, shared_sizes
from components.study.curves.lead import Lead, curve_parts, lead_of
from components.study.curves.learning import LearningCurves


@dataclass(frozen=True)
class DataMultiplier:
    """`better` reaches with size / times labelled examples what `worse` reaches with size of them.

    Attributes
    ----------
    better, worse
        Names of the two.
    size
        The largest that both were measured at.
    times
        None where the fewest examples tried are enough for `better` already.
    low, high
        95 % interval; low is 0 where `better` may be no better at all, high infinity where it may need
        fewer than the fewest tried.
    """

    better: str
    worse: str
    size: int
    times: float | None
    low: float
    high: float


def data_multiplier(curves: LearningCurves, first: str, second: str) -> DataMultiplier | None:
    """Two curves by name -> the data multiplier of that which errs less at the largest size they share.

    Sought is the size from which the better stays below the error of the other at the largest size; it lies
    within the sizes measured, and has its interval as a crossover has. None if they share no size, or err
    the same.
    """
    sizes = shared_sizes(curves, first, second)
    for better, worse in ((first, second), (second, first)) if len(sizes) else ():
        lead = _lead_over_the_last(curves, better, worse, sizes)
        if lead.at[-1] > 0:
            most, needed = int(sizes[-1]), last_crossing(sizes, lead.at)
            low, high = (most / end if end else np.inf for end in reversed(interval(lead)))
            return DataMultiplier(better, worse, most, most / needed if needed else None, low, high)
    return None


def _lead_over_the_last(curves: LearningCurves, better: str, worse: str, sizes: np.ndarray) -> Lead:
    """Lead of one curve over what the other has at the largest size."""
    parts = [(rates[:, 1, -1:], rates[:, 0]) for rates in curve_parts(curves, (better, worse), sizes)]
    return lead_of(curves, sizes, parts)
