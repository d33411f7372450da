"""Frames with their states -> linear discriminants: the few directions in which the states differ most."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis


def lda_weights(frames: np.ndarray, states: np.ndarray, dims: int) -> np.ndarray:
    """Frames (frames, spliced dims) and their states (frames,) -> weights (spliced dims, at most dims).

    Linear discriminant analysis (Haeb-Umbach and Ney, 1992), the within-state covariance shrunk towards a
    multiple of the identity matrix by the estimate of Ledoit and Wolf (2004).
    """
    analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        analysis.fit(frames, states)
    return analysis.scalings_[:, : min(dims, len(analysis.classes_) - 1)]
