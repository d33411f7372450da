"""How many times the data the better recogniser is worth, on studies whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from components.study.curves import learning_curves
from components.study.curves.change import change, holm
from components.study.curves.data_multiplier import data_multiplier
from components.study.curves.learning import curves_of_counts
from tests.study.curves.known_truth import random_plan, simulated_counts
from tests.study.curves.simulated import SIZES, both, modular


def test_a_recogniser_that_needs_a_third_of_the_data_is_worth_three_times_the_data():
    sides = {"one": lambda n: 3 * n**-0.5, "other": lambda n: 3 * (3 * n) ** -0.5}
    curves = learning_curves(both(**sides, draws=5, spread=0.03).finished)
    found = data_multiplier(curves, "gmm", "ctc")
    assert (found.better, found.worse, found.size) == ("ctc", "gmm", SIZES[-1])
    assert found.low < 3 < found.high and found.times == pytest.approx(3, rel=0.2)
    assert data_multiplier(curves, "ctc", "gmm") == found


def test_one_that_is_better_with_the_fewest_than_the_other_with_all_has_no_upper_end():
    found = data_multiplier(learning_curves(both(other=lambda n: 0.01).finished), "gmm", "ctc")
    assert found.times is None and found.low == found.high == np.inf


def test_two_that_hardly_differ_may_be_worth_no_more_than_each_other():
    found = data_multiplier(learning_curves(both(other=lambda n: modular(n) * 0.98).finished), "gmm", "ctc")
    assert found.low == 0 and found.high > 1


def test_a_recogniser_is_worth_nothing_beside_itself_or_without_a_size_in_common():
    curves = learning_curves(both().finished, replications=50)
    assert data_multiplier(curves, "gmm", "gmm") is None
    fail = {("gmm", size) for size in SIZES[:3]} | {("ctc", size) for size in SIZES[3:]}
    assert data_multiplier(learning_curves(both(fail=fail).finished, replications=50), "gmm", "ctc") is None


def test_paired_tests_find_the_sizes_at_which_two_differ():
    far = both(other=lambda n: modular(n) * (3 if n < 200 else 1), draws=5)
    found = change(learning_curves(far.finished), "gmm", "ctc")
    assert (found.p_value[:3] < 0.01).all() and (found.p_value[3:] > 0.05).all()


def test_equal_recognisers_are_told_apart_in_one_of_twenty_studies_at_most():
    """The correction is for all sizes together; without it about a third of these would be."""
    told = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        same = replace(random_plan(rng), rates=(lambda n: 3 * n**-0.5,) * 2)
        curves = curves_of_counts(simulated_counts(rng, same), replications=200)
        told += change(curves, "modular", "end-to-end").p_value.min() < 0.05
    assert told <= 6


def test_holm_corrects_as_in_a_worked_example():
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm(np.array([0.5, 0.9])), [1.0, 1.0])
