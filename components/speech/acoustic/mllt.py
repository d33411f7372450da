"""Frames with their states -> a transform after which diagonal Gaussians fit the states best."""

from __future__ import annotations

import numpy as np

MLLT_ROUNDS = 20


def mllt_weights(frames: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Frames (frames, dims) and their states (frames,) -> weights (dims, dims).

    Maximum likelihood linear transform (MLLT), or semi-tied covariances (Gales, 1999): the transform under
    which one diagonal Gaussian per state gives the frames the highest likelihood.
    """
    counts, covariances = _covariances(frames, states)
    rows = np.eye(frames.shape[1])
    for _ in range(MLLT_ROUNDS):
        variances = np.einsum("id,sde,ie->si", rows, covariances, rows)  # (states, dims)
        for i in range(len(rows)):
            weighted = np.einsum("s,sde->de", counts / variances[:, i], covariances)
            cofactors = np.linalg.inv(rows)[:, i]  # up to the determinant, which the last factor holds
            direction = np.linalg.solve(weighted, cofactors)
            rows[i] = direction * np.sqrt(counts.sum() / (cofactors @ direction))
    return rows.T


def _covariances(frames: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames and their states -> frame counts (states,) and covariances (states, dims, dims) of the states.

    Each covariance is smoothed with the pooled within-state one, weighted as one frame per dimension.
    """
    present, states = np.unique(states, return_inverse=True)
    counts = np.bincount(states).astype(float)
    means = np.stack([np.bincount(states, frames[:, d]) for d in range(frames.shape[1])], axis=1)
    centred = frames - (means / counts[:, None])[states]
    pooled, dims = centred.T @ centred / len(frames), frames.shape[1]
    scatter = np.stack(
        [centred[states == state].T @ centred[states == state] for state in range(len(present))]
    )
    return counts, (scatter + dims * pooled) / (counts + dims)[:, None, None]
