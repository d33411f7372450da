"""Moved: the crossovers of two studies -> whether the answer is another one."""

from __future__ import annotations

from typing import Literal

import numpy as np

from components.study.curves.crossing import Crossover


def moved(before: Crossover, after: Crossover) -> Literal["stayed", "moved", "unclear"]:
    """Two crossovers -> whether the answer is another one.

    "stayed": each lies in the other's interval. "moved": the intervals lie apart. What lies below the
    smallest size, or beyond the largest, is anywhere there.
    """
    spans = [_span(one.low, one.high, one) for one in (before, after)]
    places = [_span(*_place(one), one) for one in (before, after)]
    if not _touch(*spans):
        return "moved"
    return "stayed" if _touch(places[0], spans[1]) and _touch(places[1], spans[0]) else "unclear"


def _place(found: Crossover) -> tuple[float, float]:
    at = {"below": 0.0, "never": np.inf}.get(found.outcome, found.estimate)
    return at, at


def _span(low: float, high: float, found: Crossover) -> tuple[float, float]:
    return min(low, found.sizes[-1]), max(high, found.sizes[0])


def _touch(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
