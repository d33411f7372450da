"""Batches that are not finite or do not fit into memory: left out, split, or named with the way out."""

import re

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.augmentation import BatchAugmentation
from components.neural.model.heads import ctc
from components.neural.training import trainer
from components.neural.training.data import TrainingData
from components.neural.training.step import add_gradients
from tests.fsdd import digits

SMALL = {
    "channels": 32,
    "layers": 1,
    "steps": 24,
    "batch_seconds": 4.0,
    "decoding": "greedy",
    "device": "cpu",
}
add_true_gradients, ctc_losses = add_gradients, ctc.ctc_losses


def trained(recordings, **settings):
    return CtcRecogniser(**{**SMALL, **settings}).fit(*digits(recordings, [5]))


def spoiled(monkeypatch, which, part):
    """Make the batches in `which` not finite, and their batch norms; part: the loss or the gradient."""
    seen = []

    def spoil(network, *others):
        losses = add_true_gradients(network, *others)
        seen.append(0)
        if len(seen) in which:
            next(network.parameters()).grad.fill_(torch.inf)
            next(iter(network.buffers())).fill_(torch.nan)
            return losses * torch.nan if part == "loss" else losses
        return losses

    monkeypatch.setattr(trainer, "add_gradients", spoil)


@pytest.mark.parametrize("part", ["loss", "gradient"])
def test_a_batch_that_is_not_finite_is_left_out_and_noted_and_training_goes_on(recordings, monkeypatch, part):
    spoiled(monkeypatch, {1, 7, 8}, part)
    recogniser = trained(recordings)
    left_out = [note for note in recogniser.history_ if "left_out" in note]
    assert [note["step"] for note in left_out] == [0, 6, 7]
    assert all(name.endswith("_5") for note in left_out for name in note["left_out"])
    assert all(np.isfinite(weights).all() for weights in recogniser.weights_.values())
    assert all(np.isfinite(note["loss"]) for note in recogniser.history_ if "loss" in note)


def test_eleven_batches_that_are_not_finite_end_the_training_with_the_last_one_s_clips(
    recordings, monkeypatch
):
    spoiled(monkeypatch, set(range(1, 12)), "loss")
    with pytest.raises(FloatingPointError) as failure:
        trained(recordings, batch_seconds=0.5)
    assert re.fullmatch(
        r"CTC training expected a finite loss for every clip, got nan or inf for (\d) of the batch's \1: "
        r"\d_\w+_5(, \d_\w+_5)*; listen to them, or lower learning_rate\.",
        str(failure.value),
    )


def test_a_clip_that_is_not_finite_even_alone_is_named_and_no_other(recordings):
    clips, texts = digits(recordings, [5])
    loud = Clip("far-too-loud", "jackson", clips[3].samples * np.float32(1e25), 8000)
    with pytest.raises(FloatingPointError) as failure:
        CtcRecogniser(**SMALL).fit([*clips, loud], [*texts, "three"])
    assert "of the batch's " in str(failure.value)
    assert str(failure.value).endswith(": far-too-loud; listen to them, or lower learning_rate.")


def short_of_memory(monkeypatch, most_clips, error):
    def losses(log_probs, targets):
        if len(targets) > most_clips:
            raise error
        return ctc_losses(log_probs, targets)

    monkeypatch.setattr(ctc, "ctc_losses", losses)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8589934592 bytes."),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8589934592 bytes."),
    ],
)
def test_a_batch_too_large_for_memory_is_split_until_it_fits_and_training_goes_on(
    recordings, monkeypatch, error
):
    short_of_memory(monkeypatch, 3, error)
    recogniser = trained(recordings)
    pieces = [note["pieces"] for note in recogniser.history_ if "pieces" in note]
    assert pieces and pieces == [2, 4, 8][: len(pieces)]
    losses = [note["loss"] for note in recogniser.history_ if "loss" in note]
    assert losses[-1] < losses[0]


def test_a_batch_too_large_for_memory_clip_by_clip_is_named_with_the_way_out(recordings, monkeypatch):
    short_of_memory(monkeypatch, 0, MemoryError())
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(2))
    with pytest.raises(MemoryError) as failure:
        CtcRecogniser(**SMALL).fit(clips, texts)
    assert str(failure.value) == (
        "CTC training expected memory to learn from 0_jackson_5, got too little even for one clip at a time; "
        "leave out the longest ('0_jackson_5'), or take fewer channels or --workers."
    )


def test_another_error_of_torch_is_not_taken_for_want_of_memory(recordings, monkeypatch):
    short_of_memory(monkeypatch, 0, RuntimeError("The size of tensor a must match the size of tensor b"))
    with pytest.raises(RuntimeError, match="must match the size"):
        trained(recordings)


def test_a_batch_in_pieces_has_the_losses_and_gradients_of_the_whole(recordings, monkeypatch):
    clips, texts = digits(recordings, [5])
    recogniser = CtcRecogniser(**SMALL).fit(clips, texts)
    network = recogniser._trained_network()
    monkeypatch.setattr(network, "train", lambda: None)  # batch norms of a piece are not those of the whole
    targets = {"ctc": [np.array([1 + len(text), 2]) for text in texts]}
    everyone = np.arange(len(clips))
    data = TrainingData(network.front_end.extract(clips), texts, targets, everyone, everyone[:0])
    results = []
    for pieces in (1, 4, 1000):
        network.zero_grad()
        unaltered = BatchAugmentation(0.0, frozenset())
        losses = add_gradients(
            network, data, everyone, pieces, np.random.default_rng(0), unaltered, True, False
        )
        results.append([losses, *(weight.grad.clone() for weight in network.parameters())])
    for other in results[1:]:
        torch.testing.assert_close(other, results[0], rtol=1e-3, atol=1e-4)
