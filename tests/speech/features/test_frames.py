"""Stages that follow the spectrum: deltas, splicing, CMVN, statistics."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchaudio.functional import compute_deltas

from components.speech.features.cmvn import Cmvn
from components.speech.features.deltas import Deltas
from components.speech.features.splice import Splice
from components.speech.features.statistics import Statistics


def frames(count, dims=5, seed=0):
    return np.random.default_rng([seed, count]).standard_normal((count, dims)).astype(np.float32)


STAGES = [Deltas(), Splice(2, 3), Cmvn(), Cmvn(0.0), Cmvn(np.inf, variance=False), Statistics(4)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.sampled_from(STAGES))
def test_to_the_last_bit_neighbours_do_not_matter(lengths, stage):
    items = [frames(count, seed=seed) for seed, count in enumerate(lengths)]
    fitted = stage.fit([frames(40), frames(30)])
    together = fitted.transform(items)
    assert all(
        np.array_equal(fitted.transform([item])[0], whole)
        for item, whole in zip(items, together, strict=True)
    )


@pytest.mark.parametrize("count", [1, 2, 50])
def test_deltas_are_torchaudio_s(count):
    plain = frames(count)
    slope = compute_deltas(torch.from_numpy(plain.T)).numpy().T
    again = compute_deltas(torch.from_numpy(slope.T.copy())).numpy().T
    np.testing.assert_allclose(Deltas().transform([plain])[0], np.hstack([plain, slope, again]), atol=1e-6)


def test_splicing_repeats_the_edges():
    spliced = Splice(1, 1).transform([np.array([[1.0], [2.0], [3.0]], np.float32)])[0]
    assert spliced.tolist() == [[1, 1, 2], [1, 2, 3], [2, 3, 3]]


@pytest.mark.parametrize("stage", [Deltas(), Splice(2, 3)])
def test_an_item_without_frames_does_not_touch_its_neighbours(stage):
    first, last = frames(4), frames(5, seed=1)
    transformed = stage.transform([first, frames(0), last, frames(0)])
    assert [len(rows) for rows in transformed] == [4, 0, 5, 0]
    assert np.array_equal(transformed[0], stage.transform([first])[0])
    assert np.array_equal(transformed[2], stage.transform([last])[0])


def test_plain_utterance_cmvn_leaves_mean_0_and_deviation_1():
    even = Cmvn(prior_frames=0).fit([frames(10)]).transform([3 * frames(200) + 7])[0]
    np.testing.assert_allclose(even.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(even.std(axis=0), 1, atol=1e-4)


def test_cmvn_of_infinite_prior_uses_the_training_clips_alone():
    training, test = frames(500), frames(7, seed=3)
    even = Cmvn(prior_frames=np.inf).fit([training]).transform([test])[0]
    np.testing.assert_allclose(even, (test - training.mean(0)) / training.std(0), atol=1e-5)


def test_cmvn_of_a_constant_clip_is_finite():
    assert np.isfinite(Cmvn(0.0).fit([frames(9)]).transform([np.ones((4, 5), np.float32)])[0]).all()


def test_cmvn_refuses_to_learn_from_nothing():
    with pytest.raises(ValueError) as error:
        Cmvn().fit([])
    assert str(error.value) == (
        "Cmvn cannot learn from no clips: expected at least one, got 0; give it training clips."
    )


def test_statistics_are_means_deviations_and_the_means_of_equal_parts():
    plain = frames(12, dims=2)
    vector = Statistics(segments=3).transform([plain])[0]
    parts = [plain[first : first + 4].mean(axis=0) for first in (0, 4, 8)]
    expected = np.concatenate([plain.mean(0), plain.std(0), *parts, [np.log(12)]])
    np.testing.assert_allclose(vector, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_statistics_of_fewer_frames_than_parts_repeat_frames(count):
    vectors = Statistics(segments=4).transform([frames(count), frames(9)])
    assert vectors[0].shape == vectors[1].shape and np.isfinite(vectors[0]).all()
    np.testing.assert_array_equal(vectors[0][10:15], frames(count)[0])


@pytest.mark.parametrize("stage", STAGES, ids=repr)
def test_no_clips_give_nothing(stage):
    assert stage.fit([frames(3)]).transform([]) == []
