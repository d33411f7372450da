"""Frames of many states and a mixture of each -> better mixtures, by steps of EM of many states at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from components.mapped import let_go

AT_ONCE = 1 << 13  # frames, padding included, of the states whose steps are taken together
LEAST_COUNT = 1e-10  # of a component that no frame belongs to: keeps its mean finite
NO_WEIGHT = -1e30  # log weight of a component that is not there

Mixture = tuple[np.ndarray, np.ndarray, np.ndarray]  # weights (components,), means, variances (..., dims)


def improve_mixtures(
    frames: Sequence[np.ndarray], mixtures: Sequence[Mixture], centre: np.ndarray, steps: int, floor: float
) -> list[Mixture]:
    """Frames (frames, dims) of each state and its mixture -> the mixture after so many steps.

    centre: (dims,), a mean of all frames; squares far from 0 would cancel in float32. floor: added to each
    variance. States of alike many frames are padded and taken together: for few frames the calls would take
    longer than the sums.
    Source: Dempster, Laird and Rubin (1977).
    """
    improved: dict[int, Mixture] = {}
    for rows in _batches([len(own) for own in frames]):
        some = [mixtures[row] for row in rows]
        batch = _Batch([frames[row] for row in rows], some, centre)
        let_go([frames[row] for row in rows])
        for _ in range(steps):
            batch.step(floor)
        improved.update(zip(rows, batch.mixtures([len(weights) for weights, _, _ in some]), strict=True))
    return [improved[row] for row in range(len(frames))]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Frames of each state -> states of alike many, of AT_ONCE frames when padded or one of more."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) + 1) * lengths[row] > AT_ONCE:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


class _Batch:
    """Mixtures of some states, side by side: arrays padded to (states, frames or components, dims)."""

    def __init__(self, frames: Sequence[np.ndarray], mixtures: Sequence[Mixture], centre: np.ndarray) -> None:
        self.centre, self.dims = centre, len(centre)
        self.moments = np.zeros((len(frames), max(map(len, frames)), 2 * self.dims), np.float32)
        self.is_frame = np.zeros((*self.moments.shape[:2], 1), np.float32)
        shape = len(mixtures), max(len(weights) for weights, _, _ in mixtures)
        self.weights = np.zeros(shape)
        self.means, self.variances = np.zeros((*shape, self.dims)), np.ones((*shape, self.dims))
        for row, (own, (weights, means, variances)) in enumerate(zip(frames, mixtures, strict=True)):
            np.subtract(own, centre, out=self.moments[row, : len(own), self.dims :])
            self.is_frame[row, : len(own)] = 1
            own_components = row, slice(len(weights))
            self.weights[own_components] = weights
            self.means[own_components], self.variances[own_components] = means - centre, variances
        np.square(self.moments[..., self.dims :], out=self.moments[..., : self.dims])
        self.is_there = self.weights > 0

    def step(self, floor: float) -> None:
        """One step of EM."""
        counts, squares, sums = self._expectations()
        self.weights = np.where(self.is_there, counts / (counts * self.is_there).sum(1, keepdims=True), 0)
        self.means = sums / counts[..., None]
        self.variances = np.maximum(squares / counts[..., None] - self.means**2, 0) + floor

    def mixtures(self, sizes: Sequence[int]) -> list[Mixture]:
        """Components of each state -> the mixture of each."""
        arrays = zip(sizes, self.weights, self.means, self.variances, strict=True)
        return [
            (weights[:n], means[:n] + self.centre, variances[:n]) for n, weights, means, variances in arrays
        ]

    def _expectations(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Expected counts (states, components), and sums of squares and of values (states, components, dims),
        float64."""
        precisions = 1 / self.variances
        factors = np.concatenate([-0.5 * precisions, self.means * precisions], axis=2).astype(np.float32)
        shape = (np.log(self.variances) + self.means**2 * precisions).sum(axis=2)
        weights = np.log(self.weights, where=self.is_there, out=np.full(self.weights.shape, NO_WEIGHT))
        posteriors = self.moments @ factors.transpose(0, 2, 1)  # (states, frames, components)
        posteriors += (weights - 0.5 * shape).astype(np.float32)[:, None]
        posteriors -= posteriors.max(axis=2, keepdims=True)
        np.exp(posteriors, out=posteriors)
        posteriors *= self.is_frame / posteriors.sum(axis=2, keepdims=True)
        counts = posteriors.sum(axis=1, dtype=np.float64) + LEAST_COUNT
        squares, sums = np.split((posteriors.transpose(0, 2, 1) @ self.moments).astype(np.float64), 2, axis=2)
        return counts, squares, sums
