"""Counts of errors add up to rates, and their intervals cover, whatever is counted."""

import numpy as np
import pandas as pd
import pytest

from components.study.counts import (
    MOST_BLOCKS,
    SCORE_COLUMNS,
    group_blocks,
    rate_interval,
    rate_metrics,
    ratio,
    score_interval,
)


def test_a_ratio_of_nothing_is_0_and_of_errors_in_nothing_infinite():
    assert (ratio(1, 4), ratio(0, 0), ratio(2, 0)) == (0.25, 0.0, float("inf"))


def test_metrics_divide_once_after_adding_under_the_name_that_is_given():
    rows = [("a", "s", 1, 1), ("b", "s", 0, 4), ("c", "t", 1, 5)]
    metrics = rate_metrics(pd.DataFrame(rows, columns=SCORE_COLUMNS), "top1")
    assert (metrics["top1"], metrics["errors"], metrics["total"]) == (0.2, 2.0, 10.0)
    assert metrics["top1_low"] <= 0.2 <= metrics["top1_high"] and len(metrics) == 5


def test_examples_of_a_group_share_a_block_and_those_of_none_are_spread():
    blocks = group_blocks(["s", "t", "s", ""])
    assert blocks[0] == blocks[2] and len(set(blocks)) == 3
    for alike in ("", "s"):
        assert len(set(group_blocks([alike] * 3 * MOST_BLOCKS))) == MOST_BLOCKS


@pytest.mark.parametrize("groups", [["a", "b"] * 25, ["a"] * 50, [""] * 50])
def test_no_error_at_all_still_leaves_room(groups):
    low, high = rate_interval([0] * 50, [1] * 50, groups)
    assert low == 0 and high == pytest.approx(score_interval(0, 50)[1]) and high > 0.05


def test_one_group_still_leaves_room():
    low, high = rate_interval([1, 0] * 30, [1] * 60, ["a"] * 60)
    assert low < 0.4 and high > 0.6


def test_a_total_of_0_leaves_everything_open():
    assert rate_interval([1], [0], ["a"]) == (0.0, float("inf"))


def test_rates_above_one_lie_in_their_interval():
    low, high = score_interval(15, 10)
    assert low < 1.5 < high


def test_same_seed_same_interval_and_any_order_of_groups_will_do():
    rng = np.random.default_rng(0)
    errors, groups = rng.integers(0, 3, 40), [f"g{place % 5}" for place in range(40)]
    first = rate_interval(errors, [3] * 40, groups, seed=3)
    assert first == rate_interval(errors, [3] * 40, groups, seed=3)
    order = rng.permutation(40)
    assert first == rate_interval(errors[order], [3] * 40, [groups[place] for place in order], seed=3)


@pytest.mark.parametrize("groups", [6, 20])
def test_intervals_hold_the_truth_about_as_often_as_they_say(groups):
    """Groups differ (10 % on average); intervals of independent examples would hold it far less often."""
    rng, held, naive = np.random.default_rng(0), 0, 0
    names = np.repeat([f"g{place}" for place in range(groups)], 30)
    for _ in range(200):
        hard = np.repeat(rng.gamma(3, 0.1 / 3, groups), 30).clip(0, 1)
        errors = rng.binomial(2, hard)
        low, high = rate_interval(errors, [2] * len(errors), names, seed=1, replications=500)
        held += low <= 0.1 <= high
        alone = score_interval(errors.sum(), 2 * len(errors))
        naive += alone[0] <= 0.1 <= alone[1]
    assert 0.88 <= held / 200 <= 0.99
    assert naive < held - 20
