"""What is chosen on held-out examples: the simplest that errs no more than the best does, within luck."""

import numpy as np
import pytest

from components.study.choices import simplest_within_luck

RNG = np.random.default_rng(0)
BASE = RNG.normal(5.0, 2.0, 40)  # of clips that differ in difficulty


@pytest.mark.parametrize(
    ("gain", "spread", "taken"),
    [(0.0, 0.0, "simple"), (0.5, 0.1, "other"), (0.1, 2.0, "simple"), (-0.5, 0.1, "simple")],
    ids=["the same", "better", "better by luck", "worse"],
)
def test_the_simplest_within_luck_is_taken(gain, spread, taken):
    noise = RNG.normal(0.0, spread, 40) if spread else np.zeros(40)
    other = BASE - gain + noise - noise.mean()
    assert simplest_within_luck({"simple": BASE, "other": other}) == taken


def test_one_dev_clip_decides_by_itself():
    assert simplest_within_luck({"simple": np.array([2.0]), "other": np.array([1.0])}) == "other"


@pytest.mark.parametrize("clips", [10, 100, 317])
def test_one_error_more_is_luck_and_four_are_not(clips):
    none, one, four = ((np.arange(clips) < count).astype(float) for count in (0, 1, 4))
    assert simplest_within_luck({"simple": one, "other": none}) == "simple"
    assert simplest_within_luck({"simple": four, "other": none}) == "other"
