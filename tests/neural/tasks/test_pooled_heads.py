"""Pooled heads: mean and deviation over a clip's own rows, finite gradients, nothing from absent labels."""

import numpy as np
import pytest
import torch

from components.neural.model.heads import Head
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.heads.pooled import ClassHead, NumberHead, pool
from components.neural.packing import RaggedFeatures
from tests.neural.toy import CHANNELS, LETTERS, network, run, tones, training, weights_of

TARGETS = {
    "class": [np.array([1]), np.array([0]), np.array([2])],
    "number": [np.array([x], np.float32) for x in (0.5, -1, 2)],
}
MADE = {"class": lambda: ClassHead(CHANNELS, 3), "number": lambda: NumberHead(CHANNELS)}


def encoded(lengths=(4, 400, 6)):
    generator = torch.Generator().manual_seed(0)
    rows = [torch.randn(n, CHANNELS, generator=generator, requires_grad=True) for n in lengths]
    return RaggedFeatures.from_list(rows).batch(np.arange(len(rows)), None, 3, 4)


def test_the_pool_is_mean_and_deviation_of_the_clips_own_rows():
    batch = encoded()
    expected = [torch.cat([rows.mean(0), rows.std(0, correction=0)]) for rows in batch.unpack()]
    torch.testing.assert_close(pool(batch), torch.stack(expected), atol=1e-4, rtol=1e-4)


def test_gradients_of_a_clip_of_one_row_are_finite():
    rows = torch.zeros(1, CHANNELS, requires_grad=True)
    pool(RaggedFeatures.from_list([rows]).batch(np.array([0]), None, 1, 1)).sum().backward()
    assert rows.grad.isfinite().all()


@pytest.mark.parametrize("kind", MADE)
@torch.no_grad()
def test_a_loss_a_labelled_clip_as_it_is_alone_and_none_for_the_others(kind):
    torch.manual_seed(0)
    head, targets, batch = MADE[kind](), TARGETS[kind], encoded()
    losses = head.losses(batch, targets)
    assert isinstance(head, Head) and losses.shape == (3,) and losses.isfinite().all()
    some = head.losses(batch, [targets[0], None, targets[2]])
    torch.testing.assert_close(some, losses[[0, 2]])
    alone = head.losses(batch.select(np.array([2])), targets[2:])
    torch.testing.assert_close(alone[0], losses[2], atol=1e-4, rtol=1e-4)


HEADS = {"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS), "class": MADE["class"], "number": MADE["number"]}


def with_targets(made, labelled):
    """Tones with classes and numbers as well, labelled at these places alone."""
    data = tones(network({"ctc": HEADS["ctc"]}))
    for head in ("class", "number"):
        own = [TARGETS[head][i % 3] if i in labelled else None for i in range(24)]
        data.targets[head] = own
    return data


@pytest.mark.parametrize("absent", ["class", "number"])
def test_a_head_without_a_label_in_the_batch_gets_no_gradient_and_gives_none(absent):
    data, batch = with_targets(network({"ctc": HEADS["ctc"]}), {0, 3}), np.arange(6)
    data.targets[absent] = [None] * 24
    gradients = []
    for heads in (HEADS, {name: head for name, head in HEADS.items() if name != absent}):
        made = network(HEADS)
        for name in HEADS.keys() - heads.keys():
            del made.heads[name]
        rows = made.encode(made.pack(data.features, batch))
        total = made.losses(rows, data.targets_of(batch)).mean()
        total.backward()
        assert total.isfinite()
        gradients.append({key: weight.grad for key, weight in made.named_parameters()})
    beside, without = gradients
    assert beside[f"heads.{absent}.output.weight"] is beside[f"heads.{absent}.output.bias"] is None
    for key, gradient in without.items():
        torch.testing.assert_close(beside[key], gradient, rtol=0, atol=0)


def test_two_joined_clips_teach_as_two_clips_do():
    made, batch = network({**HEADS, "ctc": HEADS["ctc"]}), np.arange(5)
    data = with_targets(made, {0, 1, 3, 4})
    features, chosen, targets = data.examples(batch, concat_pairs=True)
    rows = made.encode(made.pack(features, chosen))
    by_head = made.losses_by_head(rows, targets, shares=data.shares(batch))
    apart = rows.split(made.output_rows(data.features.lengths[batch[::2]]) // 2)
    assert apart.lengths.tolist()[-1] == 0 and apart.lengths.sum() == rows.lengths.sum()
    for name in ("class", "number"):
        expected = made.heads[name].losses(apart, targets[name])
        assert len(expected) == 4 and by_head[name].shape == (3,)
        torch.testing.assert_close(by_head[name].mean(), expected.mean(), atol=0.02, rtol=0.02)
    sum(loss.mean() for loss in by_head.values()).backward()
    assert all(weight.grad.isfinite().all() for weight in made.parameters() if weight.grad is not None)


@pytest.mark.parametrize("labelled", [set(), {3}])
def test_training_with_hardly_any_label_is_finite_and_leaves_an_unlabelled_head_as_it_was(labelled):
    made = network(HEADS)
    data, before = with_targets(made, labelled), weights_of(made)
    begun = training(made, data, steps=40)
    after = weights_of(run(begun))
    assert all(np.isfinite(weight).all() for weight in after.values())
    assert all(np.isfinite(note["loss"]) for note in begun.progress.notes if "loss" in note)
    for name in ("heads.class.output.weight", "heads.number.output.weight"):
        assert np.allclose(before[name], after[name], atol=1e-7) == (not labelled)
