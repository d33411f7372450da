"""The part of a corpus that sounds like other clips is found; at random it is any."""

import numpy as np
import pytest

from components.laws.examples import tone
from components.speech.alike import choose_alike


@pytest.fixture(scope="module")
def clips():
    """Low and high tones in turns, and a few other high ones."""
    mixed = [tone(f"{i}", (200 if i % 2 else 1000) + 2 * i, 0.4) for i in range(24)]
    return mixed, [tone(f"other{i}", 1005 + 4 * i, 0.4) for i in range(4)]


@pytest.mark.parametrize("selection", ["likelihood-ratio", "domain-classifier"])
def test_clips_that_sound_alike_are_chosen(clips, selection):
    chosen = choose_alike(*clips, 0.25, selection)
    assert len(chosen) == 6 and not (chosen % 2).any()


def test_at_random_they_are_any_by_the_seed_and_a_whole_share_is_all(clips):
    draws = [choose_alike(*clips, 0.25, "random", seed) for seed in range(6)]
    assert (np.concatenate(draws) % 2).any() and len({tuple(draw) for draw in draws}) > 1
    assert np.array_equal(draws[0], choose_alike(*clips, 0.25, "random", 0))
    assert np.array_equal(choose_alike(*clips, 1.0, "likelihood-ratio"), np.arange(24))
