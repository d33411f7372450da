"""LDA and MLLT, and the GMM-HMM of projected frames."""

import numpy as np
import pytest

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.lda import lda_weights
from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.acoustic.mllt import mllt_weights
from tests.speech.acoustic.correlated import LEXICON, make_clips


@pytest.fixture(scope="module")
def model():
    frames, transcripts = make_clips()
    return LdaMlltGmmHmm(GmmHmm(components=2), context=2, statics=None, dims=10).fit(
        frames, transcripts, LEXICON
    )


def test_it_scores_as_many_states_as_it_names(model):
    frames, _ = make_clips(3, seed=1)
    scores = model.log_likelihoods(frames[0])
    assert scores.shape == (len(frames[0]), sum(map(len, model.states_.values())))
    assert scores.dtype == np.float32 and np.isfinite(scores).all()
    assert len(model.stay_) == len(model.parents_) == scores.shape[1]


def test_words_are_aligned_where_they_are(model):
    frames, transcripts = make_clips(6, seed=1)
    for rows, words, path in zip(
        frames,
        transcripts,
        model.align(frames, [model.alignment_graph(words) for words in transcripts]),
        strict=True,
    ):
        certain = np.isin(np.arange(len(rows)), [0, 1, 2, 3, len(rows) - 2, len(rows) - 1])
        assert (path[certain] == 0).all()
        units = {unit for word in words for unit in model.spellings_[word][0]}
        assert all(np.isin(model.states_[unit], path).all() for unit in units)


def test_a_clip_too_short_for_its_states_is_left_out_and_counted():
    frames, transcripts = make_clips()
    frames[0] = frames[0][:5]
    assert LdaMlltGmmHmm(context=1, dims=5).fit(frames, transcripts, LEXICON).skipped_ == 1


def test_too_few_frames_are_left_unprojected():
    rows = np.random.default_rng(0).normal(size=(6, 15)).astype(np.float32)
    model = LdaMlltGmmHmm(context=1, statics=None).fit([rows], [["two"]], LEXICON)
    np.testing.assert_array_equal(model.weights_, np.eye(45))
    assert np.isfinite(model.log_likelihoods(rows)).all()


def test_without_mllt_only_lda_is_left():
    frames, transcripts = make_clips()
    plain = LdaMlltGmmHmm(context=1, dims=5, mllt=False).fit(frames, transcripts, LEXICON)
    transformed = LdaMlltGmmHmm(context=1, dims=5).fit(frames, transcripts, LEXICON)
    between = np.linalg.lstsq(plain.weights_, transformed.weights_, rcond=None)
    assert between[1].max() < 1e-6 and not np.allclose(between[0], np.eye(5), atol=0.01)


def test_lda_finds_the_directions_in_which_states_differ():
    rng = np.random.default_rng(0)
    states = rng.integers(3, size=3000)
    frames = rng.standard_normal((3000, 8)) * [1, 1, 5, 5, 1, 1, 1, 1]
    frames[:, 2] += np.array([0, 12, 24])[states]
    frames[:, 4] += np.array([2, 0, 2])[states]
    weights = lda_weights(frames, states, 5)
    assert weights.shape == (8, 2)  # three states differ in two directions at most
    strength = np.abs(weights * frames.std(axis=0)[:, None])
    assert set(strength.argmax(axis=0)) == {2, 4}
    assert np.cov(weights.T @ (frames[states == 0]).T) == pytest.approx(np.eye(2), abs=0.15)


def likelihood(frames, states, weights):
    """Mean log-likelihood of frames under diagonal Gaussians of the turned frames, one a state."""
    transformed = frames @ weights
    total = len(frames) * np.linalg.slogdet(weights)[1]
    for state in np.unique(states):
        own = transformed[states == state]
        total -= len(own) / 2 * np.log(own.var(axis=0)).sum()
    return total / len(frames)


def test_mllt_finds_the_transform_under_which_states_are_diagonal():
    rng = np.random.default_rng(0)
    states = rng.integers(4, size=8000)
    deviations = rng.uniform(0.3, 3, (4, 6))
    mixing = rng.normal(size=(6, 6)) + 2 * np.eye(6)
    frames = (rng.standard_normal((8000, 6)) * deviations[states] + rng.normal(size=(4, 6))[states]) @ mixing
    weights = mllt_weights(frames, states)
    best = likelihood(frames, states, np.linalg.inv(mixing))
    assert likelihood(frames, states, weights) == pytest.approx(best, abs=0.02)
    assert likelihood(frames, states, np.eye(6)) < best - 0.3


def test_one_state_alone_is_whitened():
    frames = np.random.default_rng(0).normal(size=(500, 3)) @ np.array([[1, 2, 0], [0, 1, 0], [1, 0, 3.0]])
    weights = mllt_weights(frames, np.zeros(500, dtype=int))
    transformed = np.corrcoef((frames @ weights).T)
    assert np.abs(transformed - np.eye(3)).max() < 1e-6
