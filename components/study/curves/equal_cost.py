"""Equal cost: two learning curves and what each size costs -> the crossover at the same cost."""

from __future__ import annotations

import numpy as np

from components.study.curves.crossing import Crossover, described
from components.study.curves.lead import curve_parts, lead_of
from components.study.curves.learning import LearningCurves

SAME_COST = 1.05  # costs closer than this factor count as one


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
    start = max(costs[columns][0] for _, costs, columns in sides)
    stop = max(costs[columns][-1] for _, costs, columns in sides)
    # no more grid points than sizes were measured, or the interval would count the same trials several times
    count = max(len(columns) for _, _, columns in sides) if SAME_COST * start < stop else 1
    grid = np.geomspace(stop, start, count)[::-1]
    rates = []
    for name, costs, columns in sides:
        parts = curve_parts(curves, (name,), curves.curves[name].sizes[columns])
        rates.append([_at_cost(part[:, 0], costs[columns], grid) for part in parts])
    lead = lead_of(curves, grid, list(zip(*rates, strict=True)))
    return described(modular[0], end_to_end[0], lead, curves.draws)


def _affordable(costs: np.ndarray) -> np.ndarray:
    """Costs (sizes,) -> columns of the sizes than which no larger one is about as cheap; their costs rise."""
    columns = [len(costs) - 1]
    for column in reversed(range(len(costs) - 1)):
        if SAME_COST * costs[column] < costs[columns[-1]]:
            columns.append(column)
    return np.array(columns[::-1])


def _at_cost(rates: np.ndarray, costs: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Rates (rows, sizes) and their costs (sizes,) -> rates at other costs, straight lines on log axes."""
    units = np.eye(len(costs))
    weights = np.array([np.interp(np.log(grid), np.log(costs), unit) for unit in units])
    return np.exp(np.log(rates) @ weights)
