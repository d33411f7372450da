"""Does the interval of the crossover hold what it promises, and how fast is it made?

    python -m pytest -m benchmark -s tests/benchmarks/test_crossover_coverage.py

Thousands of simulated studies whose expected curves, and so whose crossover, are known (see
tests/study/curves/known_truth.py). Bars: the 95 % interval holds the truth in 93 to 97 of 100 studies; what
is given a chance of p comes true with probability p, within 5 points. FIRST=7000000 STUDIES=8000 before the
command takes other studies, from that seed on, and so many.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed
from rich import print as show
from rich.table import Column, Table
from threadpoolctl import threadpool_limits

from components.study.curves import crossovers
from components.study.curves.error_counts import ErrorCounts
from components.study.curves.learning import curves_of_counts
from tests.study.curves.coverage import CHANCES, asked_seeds, calibration, foretold, measured, miscalibration

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]
SEEDS = asked_seeds(1_000_000, 2000)


@pytest.fixture(scope="module")
def studies():
    started = time.perf_counter()
    table = measured(SEEDS, workers=2)
    show(f"{len(SEEDS):,} simulated studies in {time.perf_counter() - started:.0f} s")
    return table


def test_the_interval_holds_the_truth_in_93_to_97_of_100_studies(studies):
    table = Table(
        Column("condition", no_wrap=True), "studies", "held %", "truth inside", "held %", "median high/low"
    )
    for name, part in _conditions(studies):
        inside = part[part["truth"] == "inside"]
        counts = (f"{len(part)}", f"{100 * part['held'].mean():.1f}", f"{len(inside)}")
        table.add_row(name, *counts, f"{100 * inside['held'].mean():.1f}", f"{inside['width'].median():.2f}")
    show(table)
    by_truth = studies.groupby("truth")["held"].mean()
    assert 0.93 <= studies["held"].mean() <= 0.97
    assert 0.93 <= by_truth["inside"] <= 0.97 and by_truth.min() >= 0.93


def _conditions(studies):
    """(name, rows) of all studies, then of each value of each condition."""
    yield "all", studies
    for column in ("truth", "situation", "shapes", "noise", "sizes", "draws", "inits", "speakers", "words"):
        for value, part in studies.groupby(column):
            yield f"{column}: {value}", part


@pytest.mark.parametrize("chance", CHANCES)
def test_chances_come_true_within_5_points(studies, chance):
    table = Table("said %", "came true %", "studies", title=f"P({chance})")
    for row in calibration(studies, chance).itertuples():
        table.add_row(f"{100 * row.said:.1f}", f"{100 * row.true:.1f}", f"{row.studies}")
    show(table, f"mean distance {100 * miscalibration(studies, chance):.1f} points")
    said, true = studies[f"said {chance}"].mean(), (studies["truth"] == chance).mean()
    assert abs(said - true) <= 0.05 and miscalibration(studies, chance) <= 0.05


def test_forecasts_of_twice_the_labels_hold_the_truth_and_beat_the_last_value():
    rows = Parallel(2)(delayed(foretold)(seed) for seed in range(5_000_000, 5_000_400))
    table = pd.DataFrame([row for study in rows for row in study])
    told = table[~table["refused"]]
    show(f"{len(table)} curves, {100 * table['refused'].mean():.0f} % refused; the others' intervals hold")
    show(f"rate {100 * told['held'].mean():.1f} %, gain {100 * told['gain held'].mean():.1f} %;")
    show(f"median high/low {told['width'].median():.2f}, median error {100 * told['off'].median():.0f} %,")
    show(f"of the last value {100 * told['last value off'].median():.0f} %")
    assert told["held"].mean() >= 0.93 and told["gain held"].mean() >= 0.93
    assert told["off"].median() < told["last value off"].median()


@pytest.mark.parametrize("speakers", [30, 250])
def test_10000_replications_take_under_10_seconds_on_one_core(speakers):
    rng = np.random.default_rng(0)
    words = np.full(speakers, 1500 // speakers * 1.0)
    errors = rng.binomial(words.astype(int), 0.2, (5, 5, 8, speakers)).astype(float)
    families = ("modular",) * 3 + ("end-to-end",) * 2
    plan = (tuple("abcde"), families, tuple(30 * 2**step for step in range(8)))
    runs = tuple((draw, 0) for draw in range(5))
    scored = np.broadcast_to(words, errors.shape).astype(float)
    counts = ErrorCounts(*plan, runs, errors, scored, words, words)
    with threadpool_limits(1):
        started = time.perf_counter()
        found = crossovers(curves_of_counts(counts, replications=10_000))
        seconds = time.perf_counter() - started
    show(f"10,000 replications, 5 recognisers, 8 sizes, 5 draws, {speakers} speakers: {seconds:.1f} s")
    assert len(found) == 7 and seconds < 10
