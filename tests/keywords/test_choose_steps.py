"""How long a keyword's network is trained: chosen on recordings that are held out, and never of the test."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from components.keywords.choose_steps import (
    LEAST_RECORDINGS,
    MOST_STEPS,
    USUAL_STEPS,
    alarm_rates,
    choose_steps,
)
from components.keywords.detector import Groups
from components.keywords.examples import Examples, apart, hold_out
from components.keywords.neural import NeuralDetector
from components.keywords.spotter import KeywordSpotter
from components.study.choices import choices

BANDS = 16


class Loudness:
    """A detector of the first band, in noise."""

    step, lookahead = 4, 0

    def __init__(self, noise):
        self.noise = noise

    def listen(self):
        return self

    def push(self, frames):
        rows = frames[: len(frames) // 4 * 4, :, 0].reshape(-1, 4, frames.shape[1]).mean(axis=1)
        return rows + self.noise * np.random.default_rng(0).standard_normal(rows.shape)


@pytest.fixture
def examples():
    rng = np.random.default_rng(0)
    sounds = gaussian_filter1d(rng.standard_normal((32, 600, BANDS)), 2, axis=1).astype(np.float32)
    keywords, background = sounds[:16], sounds[16:]
    keywords[:, 300:340, 0] += 3
    groups = Groups([str(row // 2) for row in range(16)], [str(row // 4) for row in range(16)])
    return Examples([*keywords], [(300, 340)] * 16, [*background], groups)


def test_the_number_of_steps_that_hears_held_out_recordings_best_is_taken(examples):
    noises = {100: 4.0, 200: 0.0, 300: 2.0, 400: 4.0}
    choice = choose_steps(lambda kept: lambda steps: Loudness(noises[steps]), examples, 0)
    assert choice.chosen == "200" == min(choice.compared, key=choice.compared.get)
    assert list(choice.compared) == ["100", "200", "300", "400"] and not choice.limit


def chosen(monkeypatch, examples, rate):
    """A rate for each number of steps -> the choice."""
    monkeypatch.setattr(
        "components.keywords.choose_steps.alarm_rates", lambda steps, _: np.array([rate(steps)])
    )
    return choose_steps(lambda kept: lambda steps: steps, examples, 0)


def test_it_goes_on_while_more_steps_are_of_use_and_says_where_it_was_bounded(monkeypatch, examples):
    later = chosen(monkeypatch, examples, lambda steps: abs(steps - 700) / 100)
    assert later.chosen == "700" and list(later.compared)[-1] == "900" and not later.limit
    bounded = chosen(monkeypatch, examples, lambda steps: -steps / 1000)
    assert bounded.chosen == str(MOST_STEPS) and bounded.limit == "1,200 steps at most"


def test_of_equals_the_most_steps_are_taken_and_none_are_added(monkeypatch, examples):
    choice = chosen(monkeypatch, examples, lambda steps: 0.0)
    assert choice.chosen == str(USUAL_STEPS) == list(choice.compared)[-1]


def test_what_is_held_out_shares_no_recording_and_no_speaker_with_the_rest(examples):
    kept, held_out = hold_out(examples, np.random.default_rng(0))
    for one, other in zip(kept.groups, held_out.groups, strict=True):
        assert one and other and not set(one) & set(other)
    assert len(kept.keywords) + len(held_out.keywords) == 16 and held_out.recordings == 2


def test_too_few_recordings_are_all_learned_from(examples):
    few = examples.some(range(2 * (LEAST_RECORDINGS - 1)), range(16))
    choice = choose_steps(pytest.fail, few, 0)
    assert choice.chosen == str(USUAL_STEPS) and not choice.compared and choice.limit


def test_a_rate_counts_seconds_of_background_that_score_as_high(examples):
    background = [np.zeros((6000, BANDS), np.float32)]
    background[0][1000:1004, 0] = background[0][3000:3004, 0] = 100
    one = Examples(examples.keywords[:1], examples.spans[:1], background, apart([0], [0]))
    assert alarm_rates(Loudness(0.0), one) == pytest.approx([np.log(2.5 * 60)])


def test_a_trained_spotter_says_which_number_it_chose_and_is_trained_for_it(monkeypatch, examples):
    for name, steps in (("CHECK", 2), ("USUAL_STEPS", 4), ("MOST_STEPS", 4)):
        monkeypatch.setattr(f"components.keywords.choose_steps.{name}", steps)
    spotter = KeywordSpotter()
    spotter.detector_ = NeuralDetector(channels=4, layers=1, kernel_size=1, batch=6)
    spotter.detector_.train(examples.keywords, examples.spans, examples.background, 0, examples.groups)
    (choice,) = choices(spotter)
    assert choice.what == "training steps" and set(choice.compared) == {"2", "4"}
    assert spotter.detector_.history_[-1]["step"] == int(choice.chosen)
    again = NeuralDetector(channels=4, layers=1, kernel_size=1, batch=6, steps=int(choice.chosen))
    again.train(examples.keywords, examples.spans, examples.background)
    for name, weight in again.weights_.items():
        np.testing.assert_array_equal(weight, spotter.detector_.weights_[name])
