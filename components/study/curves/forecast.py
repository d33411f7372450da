"""Forecast: a learning curve -> its error rate at sizes not measured, where a check allows a prediction.

A formula is believed only if, fitted on the smaller sizes, it has predicted the larger ones clearly better
than carrying the last value forward ("last value", Viering and Loog, 2023): with less than half its squared
error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.study.curves.fits import FORMS, fitted
from components.study.curves.learning import LearningCurves
from components.study.curves.resampling import TAILS, calibrated
from components.study.quantiles import t_quantile

FEWEST = 4
FURTHEST = 4.0
POINTS = 200
ROWS = 500
UNPROVEN = "no formula predicts the larger sizes from the smaller ones better than their last value does"


@dataclass(frozen=True, eq=False)
class Forecast:
    """A checked formula of one curve from its largest size on; form "" and no sizes where it is refused.

    Attributes
    ----------
    name, form
        Of the curve, and of its formula (see FORMS).
    refusal
        Why nothing is predicted beyond the sizes measured, "" if something is.
    sizes, rate, low, high : (points,)
        From the largest measured size as far as may be predicted, with a 95 % interval.
    least, most : (points,)
        95 % interval of the rate as a share of that at the largest measured size.
    """

    name: str
    form: str
    refusal: str
    sizes: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray

    def at(self, size: float) -> tuple[float, float, float]:
        """A size -> rate there, and both ends of its 95 % interval; nan beyond the last size predicted."""
        return self._along(size, self.rate, self.low, self.high)

    def gained(self, size: float) -> tuple[float, float, float]:
        """A size -> how much lower the rate is there than at the largest size measured, and both ends."""
        gains = [
            self.rate[:1] - side
            for side in (self.rate, self.rate[:1] * self.most, self.rate[:1] * self.least)
        ]
        return self._along(size, *gains)

    def _along(self, size: float, *sides: np.ndarray) -> tuple[float, ...]:
        if not self.form or not self.sizes[0] <= size <= self.sizes[-1]:
            return (np.nan,) * len(sides)
        return tuple(float(np.interp(np.log(size), np.log(self.sizes), side)) for side in sides)

    def needed(self, rate: float) -> tuple[float, float, float]:
        """A rate -> training size that reaches it, and both ends; infinity beyond the last size predicted."""
        if not self.form:
            return np.inf, np.inf, np.inf
        return tuple(self._first(side, rate) for side in (self.rate, self.low, self.high))

    def _first(self, side: np.ndarray, rate: float) -> float:
        reached = np.flatnonzero(side <= rate)
        return float(self.sizes[reached[0]]) if len(reached) else np.inf


def forecast(curves: LearningCurves, name: str) -> Forecast:
    """Learning curves and the name of one -> a prediction of it beyond its largest size."""
    row = curves.row(name)
    measured = np.isfinite(curves.log_rate[0, row])
    logs = [part[:, row][:, measured] for part in curves.replicates]
    spread = calibrated(logs, curves.repetitions, curves.groups)
    return extrapolated(name, curves.sizes[measured], np.exp(logs[0][0]), np.exp(spread))


def extrapolated(name: str, sizes: np.ndarray, rate: np.ndarray, replicates: np.ndarray) -> Forecast:
    """Rates (sizes,) and replicates of them (rows, sizes) -> forecast.

    As far beyond the largest size as the check went, FURTHEST times at most. The interval holds what other
    draws and groups would give, and the errors of the check: they are taken to grow in proportion to the
    logarithm of the distance, and Student's t allows for their being few.
    """
    if len(sizes) < FEWEST:
        few = f"measured at {len(sizes)} sizes, and a formula can be checked on {FEWEST} or more"
        return _refused(name, few)
    errors = np.maximum(replicates.std(axis=0), 0.01 * rate)
    trials = {form: _held_back(form, sizes, rate, errors) for form in FORMS}
    better = {form: miss for form, (miss, last) in trials.items() if len(miss) and (miss**2).sum() < last / 2}
    if not better:
        return _refused(name, UNPROVEN)
    form = min(better, key=lambda name: (better[name] ** 2).mean())
    reach = sizes[-1] * min(FURTHEST, sizes[-1] / sizes[2])
    beyond = np.geomspace(sizes[-1], reach, POINTS)
    logs = np.log(fitted(form, sizes, np.concatenate([rate[None], replicates[:ROWS]]), errors, beyond))
    slope = t_quantile(TAILS[1], len(better[form])) * np.sqrt((better[form] ** 2).mean())
    return _between(name, form, beyond, logs, slope * np.log(beyond / sizes[-1]))


def _refused(name: str, why: str) -> Forecast:
    return Forecast(name, "", why, *[np.empty(0)] * 6)


def _held_back(
    form: str, sizes: np.ndarray, rate: np.ndarray, errors: np.ndarray
) -> tuple[np.ndarray, float]:
    """A form -> its errors in the check, and the sum of the squared ones of the last value.

    For every number of smaller sizes that can tell the form, the root mean square over the larger ones of
    the error of the logarithm, by unit of distance in log size.
    """
    miss, last = [], 0.0
    for known in range(int(form[-1]), len(sizes)):
        far = np.log(sizes[known:] / sizes[known - 1])
        predicted = fitted(form, sizes[:known], rate[None, :known], errors[:known], sizes[known:])[0]
        miss.append(np.sqrt(np.mean((np.log(predicted / rate[known:]) / far) ** 2)))
        last += np.mean((np.log(rate[known - 1] / rate[known:]) / far) ** 2)
    return np.array(miss), float(last)


def _between(name: str, form: str, sizes: np.ndarray, logs: np.ndarray, model_error: np.ndarray) -> Forecast:
    """Logarithms of the fit and of its replicates (1 + rows, sizes), model error (sizes,) -> forecast."""
    low, high = _ends(logs, model_error)
    least, most = _ends(logs - logs[:, :1], model_error)
    return Forecast(name, form, "", sizes, *np.exp([logs[0], low, high, least, most]))


def _ends(logs: np.ndarray, model_error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As of `_between` -> both ends of the interval (sizes,); more data does no harm, so neither rises."""
    point, (low, high) = logs[0], np.quantile(logs[1:], TAILS, axis=0)
    low = point - np.hypot(np.maximum(point - low, 0), model_error)
    high = point + np.hypot(np.maximum(high - point, 0), model_error)
    return low, np.minimum.accumulate(high)
