"""Batches that are no numbers or do not fit into memory: left out, cut smaller, or named with the way out."""

import re

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.augmentation import BatchAugmentation
from components.neural.model import encoders
from components.neural.training import trainer as training
from components.neural.training.data import TrainingData
from components.neural.training.step import add_gradients
from tests.neural.test_recogniser import digits

SMALL = {
    "channels": 32,
    "layers": 1,
    "steps": 40,
    "batch_seconds": 4.0,
    "decoding": "greedy",
    "device": "cpu",
}
add_gradients_well, clip_losses = add_gradients, encoders.clip_losses


def taught(recordings, **settings):
    return CtcRecogniser(**{**SMALL, **settings}).fit(*digits(recordings, [5]))


def spoilt(monkeypatch, which, part):
    """Make no numbers of the batches in `which`, and of their batch norms; part: the loss or the gradient."""
    seen = []

    def spoil(network, *others):
        losses = add_gradients_well(network, *others)
        seen.append(0)
        if len(seen) in which:
            next(network.parameters()).grad.fill_(torch.inf)
            next(iter(network.buffers())).fill_(torch.nan)
            return losses * torch.nan if part == "loss" else losses
        return losses

    monkeypatch.setattr(training, "add_gradients", spoil)


@pytest.mark.parametrize("part", ["loss", "gradient"])
def test_a_batch_that_is_no_number_is_left_out_and_noted_and_training_goes_on(recordings, monkeypatch, part):
    spoilt(monkeypatch, {1, 7, 8}, part)
    learned = taught(recordings)
    left_out = [note for note in learned.history_ if "left_out" in note]
    assert [note["step"] for note in left_out] == [0, 6, 7]
    assert all(name.endswith("_5") for note in left_out for name in note["left_out"])
    assert all(np.isfinite(weights).all() for weights in learned.weights_.values())
    assert all(np.isfinite(note["loss"]) for note in learned.history_ if "loss" in note)


def test_eleven_batches_that_are_no_numbers_end_the_training_with_the_last_one_s_clips(
    recordings, monkeypatch
):
    spoilt(monkeypatch, set(range(1, 12)), "loss")
    with pytest.raises(FloatingPointError) as failure:
        taught(recordings, batch_seconds=0.5)
    assert re.fullmatch(
        r"CTC training expected a finite loss for every clip, got nan or inf for (\d) of the batch's \1: "
        r"\d_\w+_5(, \d_\w+_5)*; listen to them, or lower learning_rate\.",
        str(failure.value),
    )


def test_a_clip_that_is_no_number_even_when_heard_alone_is_named_and_no_other(recordings):
    clips, texts = digits(recordings, [5])
    loud = Clip("far-too-loud", "jackson", clips[3].samples * np.float32(1e25), 8000)
    with pytest.raises(FloatingPointError) as failure:
        CtcRecogniser(**SMALL).fit([*clips, loud], [*texts, "three"])
    assert "of the batch's " in str(failure.value)
    assert str(failure.value).endswith(": far-too-loud; listen to them, or lower learning_rate.")


def short_of_memory(monkeypatch, most_clips, error):
    def losses(said, spelt):
        if len(spelt) > most_clips:
            raise error
        return clip_losses(said, spelt)

    monkeypatch.setattr(encoders, "clip_losses", losses)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8589934592 bytes."),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8589934592 bytes."),
    ],
)
def test_a_batch_too_large_for_memory_is_halved_until_it_fits_and_training_goes_on(
    recordings, monkeypatch, error
):
    short_of_memory(monkeypatch, 3, error)
    learned = taught(recordings)
    pieces = [note["pieces"] for note in learned.history_ if "pieces" in note]
    assert pieces and pieces == [2, 4, 8][: len(pieces)]
    losses = [note["loss"] for note in learned.history_ if "loss" in note]
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
        taught(recordings)


def test_a_batch_in_pieces_has_the_losses_and_gradients_of_the_whole(recordings, monkeypatch):
    clips, texts = digits(recordings, [5])
    learned = CtcRecogniser(**SMALL).fit(clips, texts)
    network = learned._trained_network()
    monkeypatch.setattr(network, "train", lambda: None)  # batch norms of a piece are not those of the whole
    spelt = [np.array([1 + len(text), 2]) for text in texts]
    everyone = np.arange(len(clips))
    lessons = TrainingData(
        network.front_end.extract(clips), texts, spelt, everyone, everyone[:0], learned.tokenizer_
    )
    found = []
    for pieces in (1, 4, 1000):
        network.zero_grad()
        unaltered = BatchAugmentation(0.0, frozenset())
        losses = add_gradients(
            network, lessons, everyone, pieces, np.random.default_rng(0), unaltered, True, False
        )
        found.append([losses, *(weight.grad.clone() for weight in network.parameters())])
    for other in found[1:]:
        torch.testing.assert_close(other, found[0], rtol=1e-3, atol=1e-4)
