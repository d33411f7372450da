"""Crossing: two learning curves -> the training size from which end-to-end stays ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np
from scipy.interpolate import PchipInterpolator

from components.curves.learning import LearningCurves
from components.curves.resampling import BEST, LEVEL, stretched

STEPS = 50


@dataclass(frozen=True)
class Crossover:
    """Where the end-to-end error falls below the modular error, and stays below.

    outcome, estimate: of the measured curves; the estimate is None unless the outcome is "inside".
    low, high: 95 % interval in utterances; 0 stands for below the smallest size compared, infinity for
    never within the sizes compared.
    below, inside, never: shares of the replications; they sum to 1.
    crossings: every change of lead of the measured curves, in order.
    leads: does end-to-end lead at each of the sizes?
    draws: of the training clips; with fewer than 2 the interval leaves out what another draw would change.
    """

    modular: str
    end_to_end: str
    sizes: tuple[int, ...]
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
    alike = [(m, e) for m, e in pairs if (m == BEST["modular"]) == (e == BEST["end-to-end"])]
    shared = [pair for pair in alike if len(shared_sizes(curves, *pair))]
    return [crossover(curves, modular, end_to_end) for modular, end_to_end in shared]


def shared_sizes(curves: LearningCurves, modular: str, end_to_end: str) -> np.ndarray:
    """Training sizes at which both curves were measured."""
    return np.intersect1d(curves.curves[modular].sizes, curves.curves[end_to_end].sizes)


def crossover(curves: LearningCurves, modular: str, end_to_end: str) -> Crossover:
    """Two curves by name -> where end-to-end goes ahead for good within the sizes both have.

    The difference of the log error rates is interpolated over log size without overshoot (Fritsch and
    Carlson, 1980), never beyond the sizes measured. Raises ValueError if they share no size.
    """
    sizes = shared_sizes(curves, modular, end_to_end)
    if not len(sizes):
        raise ValueError(f"crossover wants a training size that {modular} and {end_to_end} share, got none")
    columns, rows = np.isin(curves.sizes, sizes), (curves.row(modular), curves.row(end_to_end))
    parts = (curves.log_rate, curves.both, curves.by_draw, curves.by_speaker)
    ahead = [part[:, rows[0]][:, columns] - part[:, rows[1]][:, columns] for part in parts]
    spread = stretched(*ahead, curves.repetitions, curves.speakers)
    places, estimate = last_crossing(sizes, spread), last_crossing(sizes, ahead[0])[0]
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(places, tails, method="inverted_cdf")
    shares = (np.mean(places == 0), np.mean(np.isfinite(places) & (places > 0)), np.mean(np.isinf(places)))
    return Crossover(
        *(modular, end_to_end, tuple(int(size) for size in sizes)),
        "below" if estimate == 0 else "never" if np.isinf(estimate) else "inside",
        float(estimate) if 0 < estimate < np.inf else None,
        *(float(low), float(high), *map(float, shares)),
        all_crossings(sizes, ahead[0][0]),
        tuple(bool(lead > 0) for lead in ahead[0][0]),
        curves.draws,
    )


def _interpolated(sizes: np.ndarray, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leads (replications, sizes) -> fine log sizes (steps,) and leads on them (replications, steps)."""
    knots = np.log(sizes)
    if len(knots) == 1:
        return knots, ahead
    fine = np.unique(np.concatenate([np.linspace(*ends, STEPS) for ends in pairwise(knots)]))
    return fine, PchipInterpolator(knots, ahead, axis=1)(fine)


def last_crossing(sizes: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Leads of end-to-end (replications, sizes) -> size from which it leads to the end, (replications,).

    0 where it leads at every size; infinity where it does not lead at the largest.
    """
    fine, lead = _interpolated(sizes, ahead)
    behind = lead <= 0
    last = behind.shape[1] - 1 - behind[:, ::-1].argmax(axis=1)
    everywhere, never = ~behind.any(axis=1), behind[:, -1]
    before = np.minimum(last, behind.shape[1] - 2) if behind.shape[1] > 1 else np.zeros_like(last)
    place = _zeros(fine, lead, before)
    return np.where(everywhere, 0.0, np.where(never, np.inf, np.exp(place)))


def all_crossings(sizes: np.ndarray, ahead: np.ndarray) -> tuple[float, ...]:
    """Leads (sizes,) -> every size at which the lead changes hands, smallest first."""
    fine, lead = _interpolated(sizes, ahead[None])
    changes = np.flatnonzero(np.diff(lead[0] > 0))
    places = _zeros(fine, np.repeat(lead, len(changes), axis=0), changes)
    return tuple(float(size) for size in np.exp(places))


def _zeros(fine: np.ndarray, lead: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where leads (rows, steps) are zero between steps `before` (rows,) and the next: a straight line."""
    after = np.minimum(before + 1, len(fine) - 1)
    rows = np.arange(len(lead))
    left, right = lead[rows, before], lead[rows, after]
    part = np.divide(-left, right - left, out=np.zeros_like(left), where=right != left)
    return fine[before] + np.clip(part, 0, 1) * (fine[after] - fine[before])


def leader(curves: LearningCurves, name: str, size: float) -> str:
    """The recogniser behind a curve that errs least at a size (the nearest measured one)."""
    members: Sequence[str] = curves.members[name]

    def error(member: str) -> float:
        curve = curves.curves[member]
        if not len(curve.sizes):
            return np.inf
        return float(np.interp(np.log(size), np.log(curve.sizes), curve.rate))

    return min(members, key=error)
