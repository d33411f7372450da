"""The modular recognisers, one function each: every one is a scikit-learn Pipeline from clips to transcripts."""

from __future__ import annotations

from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from components.features.deltas import Deltas
from components.features.mfcc import Mfcc
from components.features.statistics import Statistics
from components.modular.whole_words import WholeWordSvm


def mfcc_svm(seed: int = 0) -> Pipeline:
    """Clips -> transcripts for isolated words only: it can only answer with whole transcripts seen in training.

    MFCC and deltas, their statistics over the clip and over its parts, a support vector machine whose C
    and gamma are chosen inside the training clips. Fit raises ValueError on connected speech that never
    repeats.
    """
    return Pipeline(
        [
            ("mfcc", Mfcc()),
            ("deltas", Deltas(order=1)),
            ("statistics", Statistics(segments=6)),
            ("scaler", StandardScaler()),
            ("svm", WholeWordSvm(seed=seed)),
        ]
    )
