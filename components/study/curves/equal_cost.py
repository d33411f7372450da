"""Cost: two learning curves and what each size costs -> the crossover at the same cost."""

from __future__ import annotations

import numpy as np

from components.study.curves.crossing import Crossover, described
from components.study.curves.lead import curve_parts, lead_of
from components.study.curves.learning import LearningCurves

ALIKE = 1.05  # costs less apart are one


def crossover_at_cost(
    curves: LearningCurves, modular: tuple[str, np.ndarray], end_to_end: tuple[str, np.ndarray]
) -> Crossover | None:
    """Two recognisers, each with the cost of every size of its curve -> where end-to-end goes ahead for good.

    Both may spend as much, on training seconds say, and learn from the most data they can afford: compared
    from where both can be had at all to where both have used all sizes. `sizes`, `estimate`, `low` and
    `high` of the crossover are costs. These are taken as they are: the interval is of the errors. None
    unless all costs are above zero.
    """
    if not all((costs > 0).all() for _, costs in (modular, end_to_end)):
        return None
    sides = [(name, costs, _affordable(costs)) for name, costs in (modular, end_to_end)]
    start = max(costs[kept][0] for _, costs, kept in sides)
    stop = max(costs[kept][-1] for _, costs, kept in sides)
    # no more places than sizes were measured, or the interval would count the same trials several times
    count = max(len(kept) for _, _, kept in sides) if ALIKE * start < stop else 1
    places = np.geomspace(stop, start, count)[::-1]
    rates = []
    for name, costs, kept in sides:
        parts = curve_parts(curves, (name,), curves.curves[name].sizes[kept])
        rates.append([_at_cost(part[:, 0], costs[kept], places) for part in parts])
    found = lead_of(curves, places, list(zip(*rates, strict=True)))
    return described(modular[0], end_to_end[0], found, curves.draws)


def _affordable(costs: np.ndarray) -> np.ndarray:
    """Costs (sizes,) -> places of the sizes than which no larger one is about as cheap; their costs rise."""
    kept = [len(costs) - 1]
    for place in reversed(range(len(costs) - 1)):
        if ALIKE * costs[place] < costs[kept[-1]]:
            kept.append(place)
    return np.array(kept[::-1])


def _at_cost(rates: np.ndarray, costs: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Rates (rows, sizes) and their costs (sizes,) -> rates at costs wanted, straight lines on log axes."""
    units = np.eye(len(costs))
    weights = np.array([np.interp(np.log(wanted), np.log(costs), unit) for unit in units])
    return np.exp(np.log(rates) @ weights)
