"""What a network is taught: clips as they are, or two by two as if said at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from components.neural import CtcRecogniser
from components.neural.model.encoders import Dropout
from components.neural.packing import shelve
from components.neural.tokenizer import Spelling
from components.neural.training.batches import Batches
from components.neural.training.data import Lessons
from tests.neural.test_recogniser import QUICK, digits


def lessons(texts):
    pieces = [torch.full((2 + i, 1), float(i)) for i in range(len(texts))]
    spelling = Spelling().fit(texts)
    everyone = np.arange(len(texts))
    spelt = [spelling.spell(text) for text in texts]
    return Lessons(shelve(pieces), texts, spelt, everyone, everyone[:0], spelling)


@pytest.mark.parametrize(
    ("texts", "said"),
    [(["one", "two", "six"], ["sixone", "two"]), (["a b", "c", "d"], ["d a b", "c"])],
    ids=["single words", "connected words"],
)
def test_pairs_are_heard_and_read_one_right_after_the_other(texts, said):
    lesson = lessons(texts)
    shelf, heard, spelt = lesson.hear(np.array([2, 0, 1]), paired=True)
    assert [lesson.spelling.unspell(one) for one in spelt] == said
    assert heard.tolist() == [0, 1] and shelf.lengths.tolist() == [4 + 2, 3]
    assert shelf.values[:, 0].tolist() == [2, 2, 2, 2, 0, 0, 1, 1, 1]


def test_unpaired_clips_are_heard_where_they_lie():
    lesson = lessons(["one", "two", "six"])
    shelf, heard, spelt = lesson.hear(np.array([2, 0]), paired=False)
    assert shelf is lesson.shelf and heard.tolist() == [2, 0]
    assert [lesson.spelling.unspell(one) for one in spelt] == ["six", "one"]


def test_every_other_batch_is_paired_once_the_short_clips_are_through():
    batches = Batches(np.full(8, 10), np.arange(8), 20, steps=12, rng=np.random.default_rng(0))
    paired = []
    for _ in range(12):
        batches.next()
        paired.append(batches.paired)
    assert paired == [False] * 5 + [True, False] * 3 + [True]


def test_pairs_change_what_is_learned_and_can_be_left_out(recordings):
    clips, texts = digits(recordings, [5])
    weights = [
        CtcRecogniser(**{**QUICK, "steps": 20}, pairs=pairs).fit(clips, texts).weights_
        for pairs in (True, False)
    ]
    assert any(
        not np.array_equal(one, other) for one, other in zip(*(w.values() for w in weights), strict=True)
    )


def test_dropout_drops_its_share_keeps_the_mean_and_rests_outside_training():
    torch.manual_seed(0)
    layer, ones = Dropout(0.25), torch.ones(500, 301)
    dropped = layer.train()(ones)
    assert (dropped == 0).float().mean() == pytest.approx(0.25, abs=0.01)
    assert dropped.mean() == pytest.approx(1, abs=0.01)
    assert layer.eval()(ones) is ones
