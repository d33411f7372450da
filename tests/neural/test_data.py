"""What a network is trained on: clips as they are, or joined two by two, and the targets of each head."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from components.neural import CtcRecogniser
from components.neural.model.layers import Dropout
from components.neural.packing import RaggedFeatures
from components.neural.tokenizer import Tokenizer
from components.neural.training.batches import Batches
from components.neural.training.data import TrainingData
from tests.fsdd import digits
from tests.neural.quick import QUICK


def training_data(texts, speakers=None):
    features = RaggedFeatures.from_list([torch.full((2 + i, 1), float(i)) for i in range(len(texts))])
    tokenizer, everyone = Tokenizer().fit(texts), np.arange(len(texts))
    targets = {"ctc": [tokenizer.encode(text) for text in texts], "speaker": speakers or [None] * len(texts)}
    separators = {"ctc": [] if tokenizer.space is None else [tokenizer.space]}
    return TrainingData(features, texts, targets, everyone, everyone[:0], separators, tokenizer)


@pytest.mark.parametrize(
    ("texts", "joined"),
    [(["one", "two", "six"], ["sixone", "two"]), (["a b", "c", "d"], ["d a b", "c"])],
    ids=["single words", "connected words"],
)
def test_pairs_are_joined_in_features_and_texts_one_right_after_the_other(texts, joined):
    data = training_data(texts)
    features, chosen, targets = data.examples(np.array([2, 0, 1]), concat_pairs=True)
    assert [data.tokenizer.decode(ids) for ids in targets["ctc"]] == joined
    assert chosen.tolist() == [0, 1] and features.lengths.tolist() == [4 + 2, 3]
    assert features.values[:, 0].tolist() == [2, 2, 2, 2, 0, 0, 1, 1, 1]


def test_joined_clips_have_a_target_each_for_a_head_that_cannot_join_them():
    data = training_data(["one", "two", "six"], [np.array([0]), np.array([1]), np.array([2])])
    pairs = data.examples(np.array([0, 1, 2]), concat_pairs=True)[2]["speaker"]
    assert pairs == [np.array([0]), np.array([1]), np.array([2]), None]
    assert data.shares(np.array([0, 1, 2])).tolist() == [2 / 5, 1]
    assert data.examples(np.array([1, 2]), concat_pairs=False)[2]["speaker"] == [np.array([1]), np.array([2])]


def test_a_pair_of_which_one_clip_has_no_label_has_none():
    data = training_data(["one", "two"])
    data.targets["ctc"][1] = None
    assert data.examples(np.array([0, 1]), concat_pairs=True)[2]["ctc"] == [None]


def test_single_clips_are_read_where_they_lie():
    data = training_data(["one", "two", "six"])
    features, chosen, targets = data.examples(np.array([2, 0]), concat_pairs=False)
    assert features is data.features and chosen.tolist() == [2, 0]
    assert [data.tokenizer.decode(ids) for ids in targets["ctc"]] == ["six", "one"]


def test_every_other_batch_is_joined_in_pairs_once_the_short_clips_are_through():
    batches = Batches(np.full(8, 10), np.arange(8), 20, steps=12, rng=np.random.default_rng(0))
    paired = []
    for _ in range(12):
        batches.next()
        paired.append(batches.concat_pairs)
    assert paired == [False] * 5 + [True, False] * 3 + [True]


def test_pairs_change_the_weights_and_can_be_left_out(recordings):
    clips, texts = digits(recordings, [5])
    weights = [
        CtcRecogniser(**{**QUICK, "steps": 20}, concat_pairs=pairs).fit(clips, texts).weights_
        for pairs in (True, False)
    ]
    assert any(
        not np.array_equal(first, other) for first, other in zip(*(w.values() for w in weights), strict=True)
    )


def test_dropout_drops_its_share_keeps_the_mean_and_rests_outside_training():
    torch.manual_seed(0)
    layer, ones = Dropout(0.25), torch.ones(500, 301)
    dropped = layer.train()(ones)
    assert (dropped == 0).float().mean() == pytest.approx(0.25, abs=0.01)
    assert dropped.mean() == pytest.approx(1, abs=0.01)
    assert layer.eval()(ones) is ones
