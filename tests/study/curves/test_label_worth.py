"""How many labels of one system another one's are worth, on studies whose truth is known."""

import numpy as np
import pytest

from components.study.curves import learning_curves
from components.study.curves.label_worth import label_worth
from tests.study.curves.simulated import SIZES, both


@pytest.fixture(scope="module")
def worths():
    """With a source the second errs as the first does with four times the labels."""
    sides = {"one": lambda n: 3 * n**-0.5, "other": lambda n: 3 * (4 * n) ** -0.5}
    curves = learning_curves(both(**sides, draws=5, spread=0.03).finished)
    return {worth.size: worth for worth in label_worth(curves, "ctc", "gmm")}


def test_a_system_that_needs_a_quarter_of_the_labels_is_worth_four_times_as_many(worths):
    inside = [worth for size, worth in worths.items() if 4 * size < SIZES[-1] / 1.5]
    assert len(inside) >= 2
    for worth in inside:
        assert worth.labels == pytest.approx(4 * worth.size, rel=0.25)
        assert worth.low < 4 * worth.size < worth.high


def test_what_more_labels_than_were_tried_are_worth_is_not_said_in_numbers(worths):
    largest = worths[SIZES[-1]]
    assert largest.labels == largest.high == np.inf and largest.low > SIZES[-1] / 2


def test_one_that_errs_more_is_worth_fewer_labels_down_to_fewer_than_were_tried(worths):
    sides = {"one": lambda n: 3 * n**-0.5, "other": lambda n: 3 * (n / 4) ** -0.5}
    curves = learning_curves(both(**sides, draws=5, spread=0.03).finished)
    worse = {worth.size: worth for worth in label_worth(curves, "ctc", "gmm")}
    assert worse[SIZES[0]].labels == worse[SIZES[0]].low == 0
    assert worse[SIZES[-1]].labels == pytest.approx(SIZES[-1] / 4, rel=0.25)


def test_two_without_a_size_in_common_have_no_worth():
    fail = {("gmm", size) for size in SIZES[:3]} | {("ctc", size) for size in SIZES[3:]}
    assert label_worth(learning_curves(both(fail=fail).finished, replications=50), "ctc", "gmm") == []
