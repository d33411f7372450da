"""A network starts from scratch or from a source by what the dev clips say; a tie goes to the simplest."""

import numpy as np
import pytest

from components.laws.examples import labelled
from components.neural import CtcRecogniser, FineTuned
from components.neural.choose_start import LEAST_CLIPS, MixedTraining
from components.study.choices import choices
from components.study.saving import FILE, save
from tests.neural.quick import QUICK
from tests.neural.toy import network, two_heads, weights_of


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """File of a network that was trained long enough on the tones to tell them apart."""
    folder = tmp_path_factory.mktemp("source")
    save(CtcRecogniser(**QUICK | {"steps": 60}).fit(*labelled(48)), folder)
    return str(folder / FILE)


def chosen(source, count, **knobs):
    return FineTuned(CtcRecogniser(**QUICK | knobs), source, "auto").fit(*labelled(count))


def test_a_source_that_knows_the_words_is_taken_and_compared_with_scratch(source):
    model = chosen(source, 24)
    start = choices(model)[0]
    assert start.what == "start" and start.chosen != "from scratch"
    assert start.compared[start.chosen] < start.compared["from scratch"]
    assert model.taken_ > 0 and model.trained_numbers_ > 0


def test_a_source_that_is_no_help_is_left(source, tmp_path):
    ruined = CtcRecogniser(**QUICK | {"steps": 1}).fit(*labelled(24))
    ruined.weights_ = {
        name: np.zeros_like(weight) if name.startswith("encoder") and weight.ndim == 3 else weight
        for name, weight in ruined.weights_.items()
    }
    save(ruined, tmp_path)
    model = chosen(str(tmp_path / FILE), 24, steps=60)
    assert choices(model)[0].chosen == "from scratch" and model.taken_ == 0


def test_of_few_clips_none_is_held_out_to_compare_on(source):
    model = chosen(source, LEAST_CLIPS - 2)
    start = choices(model)[0]
    assert start.chosen == "last-layer" and not start.compared


def test_the_same_seed_chooses_the_same_to_the_bit(source):
    first, second = chosen(source, 24), chosen(source, 24)
    assert choices(first) == choices(second)
    for name, weight in first.recogniser_.weights_.items():
        np.testing.assert_array_equal(weight, second.recogniser_.weights_[name], err_msg=name)


class Trained:
    """Stands for a training whose network is known."""

    def __init__(self, network):
        self.network = network

    def run_until_dev_joins(self):
        return self.network

    run_to_end = run_until_dev_joins


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_mixed_network_lies_between_the_one_before_and_the_trained_one(share):
    before, after = network(two_heads(), seed=1), network(two_heads(), seed=2)
    mixed = MixedTraining(Trained(after), before.state_dict(), share)
    for made in (mixed.run_until_dev_joins(), mixed.run_to_end()):
        for name, weight in weights_of(made).items():
            old, new = weights_of(before)[name], weights_of(after)[name]
            np.testing.assert_allclose(weight, old + share * (new - old), atol=1e-6, err_msg=name)
    assert mixed.network is after
