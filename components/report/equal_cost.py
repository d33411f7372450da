"""Equal cost: findings -> from where on end-to-end is ahead when both sides may spend as much, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from components.report.costs import Cost, costs_of
from components.report.extrapolation import ONE_DRAW
from components.report.findings import Findings, cost_table
from components.study.curves import Crossover, crossover_at_cost


def equal_cost_rows(findings: Findings, more: Sequence[Cost] = ()) -> list[dict[str, str]]:
    """Findings and the costs of their subject -> a row a pair: modular, end-to-end, two columns a cost.

    Under a cost's name from where on end-to-end is ahead when both may spend as much of it, under the name
    and " between" the interval; money only where the study names prices.
    """
    if findings.curves is None:
        return []
    recognisers = set(findings.record.recognisers)
    pairs = [pair for pair in findings.crossovers if {pair.modular, pair.end_to_end} <= recognisers]
    rows = [{"modular": pair.modular, "end-to-end": pair.end_to_end} for pair in pairs]
    for cost in costs_of(findings.record, more):
        if not cost.name:
            continue
        table = cost_table(findings.record, cost.of)
        means = table.set_index(["recogniser", "size"])["mean"].to_dict()
        for row, pair in zip(rows, pairs, strict=True):
            at, between = _at_equal_cost(findings, pair, means, cost.words)
            row |= {cost.name: at, f"{cost.name} between": between}
    return rows


def _at_equal_cost(
    findings: Findings, pair: Crossover, means: Mapping[tuple[str, int], float], words: Callable[[float], str]
) -> tuple[str, str]:
    """A crossover and mean costs by recogniser and size -> the crossover at equal cost, and its interval."""
    sides = []
    for name in (pair.modular, pair.end_to_end):
        costs = [means.get((name, size), np.nan) for size in findings.sizes(name)]
        sides.append((name, np.array(costs)))  # nan, where unknown, is no cost
    at = crossover_at_cost(findings.curves, *sides)
    return ("-", "") if at is None else (_place(at, words), _between(at, words))


def _place(at: Crossover, words: Callable[[float], str]) -> str:
    if at.outcome == "inside":
        return words(at.estimate)
    below = at.outcome == "below"
    return f"ahead at {words(at.sizes[0])}" if below else f"not within {words(at.sizes[-1])}"


def _between(at: Crossover, words: Callable[[float], str]) -> str:
    if at.draws < 2:
        return ONE_DRAW
    if at.low == at.high:
        return "surely"
    if len(at.sizes) == 1:
        return "not surely"
    low = words(at.low) if at.low > 0 else f"below {words(at.sizes[0])}"
    high = words(at.high) if np.isfinite(at.high) else f"beyond {words(at.sizes[-1])}"
    return f"{low} to {high}"
