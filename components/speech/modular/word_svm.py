"""One vector per clip -> transcripts, by a support vector machine (SVM)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from components.ranges import at_least, check_ranges

RBF, LINEAR = "rbf", "linear"
GRIDS = {
    RBF: {"svc__C": [1.0, 10.0], "svc__gamma": [0.0003, 0.001, 0.003]},
    LINEAR: {"svc__C": [1.0, 10.0, 100.0, 1000.0]},
}
# where there are too few clips to cross-validate
DEFAULTS = {RBF: {"svc__C": 10.0, "svc__gamma": 0.001}, LINEAR: {"svc__C": 100.0}}
FOLDS = 4
LEAST_CLIPS, MOST_CLIPS = 50, 1000  # to cross-validate on: with fewer it is noise, more change nothing


class WholeWordSvm(ClassifierMixin, BaseEstimator):
    """Vectors (dims,), one per clip -> transcripts, each one of the training transcripts.

    A support vector machine (Cortes and Vapnik, 1995), its settings by stratified cross-validation on
    training clips. seed: draws these clips.
    kernel: "rbf", a radial basis function of vectors scaled to unit variance, with C and gamma to choose;
    "linear", of the vectors as they are, with C to choose.
    Learned: `classes_`; `settings_`, C and gamma; `svm_`, None where all transcripts are one.

    Raises ValueError if transcripts are connected speech that never repeats.
    """

    def __init__(self, seed: int = 0, kernel: Literal["rbf", "linear"] = RBF) -> None:
        self.seed = seed
        self.kernel = kernel

    def check_settings(self) -> None:
        """Raises ValueError for a negative seed."""
        check_ranges(self, seed=at_least(0))

    def fit(self, vectors: Sequence[np.ndarray], texts: Sequence[str]) -> WholeWordSvm:
        """Vectors and transcripts -> itself, one class for each distinct transcript."""
        texts = [str(text) for text in texts]
        check_repeats(self, texts)
        return self._learn(vectors, texts)

    def _learn(self, vectors: Sequence[np.ndarray], texts: list[str]) -> Self:
        self.classes_ = np.array(sorted(set(texts)))
        self.settings_ = self._tune(np.asarray(vectors), np.array(texts))
        self.svm_ = None  # one class needs none
        if len(self.classes_) > 1:
            self.svm_ = self._pipeline().set_params(**self.settings_).fit(np.asarray(vectors), texts)
        return self

    def predict(self, vectors: Sequence[np.ndarray]) -> list[str]:
        """(dims,) each -> one transcript each, in order."""
        if not len(vectors) or self.svm_ is None:
            return [str(self.classes_[0])] * len(vectors)
        return [str(self.svm_.predict(vector[None])[0]) for vector in np.asarray(vectors)]

    def _tune(self, vectors: np.ndarray, texts: np.ndarray) -> dict[str, float]:
        """Vectors and transcripts -> the settings of the best cross-validated accuracy."""
        counts = Counter(texts.tolist())
        rows = np.array([row for row, text in enumerate(texts) if counts[text] > 1], dtype=int)
        rows = np.random.default_rng(self.seed).permutation(rows)[:MOST_CLIPS]
        remaining = Counter(texts[rows].tolist())
        rows = rows[[remaining[text] > 1 for text in texts[rows]]]
        if len(rows) < LEAST_CLIPS or len(set(texts[rows])) < 2:
            return dict(DEFAULTS[self.kernel])
        folds = StratifiedKFold(min(FOLDS, min(Counter(texts[rows].tolist()).values())))
        return (
            GridSearchCV(self._pipeline(), GRIDS[self.kernel], cv=folds, refit=False)
            .fit(vectors[rows], texts[rows])
            .best_params_
        )

    def _pipeline(self) -> Pipeline:
        return (
            make_pipeline(SVC(kernel=LINEAR))
            if self.kernel == LINEAR
            else make_pipeline(StandardScaler(), SVC())
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({"kernel": RBF, **state})  # the only one before


class ClassSvm(WholeWordSvm):
    """Vectors (dims,), one per clip -> classes, as WholeWordSvm tells words, whatever they are called."""

    def fit(self, vectors: Sequence[np.ndarray], labels: Sequence[str]) -> ClassSvm:
        """Vectors and classes -> itself."""
        return self._learn(vectors, list(labels))


def check_repeats(who: object, texts: Sequence[str]) -> None:
    """Raise ValueError if the transcripts are connected speech that never repeats."""
    connected = sum(len(text.split()) > 1 for text in texts)
    if connected and len(set(texts)) == len(texts):
        raise ValueError(
            f"{type(who).__name__} cannot learn from these transcripts: expected words or phrases that "
            f"repeat, got {len(texts)} transcripts, all different, {connected} of several words; use "
            "mfcc-gmm-hmm or an end-to-end recogniser for connected speech."
        )
