"""Adaptive studies whose crossover is known: the full grid simulated, then uncovered as the rule asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from components.speech.nouns import SPEECH_NOUNS
from components.study.curves.crossing import Crossover, crossover
from components.study.curves.error_counts import ErrorCounts
from components.study.curves.learning import curves_of_counts
from components.study.curves.next_sizes import first_sizes, next_sizes
from tests.study.curves.known_truth import Plan, random_plan, simulated_counts

SHARE = 3


def fine_plan(rng: np.random.Generator) -> Plan:
    """A random generator -> a plan of sizes about a factor of the square root of 2 apart."""
    plan = random_plan(rng)
    count = max(3, 1 + round(2 * np.log2(plan.sizes[-1] / plan.sizes[0])))
    return replace(plan, sizes=np.unique(np.round(np.geomspace(plan.sizes[0], plan.sizes[-1], count))))


def uncovered(grid: ErrorCounts, draws: Mapping[int, int]) -> ErrorCounts:
    """The full grid's counts and draws by size -> the counts of only these trials."""
    sizes = sorted(draws)
    columns = [grid.sizes.index(size) for size in sizes]
    rows = [row for row, (draw, _) in enumerate(grid.runs) if draw < max(draws.values())]
    run = np.array([[grid.runs[row][0] < draws[size] for size in sizes] for row in rows])
    parts = [part[rows][:, :, columns] * run[:, None, :, None] for part in (grid.errors, grid.scored)]
    runs = tuple(grid.runs[row] for row in rows)
    return replace(grid, sizes=tuple(sizes), runs=runs, errors=parts[0], scored=parts[1])


def answer(counts: ErrorCounts, replications: int) -> Crossover:
    return crossover(curves_of_counts(counts, replications=replications), "modular", "end-to-end")


def grown(grid: ErrorCounts, width: float, replications: int) -> tuple[Crossover, dict[int, int]]:
    """The full grid's counts -> the answer of an adaptive study with a third of its trials, and its draws."""
    most = max(draw for draw, _ in grid.runs) + 1
    wanted, draws = first_sizes(grid.sizes), {}
    while wanted:
        draws |= wanted
        found = answer(uncovered(grid, draws), replications)
        wanted = next_sizes(found, draws, grid.sizes, most, width, SPEECH_NOUNS).draws
        if sum((draws | wanted).values()) > len(grid.sizes) * most // SHARE:
            break
    return found, draws


def adaptive_studies(
    seeds: Sequence[int], width: float = 2.0, replications: int = 1000, workers: int = 1
) -> pd.DataFrame:
    """Seeds -> one row each: trials spent, and both answers held against the truth and each other."""
    return pd.DataFrame(Parallel(workers)(delayed(_one)(seed, width, replications) for seed in seeds))


def _one(seed: int, width: float, replications: int) -> dict:
    rng = np.random.default_rng(seed)
    plan = fine_plan(rng)
    grid = simulated_counts(rng, plan)
    few, draws = grown(grid, width, replications)
    full, truth = answer(grid, replications), plan.truth
    point = few.estimate or (0.0 if few.outcome == "below" else np.inf)
    return {
        "noise": plan.noise,
        "truth": "below" if truth == 0 else "never" if np.isinf(truth) else "inside",
        "grid": len(grid.sizes) * plan.draws,
        "share": sum(draws.values()) / (len(grid.sizes) * plan.draws),
        "held": _holds(few, truth),
        "grid held": _holds(full, truth),
        "same answer": _holds(full, point),
        "width": _width(few, plan),
        "grid width": _width(full, plan),
    }


def _holds(found: Crossover, size: float) -> bool:
    # a step of the grid on which the truth is sought is 0.14 % at most
    return found.low <= size * 1.0015 and size <= found.high * 1.0015


def _width(found: Crossover, plan: Plan) -> float:
    low, high = np.clip((found.low, found.high), plan.sizes[0], plan.sizes[-1])
    return high / low
