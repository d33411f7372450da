"""Cost: two learning curves and what each size costs -> the crossover at the same cost."""

from __future__ import annotations

import numpy as np

from components.curves.crossing import Crossover, described
from components.curves.lead import curve_parts, lead_of
from components.curves.learning import LearningCurves

PLACES = 25


def crossover_at_cost(
    curves: LearningCurves, modular: tuple[str, np.ndarray], end_to_end: tuple[str, np.ndarray]
) -> Crossover | None:
    """Two recognisers, each with the cost of every size of its curve -> where end-to-end goes ahead for good.

    Both may spend as much, on training seconds say, and use what data they can learn from in it: compared
    from where both can be trained at all to where both have used all sizes. `sizes`, `estimate`, `low` and
    `high` of the crossover are costs. These are taken as they are: the interval is of the errors. None if
    there is no such range.
    """
    paid = [np.maximum.accumulate(costs) for _, costs in (modular, end_to_end)]
    start, stop = max(costs[0] for costs in paid), max(costs[-1] for costs in paid)
    if not min(costs[0] for costs in paid) > 0 or not start < stop:
        return None
    places, rates = np.geomspace(start, stop, PLACES), []
    for (name, _), costs in zip((modular, end_to_end), paid, strict=True):
        parts = curve_parts(curves, (name,), curves.curves[name].sizes)
        rates.append([_at_cost(part[:, 0], costs, places) for part in parts])
    found = lead_of(curves, places, list(zip(*rates, strict=True)))
    return described(modular[0], end_to_end[0], found, curves.draws)


def _at_cost(rates: np.ndarray, costs: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Rates (rows, sizes) and their costs (sizes,) -> rates at costs wanted, straight lines on log axes."""
    units = np.eye(len(costs))
    weights = np.array([np.interp(np.log(wanted), np.log(costs), unit) for unit in units])
    return np.exp(np.log(rates) @ weights)
