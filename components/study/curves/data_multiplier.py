"""Worth: two learning curves -> how many times the data the better recogniser is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.study.curves.crossing import interval, last_crossing, shared_sizes
from components.study.curves.lead import Lead, curve_parts, lead_of
from components.study.curves.learning import LearningCurves


@dataclass(frozen=True)
class Worth:
    """What `other` reaches with size labelled utterances, `better` reaches with size / times of them.

    times: None where the fewest tried are enough for `better` already. low, high: 95 % interval; low is 0
    where `better` may be no better at all, high infinity where it may need fewer than the fewest tried.
    """

    better: str
    other: str
    size: int
    times: float | None
    low: float
    high: float


def worth(curves: LearningCurves, one: str, other: str) -> Worth | None:
    """Two curves by name -> what the one that errs less at the largest size they share is worth there.

    Sought is the size from which the better stays below the error of the other at the largest size; it lies
    within the sizes measured, and has its interval as a crossover has. None if they share no size, or err
    the same.
    """
    sizes = shared_sizes(curves, one, other)
    for better, worse in ((one, other), (other, one)) if len(sizes) else ():
        found = _against_the_last(curves, better, worse, sizes)
        if found.at[-1] > 0:
            most, needed = int(sizes[-1]), last_crossing(sizes, found.at)
            low, high = (most / end if end else np.inf for end in reversed(interval(found)))
            return Worth(better, worse, most, most / needed if needed else None, low, high)
    return None


def _against_the_last(curves: LearningCurves, better: str, other: str, sizes: np.ndarray) -> Lead:
    """Lead of one curve over what the other has at the largest size."""
    parts = [(rates[:, 1, -1:], rates[:, 0]) for rates in curve_parts(curves, (better, other), sizes)]
    return lead_of(curves, sizes, parts)
