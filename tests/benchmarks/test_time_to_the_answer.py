"""What an answer costs: the processor seconds of an adaptive study's trials, and of plain grids'.

    python -m pytest -m benchmark -s tests/benchmarks/test_time_to_the_answer.py

The full grid is run once. An adaptive study of the same grid finds all it asks for in the same store, and
plain grids of fewer draws are parts of it: all side by side, of one run. Bar: half of what the cheapest
plain grid takes whose interval is as narrow. CROSSOVER_ASKED are other words for the study.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

import numpy as np
import pytest
from rich import print as show
from rich.table import Table

from components.study.curves import BEST, learning_curves
from components.study.curves.crossing import Crossover, crossover
from components.study.results import TrialResult
from components.study.tracking import Store, read_study
from tests.commands import start

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]
FSDD = "--corpus fsdd --recognisers mfcc-gmm-hmm,mel-ctc --sizes 20,28,40,57,80,113,160,226,320 --draws 5"
ASKED = shlex.split(os.environ.get("CROSSOVER_ASKED", FSDD))


def test_an_adaptive_study_costs_half_of_a_grid_that_answers_as_well(store):
    grid = ran(store, "grid")
    plans = {"adaptive": ran(store, "adaptive", "--adaptive")}
    for draws in range(2, max(trial.draw for trial in grid) + 2):
        plans[f"grid, {draws} draws"] = [trial for trial in grid if trial.draw < draws]
    seconds = {name: sum(map(cost, trials)) for name, trials in plans.items()}
    answers = {name: answer(trials) for name, trials in plans.items()}
    widths = {name: width(found, grid) for name, found in answers.items()}
    table = Table("plan", "trials", "processor s", "crossing", "interval", "high/low")
    for name, found in answers.items():
        crossing = found.outcome if found.estimate is None else f"{found.estimate:.0f}"
        counts = (f"{len(plans[name])}", f"{seconds[name]:.1f}")
        table.add_row(name, *counts, crossing, f"{found.low:.0f} to {found.high:.0f}", f"{widths[name]:.2f}")
    show(table)
    *others, whole = list(plans)[1:]
    as_narrow = [name for name in others if widths[name] <= widths["adaptive"]]
    beside = min(as_narrow or [whole], key=seconds.get)
    show(f"adaptive: {seconds['adaptive'] / seconds[beside]:.2f} of {beside}")
    assert seconds["adaptive"] <= seconds[beside] / 2


def width(found: Crossover, grid: Sequence[TrialResult]) -> float:
    """High by low, within the grid's sizes."""
    sizes = [trial.size for trial in grid]
    low, high = np.clip((found.low, found.high), min(sizes), max(sizes))
    return high / low


def ran(store: Store, name: str, *more: str) -> list[TrialResult]:
    """A study of these words, run as a command -> its finished trials."""
    process, _ = start("compare", *ASKED, *more, "--name", name, store=store)
    said, complained = process.communicate()
    assert process.returncode == 0, said + complained
    return read_study(store, name).finished


def answer(trials: Sequence[TrialResult]) -> Crossover:
    return crossover(learning_curves(trials), *BEST.values())


def cost(trial: TrialResult) -> float:
    """A trial -> processor seconds of training and answering."""
    return trial.metrics["train_processor_seconds"] + trial.metrics["predict_processor_seconds"]
