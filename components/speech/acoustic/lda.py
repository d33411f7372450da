"""Frames with their states -> linear lda_weights: the few directions in which the states differ most."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis


def lda_weights(frames: np.ndarray, states: np.ndarray, dims: int) -> np.ndarray:
    """Frames (frames, spliced dims) and their states (frames,) -> weights (spliced dims, at most dims).

    Linear discriminant analysis (Haeb-Umbach and Ney, 1992): between-state against within-state scatter, the
    latter leaning on a round one as far as the frames are few (Ledoit and Wolf, 2004).
    """
    analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        analysis.fit(frames, states)
    return analysis.scalings_[:, : min(dims, len(analysis.classes_) - 1)]
