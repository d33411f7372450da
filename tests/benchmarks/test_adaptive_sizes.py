"""What an adaptive study spends, and whether its answer is that of the full grid.

    python -m pytest -m benchmark -s tests/benchmarks/test_adaptive_sizes.py

Hundreds of simulated studies whose crossover is known, on sizes a square root of 2 apart (see
tests/study/curves/adaptive.py). Bars: a third of the trials at most on the mean; the 95 % interval holds the
truth in at least 93 of 100 studies; the answer lies within the full grid's interval in at least 90 of 100.
FIRST and STUDIES before the command: as of test_crossover_coverage.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from rich import print as show
from rich.table import Table

from tests.study.curves.adaptive import adaptive_studies
from tests.study.curves.coverage import asked_seeds

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]
SEEDS = asked_seeds(2_000_000, 400)


@pytest.fixture(scope="module")
def studies():
    started = time.perf_counter()
    table = adaptive_studies(SEEDS, replications=500, workers=2)
    show(f"{len(SEEDS):,} simulated studies in {time.perf_counter() - started:.0f} s")
    return table


def test_a_third_of_the_trials_gives_the_same_answer(studies):
    columns = ("studies", "trials of grid %", "held %", "grid held %", "same answer %", "high/low", "grid's")
    table = Table("condition", *columns)
    for name, part in _conditions(studies):
        shares = [part[column].mean() for column in ("share", "held", "grid held", "same answer")]
        widths = [np.exp(np.log(part[column]).mean()) for column in ("width", "grid width")]
        table.add_row(
            *(name, f"{len(part)}", *(f"{100 * share:.1f}" for share in shares)),
            *(f"{width:.2f}" for width in widths),
        )
    show(table, "high/low: geometric mean, within the sizes of the full grid")
    assert studies["share"].mean() <= 1 / 3
    assert studies["held"].mean() >= 0.93
    assert studies["same answer"].mean() >= 0.9


def _conditions(studies):
    """(name, rows) of all studies, then of each value of each condition."""
    yield "all", studies
    for column in ("truth", "noise"):
        for value, part in studies.groupby(column):
            yield f"{column}: {value}", part
