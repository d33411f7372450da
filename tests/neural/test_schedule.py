"""How long the networks train, and how fast they learn."""

import numpy as np
import pytest

from components.neural.recogniser import CtcRecogniser
from components.neural.training.schedule import (
    batch_seconds_for,
    rate_for,
    schedule_for,
    share_of_rate,
    wanted_steps,
)


def test_more_data_earns_more_steps_and_fewer_passes():
    sizes = (5, 20, 100, 500, 900)
    steps = [wanted_steps(batches) for batches in sizes]
    assert steps == sorted(set(steps))
    passes = [one / batches for one, batches in zip(steps, sizes, strict=True)]
    assert passes == sorted(passes, reverse=True)
    assert wanted_steps(1) == 800


def test_a_training_that_was_bounded_says_how_many_steps_it_would_have_taken():
    hour = np.full(3600, 100)  # clips of one second, 100 rows
    plain, bounded, asked = (
        schedule_for(CtcRecogniser(steps=steps), np.tile(hour, hours), 100)
        for steps, hours in ((None, 1), (None, 50), (30_000, 50))
    )
    (choice,) = bounded.limits
    assert (bounded.steps, choice.chosen) == (20_000, "20,000") and "asks for 23," in choice.limit
    assert plain.limits == asked.limits == [] and asked.steps == 30_000


def test_the_learning_rate_rises_holds_and_falls_to_nothing():
    rates = [share_of_rate(step, 100, None, 70) for step in range(30)]
    assert rates[0] == 0.1 and rates[9:] == [1.0] * 21
    assert [share_of_rate(step, 100, 30, 70) for step in (30, 65, 100)] == [1.0, 0.5, 0.0]


def test_longer_clips_get_larger_batches_and_lower_rates():
    assert [batch_seconds_for(seconds) for seconds in (0.4, 2, 60)] == [12, pytest.approx(16.2), 120]
    assert [rate_for(seconds) for seconds in (0.4, 1.7, 3.4)] == pytest.approx([0.01, 0.01, 0.005])
