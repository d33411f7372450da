"""The crossover of simulated studies whose truth is known."""

import math

import numpy as np
import pytest

from components.study.curves import crossover, crossovers, learning_curves
from components.study.curves.crossing import all_crossings, last_crossing
from tests.study.curves.simulated import both, crossing_of, end_to_end, modular, study


def test_a_crossing_inside_the_sizes_is_found_near_the_truth():
    found = crossover(learning_curves(both(draws=5).finished), "gmm", "ctc")
    truth = crossing_of(modular, end_to_end)
    assert found.outcome == "inside" and found.low < truth < found.high
    assert abs(math.log(found.estimate / truth)) < math.log(1.5)
    assert found.below + found.inside + found.never == pytest.approx(1)


def test_an_end_to_end_side_ahead_from_the_start_is_below():
    found = crossover(learning_curves(both(other=lambda n: modular(n) / 3).finished), "gmm", "ctc")
    assert (found.outcome, found.estimate, found.low, found.high) == ("below", None, 0.0, 0.0)
    assert found.below > 0.97 and all(found.leads) and found.crossings == ()


def test_an_end_to_end_side_behind_to_the_end_is_never():
    found = crossover(learning_curves(both(other=lambda n: min(1, modular(n) * 3)).finished), "gmm", "ctc")
    assert (found.outcome, found.estimate, found.low) == ("never", None, math.inf)
    assert found.never > 0.97 and not any(found.leads)


def test_every_change_of_lead_is_named_and_the_last_one_counts():
    ahead = np.array([-1.0, 1.0, -1.0, 2.0])
    crossings = all_crossings(np.array([10, 100, 1000, 10000]), ahead)
    assert len(crossings) == 3 and crossings == tuple(sorted(crossings))
    assert last_crossing(np.array([10, 100, 1000, 10000]), ahead) == pytest.approx(crossings[-1])


def test_two_straight_lines_on_log_axes_cross_where_they_do():
    sizes = np.array([10, 100, 1000])
    lead = np.log(sizes / 200.0)
    assert last_crossing(sizes, lead) == pytest.approx(200, rel=0.01)


def test_equal_error_is_no_lead():
    sizes = np.array([10, 100])
    assert math.isinf(last_crossing(sizes, np.zeros(2)))
    assert last_crossing(np.array([10]), np.array([0.5])) == 0


def test_every_pair_and_the_best_of_each_family_are_compared():
    rates = {
        ("gmm", "modular"): modular,
        ("svm", "modular"): lambda n: 0.3,
        ("ctc", "end-to-end"): end_to_end,
    }
    found = crossovers(learning_curves(study(rates).finished, replications=50))
    assert [(each.modular, each.end_to_end) for each in found] == [
        ("best modular", "best end-to-end"),
        ("gmm", "ctc"),
        ("svm", "ctc"),
    ]


def test_same_seed_same_answer():
    record = both()
    first, second = (crossovers(learning_curves(record.finished, seed=4, replications=100)) for _ in range(2))
    assert first == second
