"""Frames with their states -> one diagonal Gaussian mixture per state, all scored by one matrix product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.expectation_maximisation import NO_WEIGHT, improve_mixtures
from components.speech.acoustic.state_frames import sorted_by_state, state_sums

SPLIT_DEVIATIONS = 0.2  # how far the two halves of a split component start from its mean
HALVES = 4  # of the most components, by which states are scored apart
MOST_FRAMES = 30_000  # of a state that its mixture is grown on: silence has hours of them


class StateMixtures(BaseEstimator):
    """Frames (frames, dims) and their states -> log-likelihoods (frames, states), by Gaussian mixtures.

    A mixture grows by splitting its heaviest components, then EM. Means and variances are
    smoothed with priors (MAP), so that a state with few frames falls back on its parent, which is the same
    state of the same phone in all words; a state without frames has its parent's mean.

    Parameters
    ----------
    components : most Gaussians per state.
    frames_per_component : a state gets one Gaussian for so many of its frames.
    variance_prior : weight, in frames, of the pooled within-state variance in a state's variance.
    mean_prior : weight, in frames, of the parent's mean in a state's mean.
    variance_floor : least variance, as a share of the pooled one.
    em_steps : iterations of EM after a split.

    Attributes
    ----------
    frames_ : int (states,), frames of each state.
    centre_, pooled_ : (dims,), mean of all frames; pooled within-state variance.
    means_, variances_ : (components of all states, dims); weights_, owners_ : (components of all states,),
        their weights and states.

    Source: Young et al. (2006), The HTK Book.
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
        self,
        frames: np.ndarray | list[np.ndarray],
        states: np.ndarray | list[np.ndarray],
        parents: np.ndarray,
        initial: StateMixtures | None = None,
    ) -> StateMixtures:
        """Frames (frames, dims), states int (frames,), parents int (states,) of each state -> the mixtures.

        frames, states: or a list of such, one of each clip.
        initial: mixtures of the same states to split; None starts from single Gaussians.
        """
        by_state = self._fit_first(frames, states, parents)
        if self.components > 1:
            self._fit_mixed(by_state(), self if initial is None else initial, self.components)
        return self

    def fit_doubling(
        self, frames: list[np.ndarray], states: list[np.ndarray], parents: np.ndarray
    ) -> StateMixtures:
        """As of fit -> the mixtures, grown from single Gaussians by doubling them, all on the same frames."""
        by_state = self._fit_first(frames, states, parents)
        doublings = int(np.log2(self.components))
        own = by_state() if doublings else []
        for power in range(1, doublings + 1):
            self._fit_mixed(own, self, 2**power)
        return self

    def _fit_first(
        self,
        frames: np.ndarray | list[np.ndarray],
        states: np.ndarray | list[np.ndarray],
        parents: np.ndarray,
    ) -> Callable[[], list[np.ndarray]]:
        """As of fit: one Gaussian per state -> what gives the frames (frames, dims) of each state."""
        self.__dict__.pop("_packed", None)
        if not isinstance(frames, list):
            frames, states = [frames], [states]
        self.frames_, *sums = state_sums(frames, states, len(parents))
        self._fit_single(*sums, parents)
        return partial(sorted_by_state, frames, states, self.frames_)

    def log_likelihoods(self, frames: np.ndarray, states: np.ndarray | None = None) -> np.ndarray:
        """frames (frames, dims) -> log densities, float32 (frames, states), of all states or some."""
        weights, constants, sizes = self._packed
        states = np.arange(len(sizes)) if states is None else states
        dims = len(self.centre_)
        squared = np.empty((len(frames), 2 * dims), np.float32)
        np.subtract(frames, self.centre_, out=squared[:, dims:])
        np.square(squared[:, dims:], out=squared[:, :dims])
        scores = np.empty((len(states), len(frames)), np.float32)
        for rows, size in _alike(sizes[states]):  # most states have far fewer components than silence
            own = states[rows]
            scores[rows] = _log_densities(weights[own, :size], constants[own, :size], squared.T)
        return scores.T

    @cached_property
    def _packed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weights of squares and values (states, most components, 2 * dims) and constants (..., 1), float32;
        the number of components of each state (states,).

        States are padded to the same number of components by ones of NO_WEIGHT, so that no loop is needed.
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
        return weights, constants, sizes

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_packed"}

    def _fit_single(self, sums: np.ndarray, squares: np.ndarray, parents: np.ndarray) -> None:
        """Sums (states, dims) of frames and of their squares -> one Gaussian per state."""
        counts = self.frames_[:, None]
        prior_means = _parent_means(sums, self.frames_, parents)
        plain = sums / np.maximum(counts, 1)
        # squares far from 0 would cancel in float32, worst in a dimension that never changes
        self.centre_ = (sums.sum(axis=0) / max(1, self.frames_.sum())).astype(np.float32)
        pooled = (squares - counts * plain**2).sum(axis=0) / max(1, self.frames_.sum())
        self.pooled_ = np.maximum(pooled, 1e-6)
        self.means_ = (sums + self.mean_prior * prior_means) / (counts + self.mean_prior)
        about_mean = squares - 2 * self.means_ * sums + counts * self.means_**2
        self.variances_ = self._smoothed(about_mean, counts)
        self.weights_ = np.ones(len(self.frames_))
        self.owners_ = np.arange(len(self.frames_))

    def _smoothed(self, scatter: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Sums of squared distances -> variances, smoothed with the pooled ones and floored."""
        variances = (scatter + self.variance_prior * self.pooled_) / (counts + self.variance_prior)
        return np.maximum(variances, self.variance_floor * self.pooled_)

    def _fit_mixed(self, by_state: Sequence[np.ndarray], initial: StateMixtures, components: int) -> None:
        """Frames (frames, dims) of each state, initial mixtures -> larger mixtures of those with enough."""
        sizes = [int(min(components, len(own) // self.frames_per_component)) for own in by_state]
        grown = [state for state, size in enumerate(sizes) if size > 1]
        frames = [_some(by_state[state]) for state in grown]
        starts = [split_mixture(*initial.of_state(state), sizes[state]) for state in grown]
        floor = 0.01 * float(self.pooled_.mean())
        mixtures = [self.of_state(state) for state in range(len(by_state))]
        improved = improve_mixtures(frames, starts, self.centre_, self.em_steps, floor)
        for state, own, (weights, means, variances) in zip(grown, frames, improved, strict=True):
            counts = (weights * len(own))[:, None]
            mixtures[state] = np.maximum(weights, 1e-6), means, self._smoothed(variances * counts, counts)
        self.owners_ = np.repeat(np.arange(len(mixtures)), [len(weights) for weights, _, _ in mixtures])
        self.weights_, self.means_, self.variances_ = (
            np.concatenate(parts) for parts in zip(*mixtures, strict=True)
        )

    def of_state(self, state: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """State -> weights (components,), means (components, dims), variances (components, dims)."""
        own = self.owners_ == state
        return self.weights_[own], self.means_[own], self.variances_[own]


def _alike(sizes: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
    """Numbers of components (states,) -> states of alike many, by halves of the most, and their most."""
    low, high = 0, int(sizes.max(initial=1))
    bounds = sorted({max(1, high >> halves) for halves in range(HALVES)})
    for bound in bounds:
        rows = np.flatnonzero((sizes > low) & (sizes <= bound))
        if len(rows):
            yield rows, bound
        low = bound


def _log_densities(weights: np.ndarray, constants: np.ndarray, squared: np.ndarray) -> np.ndarray:
    """Weights (states, components, 2 * dims), constants (states, components, 1), squares and values of frames
    (2 * dims, frames) -> log densities (states, frames)."""
    each = weights.reshape(-1, weights.shape[2]) @ squared  # (states * components, frames)
    each = each.reshape(*weights.shape[:2], -1)
    each += constants
    if weights.shape[1] == 1:
        return each[:, 0]
    best = each.max(axis=1)  # (states, frames)
    each -= best[:, None]
    return best + np.log(np.exp(each, out=each).sum(axis=1))


def _parent_means(sums: np.ndarray, counts: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Sums (states, dims) -> mean over the states of the same parent, over all frames if these have none."""
    siblings = np.zeros((parents.max() + 1, sums.shape[1]))
    np.add.at(siblings, parents, sums)
    frames = np.bincount(parents, weights=counts)[:, None]
    overall = sums.sum(axis=0) / max(1, counts.sum())
    return np.where(frames > 0, siblings / np.maximum(frames, 1), overall)[parents]


def _some(rows: np.ndarray) -> np.ndarray:
    """A state's frames -> at most MOST_FRAMES of them, evenly spaced: enough for any mixture."""
    return rows[:: -(-len(rows) // MOST_FRAMES)]


def split_mixture(
    weights: np.ndarray, means: np.ndarray, variances: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mixture -> mixture of `size` components: the heaviest are split; the lightest are cut off."""
    heaviest = np.argsort(-weights, kind="stable")[:size]
    weights, means, variances = weights[heaviest], means[heaviest], variances[heaviest]
    while len(weights) < size:
        halved = np.argsort(-weights, kind="stable")[: size - len(weights)]
        offset = SPLIT_DEVIATIONS * np.sqrt(variances[halved])
        weights[halved] /= 2
        weights = np.concatenate([weights, weights[halved]])
        variances = np.concatenate([variances, variances[halved]])
        means = np.concatenate([means, means[halved] + offset])
        means[halved] -= offset
    return weights / weights.sum(), means, variances
