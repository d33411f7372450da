"""Frames with their states -> a transform after which diagonal Gaussians fit the states best."""

from __future__ import annotations

import numpy as np

MLLT_ROUNDS = 20


def mllt_weights(frames: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Frames (frames, dims) and their states (frames,) -> weights (dims, dims).

    Semi-tied covariances (Gales, 1999), also called MLLT: the transform of all frames under which diagonal
    Gaussians, one a state, are likeliest.
    """
    counts, scatters = _scatters(frames, states)
    rows = np.eye(frames.shape[1])
    for _ in range(MLLT_ROUNDS):
        variances = np.einsum("id,sde,ie->si", rows, scatters, rows)  # (states, dims)
        for i in range(len(rows)):
            spread = np.einsum("s,sde->de", counts / variances[:, i], scatters)
            cofactors = np.linalg.inv(rows)[:, i]  # up to the determinant, which the last factor holds
            direction = np.linalg.solve(spread, cofactors)
            rows[i] = direction * np.sqrt(counts.sum() / (cofactors @ direction))
    return rows.T


def _scatters(frames: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames and their states -> numbers (states,) and covariances (states, dims, dims) within each state.

    A state's covariance leans on that within all states as if that were as many more frames as dimensions.
    """
    found, states = np.unique(states, return_inverse=True)
    counts = np.bincount(states).astype(float)
    means = np.stack([np.bincount(states, frames[:, d]) for d in range(frames.shape[1])], axis=1)
    centred = frames - (means / counts[:, None])[states]
    pooled, dims = centred.T @ centred / len(frames), frames.shape[1]
    own = np.stack([centred[states == state].T @ centred[states == state] for state in range(len(found))])
    return counts, (own + dims * pooled) / (counts + dims)[:, None, None]
