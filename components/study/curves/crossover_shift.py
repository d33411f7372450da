"""Crossover shift: the crossovers of two studies -> whether the second lies elsewhere."""

from __future__ import annotations

from typing import Literal

import numpy as np

from components.study.curves.crossing import Crossover


def crossover_shift(before: Crossover, after: Crossover) -> Literal["stayed", "moved", "unclear"]:
    """Two crossovers -> whether they differ beyond their intervals.

    "stayed": each lies in the other's interval. "moved": the intervals lie apart. What lies below the
    smallest size, or beyond the largest, is anywhere there.
    """
    intervals = [_interval(each.low, each.high, each) for each in (before, after)]
    points = [_interval(_point(each), _point(each), each) for each in (before, after)]
    if not _overlap(*intervals):
        return "moved"
    inside = _overlap(points[0], intervals[1]) and _overlap(points[1], intervals[0])
    return "stayed" if inside else "unclear"


def _point(crossover: Crossover) -> float:
    return {"below": 0.0, "never": np.inf}.get(crossover.outcome, crossover.estimate)


def _interval(low: float, high: float, crossover: Crossover) -> tuple[float, float]:
    return min(low, crossover.sizes[-1]), max(high, crossover.sizes[0])


def _overlap(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]
