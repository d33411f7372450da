"""Crossing: two learning curves -> the training size from which end-to-end stays ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from components.study.curves.lead import Lead, interpolated, lead_between
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import BEST, LEVEL, TAILS


@dataclass(frozen=True)
class Crossover:
    """Where the end-to-end error falls below the modular error, and stays below.

    Attributes
    ----------
    modular, end_to_end
        Names of the two curves.
    sizes
        Training sizes at which both were measured.
    outcome, estimate
        Of the measured curves; the estimate is None unless the outcome is "inside".
    low, high
        95 % interval in training sizes; 0 stands for below the smallest size compared, infinity for never
        within the sizes compared.
    below, inside, never
        How likely each is, as shares of the replications; they sum to 1.
    crossings
        Every change of lead of the measured curves, in order.
    leads
        Does end-to-end lead at each of the sizes?
    draws
        Of the training examples; with fewer than 2 the interval leaves out what another draw would change.
    """

    modular: str
    end_to_end: str
    sizes: tuple[float, ...]
    outcome: Literal["below", "inside", "never"]
    estimate: float | None
    low: float
    high: float
    below: float
    inside: float
    never: float
    crossings: tuple[float, ...]
    leads: tuple[bool, ...]
    draws: int


def crossovers(curves: LearningCurves) -> list[Crossover]:
    """Learning curves -> the crossover of the best of each family, then that of every pair.

    Pairs that share no training size are left out.
    """
    names = {family: [n for n, c in curves.curves.items() if c.family == family] for family in BEST}
    both_best = tuple(BEST.values())
    pairs = sorted(product(names["modular"], names["end-to-end"]), key=lambda pair: pair != both_best)
    same_kind = [(m, e) for m, e in pairs if (m == BEST["modular"]) == (e == BEST["end-to-end"])]
    shared = [pair for pair in same_kind if len(shared_sizes(curves, *pair))]
    return [crossover(curves, modular, end_to_end) for modular, end_to_end in shared]


def shared_sizes(curves: LearningCurves, modular: str, end_to_end: str) -> np.ndarray:
    """Training sizes at which both curves were measured."""
    return np.intersect1d(curves.curves[modular].sizes, curves.curves[end_to_end].sizes)


def crossover(curves: LearningCurves, modular: str, end_to_end: str) -> Crossover:
    """Two curves by name -> where end-to-end goes ahead for good within the sizes both have.

    Covered is the crossover of the expected curves: means over all draws, inits and groups. The interval
    holds every size at which a test of the 5 % level does not tell the two apart (after Fieller, 1954),
    unless modular is significantly ahead at a larger one. Raises ValueError if they share no size.
    """
    sizes = shared_sizes(curves, modular, end_to_end)
    if not len(sizes):
        raise ValueError(
            f"crossover expected a training size that {modular} and {end_to_end} share, got none; "
            "run both at one size at least."
        )
    return described(modular, end_to_end, lead_between(curves, modular, end_to_end, sizes), curves.draws)


def described(modular: str, end_to_end: str, lead: Lead, draws: int) -> Crossover:
    """A lead, and between whom -> the crossover in it."""
    estimate, (low, high) = last_crossing(lead.sizes, lead.at), interval(lead)
    always, last = (lead.replicates > 0).all(axis=1), lead.replicates[:, -1] > 0
    return Crossover(
        *(modular, end_to_end, tuple(lead.sizes.tolist())),
        "below" if estimate == 0 else "never" if np.isinf(estimate) else "inside",
        estimate if 0 < estimate < np.inf else None,
        *(low, high, *(float(np.mean(cases)) for cases in (always, last & ~always, ~last))),
        all_crossings(lead.sizes, lead.at),
        tuple(bool(at > 0) for at in lead.at),
        draws,
    )


def interval(lead: Lead) -> tuple[float, float]:
    """A lead -> the smallest and the largest crossover that it leaves open (0: below, infinity: never).

    Each is put to a test of the 5 % level of its own: a size to a two-sided one, for the lead is zero there;
    below and never to a one-sided one, for the lead is then anything above or below zero.
    """
    two_sided, one_sided = lead.margin(TAILS[1]), lead.margin(LEVEL)
    ahead, behind = lead.lead > two_sided, lead.lead < -two_sided
    lost_later = np.append(np.cumsum(behind[::-1])[::-1][1:] > 0, False)
    inside = np.exp(lead.fine[~ahead & ~behind & ~lost_later])
    open_ = [last_crossing(lead.sizes, lead.at), *inside[:1], *inside[-1:]]
    open_ += [] if (lead.lead < -one_sided).any() else [0.0]
    open_ += [] if lead.lead[-1] > one_sided[-1] else [np.inf]
    return float(min(open_)), float(max(open_))


def last_crossing(sizes: np.ndarray, leads: np.ndarray) -> float:
    """Leads of end-to-end (sizes,) -> size from which it leads to the end.

    0 where it leads at every size; infinity where it does not lead at the largest.
    """
    if leads[-1] <= 0:
        return np.inf
    return max(all_crossings(sizes, leads), default=0.0)


def all_crossings(sizes: np.ndarray, leads: np.ndarray) -> tuple[float, ...]:
    """Leads (sizes,) -> every size at which the lead changes hands, smallest first."""
    fine, (lead,) = interpolated(sizes, leads[None])
    before = np.flatnonzero(np.diff(lead > 0))
    share = lead[before] / (lead[before] - lead[before + 1])  # of a straight line between two steps
    return tuple(float(size) for size in np.exp(fine[before] + share * (fine[before + 1] - fine[before])))


def leader(curves: LearningCurves, name: str, size: float) -> str:
    """The recogniser behind a curve that errs least at a size, if one was measured on both sides of it.

    Else that which errs least at the nearest size it was measured at.
    """
    members: Sequence[str] = curves.members[name]

    def error(member: str) -> tuple[bool, float]:
        curve = curves.curves[member]
        if not len(curve.sizes):
            return True, np.inf
        outside = not curve.sizes[0] <= size <= curve.sizes[-1]
        return outside, float(np.interp(np.log(size), np.log(curve.sizes), curve.rate))

    return min(members, key=error)
