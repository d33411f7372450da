"""A draw lucky at every size was counted as that many witnesses: 92.8 % of the truths lay in a 95 % interval.

Of the variance of draws were claimed 1 + (sizes - 1) / 2 times the degrees of freedom of one size, however
alike the draws were at all of them.
"""

import numpy as np
import pytest

from components.study.curves.resampling import inflation

DRAWS, GROUPS, SIZES = 4, 80, 6


@pytest.mark.parametrize(("own", "times"), [(1, 1), (SIZES, 1 + (SIZES - 1) / 2)])
def test_as_many_sizes_count_as_have_luck_of_their_own(own, times):
    rng = np.random.default_rng(0)
    luck = rng.standard_normal((4000, own)) * np.ones(SIZES)
    by_group = 0.1 * rng.standard_normal((4000, SIZES))
    _, df = inflation((np.zeros((1, SIZES)), luck + by_group, luck, by_group), DRAWS, GROUPS)
    assert df == pytest.approx((DRAWS - 1) * times, rel=0.1)


def test_what_draws_and_groups_have_in_common_is_no_surer_than_the_draws():
    """Coins alone: the same by draws and by groups; the draws' part was taken for none, and for sure."""
    rng = np.random.default_rng(0)
    coins = rng.standard_normal((3, 4000, 1)) * np.ones(SIZES)
    _, df = inflation((np.zeros((1, SIZES)), coins.sum(axis=0), *coins[:2]), DRAWS, GROUPS)
    assert df == pytest.approx(DRAWS - 1, rel=0.1)
