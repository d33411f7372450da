"""Tests of which there is one number a trial: no group tells the luck of the test, and draws alone count."""

import numpy as np
import pandas as pd
import pytest

from components.study.curves import BEST, crossover, learning_curves
from components.study.quantiles import t_quantile
from components.study.results import TrialResult

FAMILIES = {"a": "modular", "b": "modular", "net": "end-to-end"}


def trial(name, size, draw, rate):
    scores = pd.DataFrame({"id": ["all"], "group": [""], "errors": [rate * 10_000], "total": [10_000]})
    return TrialResult("", name, FAMILIES[name], "", size, draw, 0, "finished", scores=scores)


def test_the_best_of_a_family_is_the_one_that_errs_least_not_the_first():
    rates = {"a": 0.3, "b": 0.2, "net": 0.25}
    curves = learning_curves(
        [trial(name, size, 0, rate) for name, rate in rates.items() for size in (10, 100)]
    )
    assert curves.curves[BEST["modular"]].rate == pytest.approx([0.2, 0.2])
    assert crossover(curves, *BEST.values()).outcome == "never"


def test_one_run_on_one_number_has_no_interval_and_several_have_one():
    trials = [trial("a", 10, 0, 0.3), *(trial("net", 10, draw, 0.2 + 0.02 * draw) for draw in range(3))]
    curves = learning_curves(trials).curves
    assert np.isnan([*curves["a"].low, *curves["a"].high]).all()
    assert curves["net"].low < 0.2 < 0.24 < curves["net"].high


def test_the_luck_of_draws_at_one_size_is_not_shrunk_by_other_sizes():
    """Over many studies the interval of one size is as wide as Student's t of its own draws asks for."""
    rng, ratios = np.random.default_rng(3), []
    for _ in range(30):
        logs = {size: np.log(0.2) + 0.1 * rng.standard_normal(4) for size in (10, 20, 40, 80, 160)}
        trials = [
            trial("net", size, d, rate) for size, own in logs.items() for d, rate in enumerate(np.exp(own))
        ]
        curve = learning_curves(trials, replications=800).curves["net"]
        half = np.log(curve.high / curve.low) / 2
        own = np.array([t_quantile(0.975, 3) * own.std(ddof=1) / 2 for own in logs.values()])
        ratios.append(np.median(half / own))
    assert 0.85 < np.median(ratios) < 1.2
