"""Named heads: one promise for all, several on one encoder, labels that are missing."""

import numpy as np
import pytest
import torch

from components.neural.model.build import HEADS
from components.neural.model.heads import Head
from components.neural.packing import RaggedFeatures
from tests.neural.toy import CHANNELS, SPEAKERS, PooledHead, network, run, tones, training, two_heads

TOKENS = 5
TARGETS = [np.array([1]), np.array([2, 1, 3, 4]), np.array([1, 2])]
MADE = {name: lambda kind=kind: kind(CHANNELS, TOKENS, 0.0) for name, kind in HEADS.items()}
MADE["pooled"] = lambda: PooledHead(CHANNELS, SPEAKERS)


def encoded(lengths=(4, 11, 6), generator_seed=0):
    generator = torch.Generator().manual_seed(generator_seed)
    rows = [torch.randn(n, CHANNELS, generator=generator) for n in lengths]
    return RaggedFeatures.from_list(rows).batch(np.arange(len(rows)), None, 1, 1)


def head_and_targets(kind):
    torch.manual_seed(0)
    targets = [np.array([i % SPEAKERS]) for i in range(3)] if kind == "pooled" else TARGETS
    return MADE[kind]().eval(), targets


@pytest.mark.parametrize("kind", MADE)
@torch.no_grad()
def test_a_head_has_one_finite_loss_a_labelled_clip_and_leaves_out_the_others(kind):
    head, targets = head_and_targets(kind)
    losses = head.losses(encoded(), targets)
    assert isinstance(head, Head) and losses.shape == (3,) and losses.dtype == torch.float32
    assert losses.isfinite().all() and (losses > 0).all()
    some = head.losses(encoded(), [targets[0], None, targets[2]])
    torch.testing.assert_close(some, losses[[0, 2]])


@pytest.mark.parametrize("kind", MADE)
@torch.no_grad()
def test_the_loss_of_a_clip_is_that_beside_a_much_longer_one(kind):
    head, targets = head_and_targets(kind)
    batch = encoded((6, 400, 9))
    together = head.losses(batch, targets)
    for i in (0, 2):
        alone = head.losses(batch.select(np.array([i])), targets[i : i + 1])
        torch.testing.assert_close(alone[0], together[i], atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_the_total_is_the_weighted_sum_of_means_over_labels_that_are_present():
    made = network(two_heads(), loss_weights={"ctc": 0.25, "speaker": 2.0}).eval()
    data = tones(made)
    clips = np.arange(4)
    rows, targets = made.encode(made.pack(data.features, clips)), data.targets_of(clips)
    targets["speaker"] = [targets["speaker"][0], None, None, targets["speaker"][3]]
    ctc, speaker = (made.heads[name].losses(rows, targets[name]) for name in ("ctc", "speaker"))
    assert (len(ctc), len(speaker)) == (4, 2)
    torch.testing.assert_close(made.losses(rows, targets).mean(), 0.25 * ctc.mean() + 2 * speaker.mean())


@torch.no_grad()
def test_a_head_without_any_label_in_a_batch_adds_nothing():
    made = network(two_heads()).eval()
    data = tones(made)
    clips = np.arange(4)
    rows, targets = made.encode(made.pack(data.features, clips)), data.targets_of(clips)
    targets["speaker"] = [None] * 4
    torch.testing.assert_close(made.losses(rows, targets), made.heads["ctc"].losses(rows, targets["ctc"]))
    nothing = made.losses(rows, {"ctc": [None] * 4, "speaker": [None] * 4})
    assert nothing.tolist() == [0.0] * 4


@torch.no_grad()
def speakers_right(made, data):
    logits = made.heads["speaker"](made.encode(made.pack(data.features, np.arange(24))))
    speakers = np.arange(24) // 3 % SPEAKERS
    return float((logits.argmax(1).numpy() == speakers).mean())


@pytest.mark.parametrize("labelled_share", [1.0, 0.5, 0.0])
def test_two_heads_train_together_and_one_learns_from_the_labels_that_it_has(labelled_share):
    made = network(two_heads())
    data = tones(made, labelled_share)
    before = made.heads["speaker"].output.weight.detach().clone()
    begun = training(made, data, steps=64)
    averaged = run(begun)
    losses = [note["loss"] for note in begun.progress.notes if "loss" in note]
    assert losses[-1] < losses[0] and np.isfinite(losses).all()
    moved = made.heads["speaker"].output.weight.detach()
    assert torch.equal(moved, before) == (labelled_share == 0.0)
    assert averaged.heads["speaker"].output.weight.isfinite().all()


def test_a_network_without_ctc_trains_on_clips_of_which_some_have_a_label():
    made = network({"speaker": two_heads()["speaker"]})
    data = tones(made, 0.7, dev=6)
    begun = training(made, data, steps=48)
    run(begun)
    notes = begun.progress.notes
    assert any("dev_loss" in note for note in notes) and not any("dev_wer" in note for note in notes)
    assert all(np.isfinite(note["loss"]) for note in notes if "loss" in note)


def test_further_ctc_heads_take_turns_and_each_hears_single_clips_and_pairs():
    made = network({name: two_heads()["ctc"] for name in ("ctc", "second_ctc", "third_ctc")})
    turns = [made.weights_at(step) for step in range(8)]
    assert all(weights["ctc"] == 1 and weights["second_ctc"] + weights["third_ctc"] == 2 for weights in turns)
    for head in ("second_ctc", "third_ctc"):
        trained = [step for step, weights in enumerate(turns) if weights[head]]
        assert len(trained) == 4 and {step % 2 for step in trained} == {0, 1}
    made.loss_weights["third_ctc"] = 0.0  # as once a head was chosen
    assert made.weights_at(2)["second_ctc"] == 1 and made.weights_at(2)["third_ctc"] == 0


def test_a_head_that_rests_is_not_moved():
    ctc = two_heads()["ctc"]
    data = tones(network({"ctc": ctc}))
    made = network({name: ctc for name in ("ctc", "second_ctc", "third_ctc")})
    data.targets.update({name: data.targets["ctc"] for name in ("second_ctc", "third_ctc")})
    begun = training(made, data, steps=8, flat_start=0)
    before = {name: head.output.weight.detach().clone() for name, head in made.heads.items()}
    begun.next_step()
    moved = {name for name, head in made.heads.items() if not torch.equal(head.output.weight, before[name])}
    assert moved == {"ctc", "second_ctc"}
