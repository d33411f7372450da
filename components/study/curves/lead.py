"""Lead: two learning curves -> by how much end-to-end is ahead at every size, and its standard error.

What is asked is who errs less on average over draws, inits and groups: the sign of the difference of two
expected rates. The difference of the measured rates says it without bias, its logarithm would not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import PchipInterpolator

from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import inflation, standard_error
from components.study.quantiles import chi2_quantile, t_quantile

STEPS = 50


@dataclass(frozen=True, eq=False)
class Lead:
    """Modular rate less end-to-end rate, as a share of their sum: above zero where end-to-end is ahead.

    Attributes
    ----------
    sizes, at : (sizes,)
        Training sizes, and the lead measured there.
    fine, lead, error, df : (steps,)
        Log sizes from the smallest to the largest, the lead there, its standard error and degrees of freedom.
    replicates : (replications, sizes)
        Leads that other draws and groups would have given, distributed as Student's t.
    """

    sizes: np.ndarray
    at: np.ndarray
    fine: np.ndarray
    lead: np.ndarray
    error: np.ndarray
    df: np.ndarray
    replicates: np.ndarray

    def margin(self, share: float) -> np.ndarray:
        """A share -> what the lead is off by at most, on one side, in that share of studies, (steps,)."""
        return t_quantile(share, self.df) * self.error


def lead_between(curves: LearningCurves, modular: str, end_to_end: str, sizes: np.ndarray) -> Lead:
    """Two curves by name and sizes that both have -> the lead of the second.

    Between sizes the lead is interpolated over log size without overshoot (Fritsch and Carlson, 1980); what
    straight lines would say instead counts as an error of it.
    """
    rates = curve_parts(curves, (modular, end_to_end), sizes)
    return lead_of(curves, sizes, [(part[:, 0], part[:, 1]) for part in rates])


def curve_parts(curves: LearningCurves, names: Sequence[str], sizes: np.ndarray) -> list[np.ndarray]:
    """Names of curves and sizes that all have -> their rates, as measured and in three kinds of replicates.

    Measured, with draws and groups resampled, draws alone, groups alone: (1 or replications, names, sizes).
    To every rate the same little is added: it was, before its logarithm was taken.
    """
    columns, rows = np.isin(curves.sizes, sizes), [curves.row(name) for name in names]
    return [np.exp(part[:, rows][:, :, columns]) for part in curves.replicates]


def difference_parts(
    curves: LearningCurves, before: str, after: str, sizes: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Two names and sizes that both have -> how much more `after` errs, in the four parts of `curve_parts`.

    Each (1 or replications, sizes); then its standard error and degrees of freedom, (sizes,).
    """
    # what was added to every rate before its logarithm was taken cancels in a difference
    parts = [part[:, 1] - part[:, 0] for part in curve_parts(curves, (before, after), sizes)]
    return parts, *standard_error(parts, curves.repetitions, curves.groups)


def lead_of(
    curves: LearningCurves, sizes: np.ndarray, rates: Sequence[tuple[np.ndarray, np.ndarray]]
) -> Lead:
    """Rates of two sides, (.., sizes) each, in the four parts of `curve_parts` -> the lead of the second."""
    total = rates[0][0] + rates[0][1]
    point, both, *_ = parts = [(first - second) / total for first, second in rates]
    factor, df = inflation(parts, curves.repetitions, curves.groups)
    spread = (both - point) * factor
    fine, leads = interpolated(sizes, np.concatenate([point, point + spread]))
    straight = np.interp(fine, np.log(sizes), point[0])
    return Lead(
        *(sizes, point[0], fine, leads[0]),
        np.hypot(leads[1:].std(axis=0), leads[0] - straight),
        np.interp(fine, np.log(sizes), df),
        point + spread * _tails(df, len(spread)),
    )


def _tails(df: np.ndarray, count: int) -> np.ndarray:
    """Degrees of freedom (sizes,) -> factors (count, sizes) that make normal deviates Student's t.

    Evenly spaced instead of drawn at random: replications come in no order.
    """
    shares = (np.arange(count)[:, None] + 0.5) / count
    return np.sqrt(df / chi2_quantile(shares, df))


def interpolated(sizes: np.ndarray, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leads (rows, sizes) -> fine log sizes (steps,) and leads on them (rows, steps)."""
    knots = np.log(sizes)
    if len(knots) == 1:
        return knots, leads
    fine = np.unique(np.concatenate([np.linspace(*ends, STEPS) for ends in pairwise(knots)]))
    return fine, PchipInterpolator(knots, leads, axis=1)(fine)
