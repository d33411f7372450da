"""Frames with their states -> one diagonal Gaussian mixture per state, all scored by one matrix product."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from components.ranges import above, at_least, check_ranges

SPLIT_DEVIATIONS = 0.2  # how far the two halves of a split component start from its mean
SUMMED_TOGETHER = 4096  # frames
NO_WEIGHT = -1e30  # log weight of a component that is not there


class StateMixtures(BaseEstimator):
    """Frames (frames, dims) and their states -> log-likelihoods (frames, states), by Gaussian mixtures.

    components: at most so many a state, and at most one for every frames_per_component of its frames.
    A state's mean leans on its parent's (the same state of the same phone in all words) as if that were
    mean_prior more frames, and its variances on the pooled within-state variance as if that were
    variance_prior more: a state with few frames falls back, one with none is its parent. variance_floor:
    least variance, as a share of the pooled one. More components come from splitting the heaviest ones of
    the mixtures before (Young et al., 2006, The HTK Book), then scikit-learn's EM.
    """

    def __init__(
        self,
        components: int = 1,
        frames_per_component: int = 20,
        variance_prior: float = 20.0,
        mean_prior: float = 1.0,
        variance_floor: float = 0.01,
        em_steps: int = 5,
    ) -> None:
        self.components = components
        self.frames_per_component = frames_per_component
        self.variance_prior = variance_prior
        self.mean_prior = mean_prior
        self.variance_floor = variance_floor
        self.em_steps = em_steps

    def check_settings(self) -> None:
        """Raises ValueError for counts, priors or a floor out of range."""
        check_ranges(
            self,
            **dict.fromkeys(("components", "frames_per_component", "em_steps"), at_least(1)),
            **dict.fromkeys(("variance_prior", "mean_prior"), above(0)),
            variance_floor=at_least(0),
        )

    def fit(
        self, frames: np.ndarray, states: np.ndarray, parents: np.ndarray, before: StateMixtures | None = None
    ) -> StateMixtures:
        """frames (frames, dims), states int (frames,), parents int (states,): each state's parent.

        before: mixtures of the same states to split; None starts from single Gaussians.
        """
        self.__dict__.pop("_packed", None)
        self.frames_ = np.bincount(states, minlength=len(parents))
        self._fit_single(*state_sums(frames, states, len(parents)), parents)
        if self.components > 1:
            sorted_ = frames[np.argsort(states, kind="stable")]
            self._fit_mixed(sorted_, self if before is None else before)
        return self

    def log_likelihoods(self, frames: np.ndarray, states: np.ndarray | None = None) -> np.ndarray:
        """frames (frames, dims) -> log densities, float32 (frames, states), of all states or some."""
        weights, constants = self._packed
        if states is not None:
            weights, constants = weights[states], constants[states]
        dims = len(self.centre_)
        squared = np.empty((len(frames), 2 * dims), np.float32)
        np.subtract(frames, self.centre_, out=squared[:, dims:])
        np.square(squared[:, dims:], out=squared[:, :dims])
        each = weights.reshape(-1, weights.shape[2]) @ squared.T  # (states * most components, frames)
        each = each.reshape(*weights.shape[:2], -1) + constants
        if weights.shape[1] == 1:
            return each[:, 0].T
        best = each.max(axis=1)  # (states, frames)
        each -= best[:, None]
        return (best + np.log(np.exp(each, out=each).sum(axis=1))).T

    @cached_property
    def _packed(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights of squares and values (states, most components, 2 * dims) and constants (..., 1), float32.

        States with fewer components than most are filled up with some of no weight, so that no loop is left.
        """
        precisions, means = 1 / self.variances_, self.means_ - self.centre_
        quadratic = np.concatenate([-0.5 * precisions, means * precisions], axis=1)
        shape = np.log(2 * np.pi * self.variances_) + means**2 * precisions
        sizes = np.bincount(self.owners_)
        place = np.arange(len(self.owners_)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        weights = np.zeros((len(sizes), sizes.max(), quadratic.shape[1]), np.float32)
        constants = np.full((len(sizes), sizes.max(), 1), NO_WEIGHT, np.float32)
        weights[self.owners_, place] = quadratic
        constants[self.owners_, place, 0] = np.log(self.weights_) - 0.5 * shape.sum(axis=1)
        return weights, constants

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_packed"}

    def _fit_single(self, sums: np.ndarray, squares: np.ndarray, parents: np.ndarray) -> None:
        """Sums (states, dims) of frames and their squares -> one Gaussian for each state."""
        counts = self.frames_[:, None]
        prior = _parent_means(sums, self.frames_, parents)
        plain = sums / np.maximum(counts, 1)
        # squares far from 0 would cancel in float32, worst in a dimension that never changes
        self.centre_ = (sums.sum(axis=0) / max(1, self.frames_.sum())).astype(np.float32)
        pooled = (squares - counts * plain**2).sum(axis=0) / max(1, self.frames_.sum())
        self.pooled_ = np.maximum(pooled, 1e-6)
        self.means_ = (sums + self.mean_prior * prior) / (counts + self.mean_prior)
        about_mean = squares - 2 * self.means_ * sums + counts * self.means_**2
        self.variances_ = self._leaned(about_mean, counts)
        self.weights_ = np.ones(len(self.frames_))
        self.owners_ = np.arange(len(self.frames_))

    def _leaned(self, scatter: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Sums of squared distances -> variances, leaning on the pooled ones and floored."""
        variances = (scatter + self.variance_prior * self.pooled_) / (counts + self.variance_prior)
        return np.maximum(variances, self.variance_floor * self.pooled_)

    def _fit_mixed(self, frames: np.ndarray, before: StateMixtures) -> None:
        """Frames sorted by state, and the mixtures before -> larger ones where there are frames enough."""
        ends = np.cumsum(self.frames_)
        found = [
            self._mixture(frames[end - count : end], *before.of_state(state))
            if self._size(count) > 1
            else self.of_state(state)
            for state, (end, count) in enumerate(zip(ends, self.frames_, strict=True))
        ]
        self.owners_ = np.repeat(np.arange(len(found)), [len(weights) for weights, _, _ in found])
        self.weights_, self.means_, self.variances_ = (
            np.concatenate(parts) for parts in zip(*found, strict=True)
        )

    def of_state(self, state: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """State -> weights (components,), means (components, dims), variances (components, dims)."""
        own = self.owners_ == state
        return self.weights_[own], self.means_[own], self.variances_[own]

    def _size(self, count: int) -> int:
        return int(min(self.components, count // self.frames_per_component))

    def _mixture(self, frames: np.ndarray, *start: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One state's frames and its mixture before -> weights, means, variances of the larger mixture."""
        weights, means, variances = _split(*start, self._size(len(frames)))
        mixture = GaussianMixture(
            len(weights),
            covariance_type="diag",
            max_iter=self.em_steps,
            reg_covar=0.01 * float(self.pooled_.mean()),
            weights_init=weights,
            means_init=means,
            precisions_init=1 / variances,
        )
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ConvergenceWarning
            )  # a few steps before each realignment are meant
            mixture.fit(frames)
        counts = (mixture.weights_ * len(frames))[:, None]
        variances = self._leaned(mixture.covariances_ * counts, counts)
        return np.maximum(mixture.weights_, 1e-6), mixture.means_, variances


def state_sums(frames: np.ndarray, states: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames and their states -> sums of the frames and of their squares, float64 (states, dims) each.

    Block by block, so that no copy of all frames in float64 is needed.
    """
    sums, squares = np.zeros((2, number, frames.shape[1]))
    for first in range(0, len(frames), SUMMED_TOGETHER):
        rows = frames[first : first + SUMMED_TOGETHER].astype(np.float64)
        of = states[first : first + SUMMED_TOGETHER]
        members = csr_array((np.ones(len(rows)), (of, np.arange(len(rows)))), shape=(number, len(rows)))
        sums += members @ rows
        squares += members @ rows**2
    return sums, squares


def _parent_means(sums: np.ndarray, counts: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Sums (states, dims) -> the mean over each state's siblings, or over everything where none was heard."""
    siblings = np.zeros((parents.max() + 1, sums.shape[1]))
    np.add.at(siblings, parents, sums)
    frames = np.bincount(parents, weights=counts)[:, None]
    overall = sums.sum(axis=0) / max(1, counts.sum())
    return np.where(frames > 0, siblings / np.maximum(frames, 1), overall)[parents]


def _split(
    weights: np.ndarray, means: np.ndarray, variances: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A mixture -> one of `size` components: the heaviest are halved and moved apart; too many are cut."""
    kept = np.argsort(-weights, kind="stable")[:size]
    weights, means, variances = weights[kept], means[kept], variances[kept]
    while len(weights) < size:
        halved = np.argsort(-weights, kind="stable")[: size - len(weights)]
        apart = SPLIT_DEVIATIONS * np.sqrt(variances[halved])
        weights[halved] /= 2
        weights = np.concatenate([weights, weights[halved]])
        variances = np.concatenate([variances, variances[halved]])
        means = np.concatenate([means, means[halved] + apart])
        means[halved] -= apart
    return weights / weights.sum(), means, variances
