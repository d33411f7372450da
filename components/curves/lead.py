"""Lead: two learning curves -> by how much end-to-end is ahead at every size, and how sure that is.

What is asked is who errs less on average over draws, inits and speakers: the sign of the difference of two
expected rates. The difference of the measured rates says it without bias, its logarithm would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.stats import chi2, t

from components.curves.learning import LearningCurves
from components.curves.resampling import LEVEL, widths

STEPS = 50


@dataclass(frozen=True, eq=False)
class Lead:
    """Modular rate less end-to-end rate, as a share of their sum: above zero where end-to-end is ahead.

    sizes, at: (sizes,), where it was measured. fine, lead, error, freedom: (steps,), log sizes from the
    smallest to the largest, the lead there, its standard error and degrees of freedom.
    drawn: (replications, sizes), leads that other draws and speakers would have given, as Student's t.
    """

    sizes: np.ndarray
    at: np.ndarray
    fine: np.ndarray
    lead: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    drawn: np.ndarray

    @property
    def margin(self) -> np.ndarray:
        """Half of the 95 % interval of the lead at each step (Student's t), (steps,)."""
        return t.ppf((1 + LEVEL) / 2, self.freedom) * self.error


def lead_between(curves: LearningCurves, modular: str, end_to_end: str, sizes: np.ndarray) -> Lead:
    """Two curves by name and sizes that both have -> the lead of the second.

    Between sizes the lead is interpolated over log size without overshoot (Fritsch and Carlson, 1980).
    """
    columns, rows = np.isin(curves.sizes, sizes), (curves.row(modular), curves.row(end_to_end))
    parts = (curves.log_rate, curves.both, curves.by_draw, curves.by_speaker)
    rates = [np.exp(part[:, rows][:, :, columns]) for part in parts]
    # what was added to every rate before its logarithm was taken cancels in the difference
    point, both, *rest = ((each[:, 0] - each[:, 1]) / rates[0].sum(axis=1) for each in rates)
    wider, freedom = widths(point, both, *rest, curves.repetitions, curves.speakers)
    spread = (both - point) * wider
    fine, several = interpolated(sizes, np.concatenate([point, point + spread]))
    return Lead(
        *(sizes, point[0], fine, several[0], several[1:].std(axis=0)),
        np.interp(fine, np.log(sizes), freedom),
        point + spread * _tails(freedom, len(spread)),
    )


def _tails(freedom: np.ndarray, count: int) -> np.ndarray:
    """Degrees of freedom (sizes,) -> factors (count, sizes) that make normal deviates Student's t.

    Evenly spaced instead of drawn at random: replications come in no order.
    """
    shares = (np.arange(count)[:, None] + 0.5) / count
    return np.sqrt(freedom / chi2.ppf(shares, freedom))


def interpolated(sizes: np.ndarray, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leads (rows, sizes) -> fine log sizes (steps,) and leads on them (rows, steps)."""
    knots = np.log(sizes)
    if len(knots) == 1:
        return knots, leads
    fine = np.unique(np.concatenate([np.linspace(*ends, STEPS) for ends in pairwise(knots)]))
    return fine, PchipInterpolator(knots, leads, axis=1)(fine)
