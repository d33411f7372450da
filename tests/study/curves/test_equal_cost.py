"""The crossover at the same cost, where both families may spend as many seconds on training."""

import numpy as np
import pytest

from components.study.curves import crossover, crossover_at_cost, learning_curves
from tests.study.curves.simulated import SIZES, both

SECONDS = np.array(SIZES) * 0.1


@pytest.fixture(scope="module")
def curves():
    return learning_curves(both(draws=5, spread=0.02).finished, replications=500)


def test_at_equal_costs_of_each_size_it_is_the_crossover_in_sizes(curves):
    sizes = crossover(curves, "gmm", "ctc")
    found = crossover_at_cost(curves, ("gmm", SECONDS), ("ctc", SECONDS))
    assert found.estimate == pytest.approx(0.1 * sizes.estimate, rel=0.05)
    assert (found.low, found.high) == pytest.approx((0.1 * sizes.low, 0.1 * sizes.high), rel=0.1)


def test_a_network_that_learns_more_slowly_goes_ahead_later(curves):
    alike, slower = (
        crossover_at_cost(curves, ("gmm", SECONDS), ("ctc", times * SECONDS)) for times in (1, 10)
    )
    assert slower.estimate > 3 * alike.estimate
    assert slower.sizes[0] == pytest.approx(10 * SECONDS[0]) and slower.sizes[-1] == pytest.approx(2000)


def test_who_has_used_all_sizes_stays_as_it_is(curves):
    """The network starts when the other has long ended: it must beat what that ended with."""
    found = crossover_at_cost(curves, ("gmm", SECONDS), ("ctc", 1000 * SECONDS))
    ends = curves.curves["gmm"].rate[-1]
    first = curves.curves["ctc"].sizes[curves.curves["ctc"].rate < ends][0]
    assert found.estimate <= 100 * first and found.outcome == "inside"


def test_a_model_that_never_grows_is_compared_where_both_can_be_had(curves):
    """A network of one size, a modular model that grows: one of them is smaller, and there is one place."""
    network = np.linspace(5.0, 4.9, len(SIZES))[::-1]  # a few words more in its alphabet
    found = crossover_at_cost(curves, ("gmm", SECONDS / SECONDS[-1]), ("ctc", network))
    assert found.sizes == (5.0,) and found.outcome == "below" and found.leads == (True,)
    found = crossover_at_cost(curves, ("gmm", network), ("ctc", 4 * SECONDS / SECONDS[-1]))
    assert found.sizes == (5.0,) and found.outcome == "below"


def test_what_is_dearer_with_less_data_is_not_bought(curves):
    """Decoding that gets quicker with more data: whoever can afford the quickest, can afford the best."""
    quicker = SECONDS[::-1].copy()
    found = crossover_at_cost(curves, ("gmm", SECONDS), ("ctc", quicker))
    best = curves.curves["ctc"].rate[-1]
    assert found.sizes[0] == pytest.approx(SECONDS[0]) and found.outcome == "below"
    assert best < curves.curves["gmm"].rate[-1]


def test_without_costs_there_is_none(curves):
    assert crossover_at_cost(curves, ("gmm", 0 * SECONDS), ("ctc", SECONDS)) is None
    assert crossover_at_cost(curves, ("gmm", np.nan * SECONDS), ("ctc", SECONDS)) is None
