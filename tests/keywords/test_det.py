"""Figures that are known beforehand: Poisson intervals, DET points, thresholds, hearings, hours."""

import numpy as np
import pytest

from components.keywords.det import can_show, det_curve, hours_to_show, poisson_interval
from components.keywords.stream import Said
from components.keywords.track import Track, alarms, hearings, threshold_for


def track(scores, step=0.1):
    return Track(np.asarray(scores, np.float32), 0.0, step)


@pytest.mark.parametrize(
    ("count", "hours", "low", "high"),
    [(0, 1, 0, 3.6889), (1, 1, 0.0253, 5.5716), (10, 1, 4.7954, 18.3904), (10, 4, 1.1988, 4.5976)],
)
def test_the_interval_of_a_poisson_count_is_that_of_the_tables(count, hours, low, high):
    assert poisson_interval(count, hours) == pytest.approx((low, high), abs=1e-4)


def test_five_and_a_half_hours_can_show_neither_rate_and_thirty_both():
    assert hours_to_show(0.5) == 6 and hours_to_show(0.1) == pytest.approx(30)
    assert [can_show(rate, 5.5) for rate in (0.5, 0.1)] == [False, False]
    assert [can_show(rate, 31) for rate in (0.5, 0.1)] == [True, True]


def test_it_is_heard_once_a_second_however_long_the_score_stays_up():
    scores = np.zeros(50)
    scores[5:12], scores[30] = 1, 2  # 0.7 s above, then one peak
    assert list(hearings(scores, 0.5, 0.1)) == [5, 30]
    assert list(hearings(np.ones(25), 0.5, 0.1)) == [0, 10, 20]
    assert list(hearings(scores, 3, 0.1)) == []


def peaks(*heights):
    """A minute with peaks 3 s apart."""
    scores = np.full(600, -5.0)
    scores[30 * np.arange(len(heights))] = heights
    return track(scores)


def test_the_threshold_lets_no_more_alarms_pass_than_allowed_and_as_many():
    background = [peaks(1, 7, 3), peaks(5, 2)]
    for allowed in range(6):
        threshold = threshold_for(background, allowed)
        assert alarms(background, threshold) == allowed
    assert 7 < threshold_for(background, 0) < 7.001
    assert 5 < threshold_for(background, 1) < 5.001


def test_a_det_curve_has_the_misses_that_were_counted_by_hand():
    background = [peaks(1, 7, 3), peaks(5, 2)]  # taken as two hours
    curve = det_curve([0.5, 2.5, 4, 6, 8], background, 2.0, rates=(0.1, 0.5, 1, 2))
    assert curve == {0.5: 3 / 5, 1: 2 / 5, 2: 1 / 5}  # 0.1 an hour is no alarm in two hours


def test_a_keyword_counts_from_its_begin_until_a_second_after_its_end():
    places = track(np.zeros(100)).within(Said(2.0, 3.0))
    assert (places[0], places[-1]) == (20, 40)
    assert alarms([track(np.zeros(0))], 0.0) == 0
    with pytest.raises(ValueError, match="long enough to be scored, got none; give more --background"):
        threshold_for([track(np.zeros(0))], 1)
