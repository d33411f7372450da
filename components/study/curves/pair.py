"""Pairs: systems of one family, two at a time -> which errs less, by how much, how surely, from where on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from components.study.curves.change import Change, change
from components.study.curves.crossing import Crossover, crossover, shared_sizes
from components.study.curves.learning import LearningCurves
from components.study.results import StudyRecord


@dataclass(frozen=True, eq=False)
class Pair:
    """Two systems that learned from the same draws and were tested on the same examples.

    Attributes
    ----------
    before, after
        Their names; `after` is what is tried in place of `before`.
    rates : (2, sizes)
        Error rates of both at every size that both have.
    change
        After less before; its interval is nan with one draw, whose luck it would leave out.
    crossover
        From where on the one that errs less at the largest size (its end_to_end) stays ahead of the other.
    """

    before: str
    after: str
    rates: np.ndarray
    change: Change
    crossover: Crossover

    @property
    def sure(self) -> bool:
        """Whether the interval of the difference at the largest size leaves zero out."""
        return bool(self.change.low[-1] > 0 or self.change.high[-1] < 0)

    @property
    def alike(self) -> bool:
        """Whether both make as many errors at the largest size."""
        return math.isclose(*self.rates[:, -1])


def pairs(record: StudyRecord, curves: LearningCurves | None) -> list[Pair]:
    """A study and its curves -> the pairs of one family that it was made to compare.

    Where one family alone was asked for, its first system with each other one; else each variant, BASE:NAME,
    with its base. Those that share no size, or of which all trials failed, are left out.
    """
    if curves is None:
        return []
    names = [name for name in record.recognisers if name in curves.curves]
    if len(record.families) == 1:
        asked = [(names[0], other) for other in names[1:]]
    else:
        asked = [(base, name) for name in names if (base := name.rpartition(":")[0]) in names]
    return [compared(curves, *both) for both in asked if len(shared_sizes(curves, *both))]


def compared(curves: LearningCurves, before: str, after: str) -> Pair:
    """Two systems by name, which share a size -> their pair."""
    changed, sizes = change(curves, before, after), shared_sizes(curves, before, after)
    if curves.draws < 2:
        unknown = np.full(len(sizes), np.nan)
        changed = replace(changed, low=unknown, high=unknown, p_value=np.ones(len(sizes)))
    worse, better = (before, after) if changed.difference[-1] <= 0 else (after, before)
    both = [curves.curves[name] for name in (before, after)]
    rates = np.array([curve.rate[np.isin(curve.sizes, sizes)] for curve in both])
    return Pair(before, after, rates, changed, crossover(curves, worse, better))
