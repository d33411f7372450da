"""The modular system for several tasks: one set of features under a recogniser, classifiers, regressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from components.contract import Clip, Stage
from components.parts import stateless_stages, unwrapped
from components.ranges import at_least, between, check_ranges
from components.speech.augmentation.policy import augmented_passes
from components.speech.features.statistics import Statistics
from components.speech.missing_labels import LABELS, check_missing_by, tasks_to_learn
from components.speech.modular.word_svm import ClassSvm
from components.study.task import CLASS, NUMBER, Task, label_counts

PENALTIES = np.logspace(0, 5, 11)


class NumberRegression(RegressorMixin, BaseEstimator):
    """Vectors (dims,), one per clip -> numbers, by ridge regression within the range of the training numbers.

    Vectors scaled to unit variance; the penalty by leave-one-out errors on training clips.
    Learned: `regression_`, None where all numbers are equal; `lowest_`, `highest_`, numbers of training.
    Source: Hoerl and Kennard (1970), Ridge regression.
    """

    def __init__(self) -> None:
        """There is nothing to set."""

    def fit(self, vectors: Sequence[np.ndarray], numbers: Sequence[float]) -> NumberRegression:
        """Vectors and their numbers -> itself."""
        self.lowest_, self.highest_ = float(min(numbers)), float(max(numbers))
        self.regression_ = None  # equal numbers need none
        if self.lowest_ < self.highest_:
            ridge = make_pipeline(StandardScaler(), RidgeCV(PENALTIES))
            self.regression_ = ridge.fit(np.asarray(vectors, dtype=float), np.asarray(numbers, dtype=float))
        return self

    def predict(self, vectors: Sequence[np.ndarray]) -> list[float]:
        """(dims,) each -> one number each, in order."""
        if self.regression_ is None:
            return [self.lowest_] * len(vectors)
        rows = np.asarray(vectors, dtype=float)
        numbers = [float(self.regression_.predict(row[None])[0]) for row in rows]
        return np.clip(numbers, self.lowest_, self.highest_).tolist()


class WithTaskModels(BaseEstimator):
    """Clips -> texts by a recogniser, and the answers to further tasks from the statistics of its features.

    Of each clip the mean and deviation of the frames that the recogniser's first stages make, before any
    normalisation takes the speaker out of them: a support vector machine for each class task, a ridge
    regression for each number. Texts are not answered.

    Parameters
    ----------
    recogniser : a Pipeline from clips to texts, perhaps in a Wrapper.
    shared : how many of its first stages make the features.
    seed : of the support vector machines, and of which labels are missing.
    learns : names of the further tasks that it learns, joined by "+"; "": all that it is given.
    missing : share of the labels of each further task that it is not given.
    missing_by : what is not given: "labels" of each task, whole "recordings", whole "speakers", or all but
        "parts", one for each task; see missing_labels.

    Attributes
    ----------
    recogniser_ : the trained recogniser. models_ : task -> its trained classifier or regression.
    labels_ : task -> how many labels it learned from.
    """

    def __init__(
        self,
        recogniser: BaseEstimator | None = None,
        shared: int = 2,
        seed: int = 0,
        learns: str = "",
        missing: float = 0.0,
        missing_by: str = LABELS,
    ) -> None:
        self.recogniser = recogniser
        self.shared = shared
        self.seed = seed
        self.learns = learns
        self.missing = missing
        self.missing_by = missing_by

    def check_settings(self) -> None:
        """Raises ValueError without a recogniser, and for numbers out of range."""
        if self.recogniser is None:
            raise ValueError(
                "WithTaskModels expected a recogniser to train, got None; give it one: "
                "WithTaskModels(mfcc_gmm_hmm())."
            )
        check_ranges(self, shared=at_least(1), seed=at_least(0), missing=between(0, 1))
        check_missing_by(self.missing_by)

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], tasks: Mapping[str, Task] | None = None
    ) -> WithTaskModels:
        """Clips, their texts and labels of further tasks -> a trained recogniser and a model of each task.

        Raises ValueError without a recogniser, and what the recogniser raises.
        """
        self.check_settings()
        self.recogniser_ = clone(self.recogniser).fit(clips, texts)
        known = tasks_to_learn(self, tasks, clips, self.seed)
        vectors = self._vectors(clips) if known else []
        models = {name: fit_model(task, vectors, self.seed) for name, task in known.items()}
        self.models_ = {name: model for name, model in models.items() if model is not None}
        self.labels_ = label_counts({name: known[name] for name in self.models_})
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one text each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def predict_tasks(self, clips: Sequence[Clip]) -> dict[str, list[Any]]:
        """Clips -> task -> one answer each, in order; of classes and numbers that had a label."""
        check_is_fitted(self, "models_")
        vectors = self._vectors(clips) if self.models_ else []
        return {name: model.predict(vectors) for name, model in self.models_.items()}

    def stateless_stages(self) -> list[Stage]:
        """The recogniser's stages whose output can be shared."""
        return stateless_stages(self.recogniser)

    @property
    def augmented_passes(self) -> float:
        """How often the recogniser was trained on each clip, altered, on average."""
        return augmented_passes(self.recogniser_)

    def _vectors(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> statistics of their frames, float32 (dims,) each."""
        return clip_statistics(
            [stage for _, stage in unwrapped(self.recogniser_).steps[: self.shared]], clips
        )


def clip_statistics(stages: Sequence[Stage], clips: Sequence[Clip]) -> list[np.ndarray]:
    """Trained stages from clips to frames, and clips -> statistics of their frames, float32 (dims,) each."""
    frames = clips
    for stage in stages:
        frames = stage.transform(frames)
    return Statistics(segments=1).transform(frames)


def fit_model(task: Task, vectors: Sequence[np.ndarray], seed: int = 0) -> BaseEstimator | None:
    """A task and vectors (dims,) of all clips -> a model of those with a label; None for a task of texts."""
    kinds = {CLASS: lambda: ClassSvm(seed), NUMBER: NumberRegression}
    if task.kind not in kinds:
        return None
    pairs = [pair for pair in zip(vectors, task.labels, strict=True) if pair[1] is not None]
    return kinds[task.kind]().fit(*map(list, zip(*pairs, strict=True)))
