"""Vectors -> their square roots, of length 1 (power normalisation)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

LEAST = 1e-6  # of a length


class PowerNorm(TransformerMixin, BaseEstimator):
    """Vectors (dims,) -> float32 (dims,): the root of each number's size, with its sign, in all of length 1.

    Of pooled codes the few large numbers so say no more than the many small ones.
    Source: Perronnin, Sanchez and Mensink (2010), Improving the Fisher kernel for large-scale image
    classification.
    """

    def __init__(self) -> None:
        """There is nothing to set."""

    def fit(self, vectors: Sequence[np.ndarray], texts: Sequence[str] | None = None) -> PowerNorm:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, vectors: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(dims,) each -> (dims,) each, in order."""
        return [_normalised(np.asarray(vector, np.float32)) for vector in vectors]


def _normalised(vector: np.ndarray) -> np.ndarray:
    roots = np.sign(vector) * np.sqrt(np.abs(vector))
    return roots / max(np.linalg.norm(roots), np.float32(LEAST))
