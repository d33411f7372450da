"""Parts of a network are kept from another, frozen or made anew, and an interrupted fine-tuning goes on."""

import numpy as np
import pytest

from components.neural.model.heads.ctc import CtcHead
from components.neural.training import checkpoint
from components.neural.training.checkpoint import checkpointing
from components.neural.transfer import freeze, warm_start
from tests.neural.toy import CHANNELS, LETTERS, network, run, tones, training, two_heads, weights_of


def source():
    """Weights of a network that was trained on words alone."""
    made = network({"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS)}, seed=3)
    return weights_of(run(training(made, tones(made), steps=12)))


@pytest.fixture(scope="module")
def weights():
    return source()


def begin(weights, frozen=("front_end", "encoder"), seed=0, steps=24):
    """A training of two new heads on an encoder that begins with weights; parts of it frozen."""
    made = network(two_heads())
    warm_start(made, weights)
    for part in frozen:
        freeze(made, part)
    return training(made, tones(made, 0.5, dev=4), steps=steps, seed=seed)


def test_a_warm_start_takes_all_but_the_heads_and_tells_which(weights):
    made = network(two_heads())
    fresh = weights_of(made)
    report = warm_start(made, weights)
    assert set(report.taken) | set(report.skipped) == set(fresh) and report.skipped
    assert all(name.startswith("heads.") for name in report.skipped)
    for name, weight in weights_of(made).items():
        expected = weights[name] if name in report.taken else fresh[name]
        np.testing.assert_array_equal(weight, expected, err_msg=name)


def test_a_warm_start_of_other_shapes_or_names_is_refused_with_the_way_out(weights):
    made = network(two_heads(), encoder="conformer")
    with pytest.raises(ValueError, match=r"warm_start expected weights for encoder\..+, got .+; build the"):
        warm_start(made, weights)
    with pytest.raises(ValueError) as error:
        warm_start(network({"ctc": lambda: CtcHead(CHANNELS, 5)}), weights, skip=())
    assert str(error.value) == (
        "warm_start expected weights for heads.ctc.output.weight of shape (10, 16), heads.ctc.output.bias of "
        "shape (10,), got (16, 16), (16,); build the network with the settings of the one that was trained, "
        "or name these parts in skip."
    )


def test_freezing_what_is_not_there_names_what_is():
    with pytest.raises(ValueError) as error:
        freeze(network(two_heads()), "decoder")
    assert str(error.value).startswith(
        "freeze expected a part of the network, got 'decoder'; take one of front_"
    )


@pytest.mark.parametrize("frozen", [("front_end", "encoder"), ("encoder.stem",), ("encoder", "heads.ctc")])
def test_frozen_weights_and_statistics_do_not_move_by_one_bit_and_others_do(weights, frozen):
    begun = begin(weights, frozen)
    before = weights_of(begun.network)
    averaged = run(begun)
    parts = tuple(f"{part}." for part in frozen)
    for made in (begun.network, averaged):
        for name, weight in weights_of(made).items():
            is_frozen, is_same = name.startswith(parts), np.array_equal(weight, before[name])
            assert is_same == is_frozen or name.endswith("num_batches_tracked"), name


def test_a_frozen_part_stays_in_evaluation_whatever_the_network_does(weights):
    made = network(two_heads())
    freeze(made, "encoder")
    made.train()
    assert made.training and made.heads.training and not any(m.training for m in made.encoder.modules())


def test_the_optimiser_holds_only_weights_that_are_trained(weights):
    begun = begin(weights, ("front_end", "encoder"))
    held = {id(weight) for group in begun.optimiser.param_groups for weight in group["params"]}
    assert held == {id(weight) for weight in begun.network.heads.parameters()}


def test_new_heads_on_a_kept_encoder_learn(weights):
    begun = begin(weights, ("front_end", "encoder"), steps=64)
    run(begun)
    losses = [note["loss"] for note in begun.progress.notes if "loss" in note]
    assert losses[-1] < losses[0]


class Interrupted(Exception):
    """Stands for whatever ends a training."""


@pytest.mark.parametrize("step", [5, 22], ids=["before the dev clips joined", "after"])
def test_an_interrupted_fine_tuning_goes_on_to_the_same_bits(weights, tmp_path, monkeypatch, step):
    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)
    first_steps = []

    def stop(report):
        if report["step"] == step:
            raise Interrupted

    with pytest.raises(Interrupted), checkpointing(tmp_path / "checkpoints", stop, save_every_s=0.0):
        run(begin(weights))
    with checkpointing(tmp_path / "checkpoints", lambda report: first_steps.append(report["step"])):
        again = weights_of(run(begin(weights)))
    assert first_steps[0] == step
    whole = weights_of(run(begin(weights)))
    assert all(np.array_equal(again[name], whole[name]) for name in whole)


OTHERS = {
    "other parts frozen": lambda weights: begin(weights, ("front_end",)),
    "other first weights": lambda weights: begin({k: w + w.dtype.type(1) for k, w in weights.items()}),
    "another seed": lambda weights: begin(weights, seed=1),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_fine_tuning_does_not_go_on_from_it(weights, tmp_path, monkeypatch, other):
    monkeypatch.setattr(checkpoint, "REPORT_EVERY_S", 0.0)

    def stop(report):
        raise Interrupted

    with pytest.raises(Interrupted), checkpointing(tmp_path / "checkpoints", stop, save_every_s=0.0):
        begun = begin(weights)
        begun.next_step()
        begun.checkpoint._save(begun._state(), 1.0)
        stop({})
    with checkpointing(tmp_path / "checkpoints"):
        assert begin(weights).progress.step == 1
        assert other(weights).progress.step == 0


def test_the_network_at_the_end_of_the_first_phase_is_the_same_when_it_is_asked_for_later(weights):
    begun = begin(weights)
    at_joining = weights_of(begun.run_until_dev_joins())
    begun.run_to_end()
    again = weights_of(begun.run_until_dev_joins())
    assert all(np.array_equal(at_joining[name], again[name]) for name in again)
    assert not np.array_equal(
        again["heads.ctc.output.weight"], weights_of(begun.network)["heads.ctc.output.weight"]
    )
