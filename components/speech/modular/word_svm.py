"""One vector per clip -> whole transcripts, by a support vector machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from components.ranges import at_least, check_ranges

GRID = {"svc__C": [1.0, 10.0], "svc__gamma": [0.0003, 0.001, 0.003]}
USUAL = {"svc__C": 10.0, "svc__gamma": 0.001}  # where folds cannot tell: too few clips of every word
FOLDS = 4
LEAST_CLIPS, MOST_CLIPS = 50, 1000  # to choose by: fewer tell nothing, more tell nothing new


class WholeWordSvm(ClassifierMixin, BaseEstimator):
    """Vectors (dims,), one a clip -> transcripts, each a whole transcript seen in training.

    Vectors scaled to deviation 1, then a radial-basis support vector machine (Cortes and Vapnik, 1995); C and
    gamma are chosen by stratified cross-validation inside the training clips. seed: draws the folds.

    Raises ValueError if transcripts are connected speech that never repeats.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a negative seed."""
        check_ranges(self, seed=at_least(0))

    def fit(self, vectors: Sequence[np.ndarray], texts: Sequence[str]) -> WholeWordSvm:
        """Learns one class for each distinct transcript."""
        texts = [str(text) for text in texts]
        check_repeats(self, texts)
        self.classes_ = np.array(sorted(set(texts)))
        self.settings_ = self._chosen(np.asarray(vectors), np.array(texts))
        self.svm_ = None  # a single transcript needs no machine
        if len(self.classes_) > 1:
            self.svm_ = _machine().set_params(**self.settings_).fit(np.asarray(vectors), texts)
        return self

    def predict(self, vectors: Sequence[np.ndarray]) -> list[str]:
        """(dims,) each -> one transcript each, in order."""
        if not len(vectors) or self.svm_ is None:
            return [str(self.classes_[0])] * len(vectors)
        return [str(self.svm_.predict(vector[None])[0]) for vector in np.asarray(vectors)]

    def _chosen(self, vectors: np.ndarray, texts: np.ndarray) -> dict[str, float]:
        """The pair of C and gamma that does best on held-out folds of the training clips."""
        counts = Counter(texts.tolist())
        rows = np.array([row for row, text in enumerate(texts) if counts[text] > 1], dtype=int)
        rows = np.random.default_rng(self.seed).permutation(rows)[:MOST_CLIPS]
        left = Counter(texts[rows].tolist())
        rows = rows[[left[text] > 1 for text in texts[rows]]]
        if len(rows) < LEAST_CLIPS or len(set(texts[rows])) < 2:
            return dict(USUAL)
        folds = StratifiedKFold(min(FOLDS, min(Counter(texts[rows].tolist()).values())))
        return (
            GridSearchCV(_machine(), GRID, cv=folds, refit=False).fit(vectors[rows], texts[rows]).best_params_
        )


def _machine() -> Pipeline:
    return make_pipeline(StandardScaler(), SVC())


def check_repeats(who: object, texts: Sequence[str]) -> None:
    """Raises ValueError if the transcripts are connected speech that never repeats."""
    connected = sum(len(text.split()) > 1 for text in texts)
    if connected and len(set(texts)) == len(texts):
        raise ValueError(
            f"{type(who).__name__} cannot learn from these transcripts: expected words or phrases that repeat, "
            f"got {len(texts)} transcripts, all different, {connected} of several words; use mfcc-gmm-hmm or "
            "an end-to-end recogniser for connected speech."
        )
