"""Mixtures of many states: the same densities as scikit-learn's, and what happens where frames are few."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from components.speech.acoustic import expectation_maximisation
from components.speech.acoustic.mixtures import StateMixtures, split_mixture


def drawn(counts, dims=4, seed=0):
    """Frames of as many states as counts, each with a mean of its own, and their states in mixed order."""
    rng = np.random.default_rng(seed)
    states = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    means = 3 * rng.standard_normal((len(counts), dims))
    return (means[states] + rng.standard_normal((len(states), dims))).astype(np.float32), states


def as_scikit_learn(mixtures, state):
    weights, means, variances = mixtures.of_state(state)
    same = GaussianMixture(len(weights), covariance_type="diag")
    same.weights_, same.means_, same.covariances_ = weights / weights.sum(), means, variances
    same.precisions_cholesky_ = 1 / np.sqrt(variances)
    return same


@pytest.mark.parametrize("components", [1, 4])
def test_log_likelihoods_are_scikit_learn_s(components):
    frames, states = drawn([200, 90, 30])
    mixtures = StateMixtures(components).fit(frames, states, np.arange(3))
    theirs = np.stack([as_scikit_learn(mixtures, state).score_samples(frames) for state in range(3)], axis=1)
    np.testing.assert_allclose(mixtures.log_likelihoods(frames), theirs, rtol=1e-3, atol=1e-3)


def test_some_states_have_the_columns_that_they_have_among_all():
    frames, states = drawn([100, 90, 80, 70])
    mixtures = StateMixtures(4).fit(frames, states, np.arange(4))
    some = mixtures.log_likelihoods(frames, np.array([3, 1]))
    np.testing.assert_allclose(some, mixtures.log_likelihoods(frames)[:, [3, 1]], rtol=1e-5, atol=1e-4)


def test_the_steps_of_em_are_scikit_learn_s():
    frames, states = drawn([300, 200], seed=3)
    one = StateMixtures(1).fit(frames, states, np.arange(2))
    settings = {"variance_prior": 1e-9, "variance_floor": 0.0, "em_steps": 4}
    grown = StateMixtures(4, **settings).fit(frames, states, np.arange(2), one)
    for state in range(2):
        own = frames[states == state]
        weights, means, variances = split_mixture(*one.of_state(state), 4)
        with pytest.warns(ConvergenceWarning):
            theirs = GaussianMixture(
                4,
                covariance_type="diag",
                max_iter=4,
                tol=0,
                reg_covar=0.01 * float(grown.pooled_.mean()),
                weights_init=weights,
                means_init=means,
                precisions_init=1 / variances,
            ).fit(own.astype(np.float64))
        for ours, wanted in zip(
            grown.of_state(state), (theirs.weights_, theirs.means_, theirs.covariances_), strict=True
        ):
            np.testing.assert_allclose(ours, wanted, rtol=2e-3, atol=2e-3)


def test_states_taken_together_have_the_mixtures_that_each_has_alone(monkeypatch):
    frames, states = drawn([300, 45, 120, 10, 121, 90], seed=4)
    together = StateMixtures(4).fit(frames, states, np.arange(6))
    monkeypatch.setattr(expectation_maximisation, "AT_ONCE", 1)
    apart = StateMixtures(4).fit(frames, states, np.arange(6))
    assert np.bincount(together.owners_).tolist() == [4, 2, 4, 1, 4, 4]
    for name in ("weights_", "means_", "variances_"):
        np.testing.assert_allclose(getattr(together, name), getattr(apart, name), rtol=1e-4, atol=1e-4)


def test_a_state_gets_components_for_the_frames_it_has():
    frames, states = drawn([200, 45, 10])
    mixtures = StateMixtures(4, frames_per_component=20).fit(frames, states, np.arange(3))
    assert np.bincount(mixtures.owners_).tolist() == [4, 2, 1]


def test_more_components_fit_two_heaps_better_than_one():
    rng = np.random.default_rng(1)
    heaps = np.concatenate([rng.normal(-3, 1, (200, 2)), rng.normal(3, 1, (200, 2))]).astype(np.float32)
    one = StateMixtures(1).fit(heaps, np.zeros(400, int), np.zeros(1, int))
    two = StateMixtures(2).fit(heaps, np.zeros(400, int), np.zeros(1, int), one)
    assert two.log_likelihoods(heaps).mean() > one.log_likelihoods(heaps).mean() + 0.5
    np.testing.assert_allclose(np.sort(two.means_[:, 0]), [-3, 3], atol=0.4)


def test_a_state_without_frames_is_like_its_siblings():
    frames, states = drawn([60, 60])
    mixtures = StateMixtures().fit(frames, states, np.array([0, 1, 1]))
    np.testing.assert_allclose(mixtures.means_[2], frames[states == 1].mean(axis=0), rtol=1e-4)
    assert np.isfinite(mixtures.log_likelihoods(frames)).all()


def test_a_state_of_one_frame_does_not_collapse_onto_it():
    frames, states = drawn([60, 1])
    mixtures = StateMixtures().fit(frames, states, np.arange(2))
    assert (mixtures.variances_[1] > 0.5 * mixtures.pooled_).all()


def test_frames_that_are_all_the_same_have_finite_densities():
    frames = np.ones((50, 3), np.float32)
    mixtures = StateMixtures(4).fit(frames, np.zeros(50, int), np.zeros(1, int))
    assert np.isfinite(mixtures.log_likelihoods(frames)).all()


def test_a_second_fit_forgets_the_first():
    first, second = drawn([80, 80], seed=1), drawn([80, 80], seed=2)
    mixtures = StateMixtures(2).fit(*first, np.arange(2))
    mixtures.log_likelihoods(first[0])
    again = mixtures.fit(*second, np.arange(2)).log_likelihoods(second[0])
    np.testing.assert_array_equal(
        again, StateMixtures(2).fit(*second, np.arange(2)).log_likelihoods(second[0])
    )
