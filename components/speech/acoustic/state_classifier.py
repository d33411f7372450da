"""Frames in context -> log-likelihoods of states, by way of a classifier's posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from components.ranges import at_least, check_ranges
from components.speech.features.splice import Splice

LEAST_POSTERIOR = 1e-5  # also of a state never heard: no frame rules a state out


class StateClassifier(BaseEstimator):
    """Frames (frames, dims) -> log posteriors over priors, float32 (frames, states).

    A frame and `context` neighbours to each side; linear discriminants of the states, at most `dims` of them
    (Haeb-Umbach and Ney, 1992); then `classifier`, any scikit-learn classifier with predict_proba (None: a
    perceptron with one hidden layer); then its log posterior less prior_scale times the log prior, which is
    the log-likelihood but for what all states share (Bourlard and Morgan, 1994). most_frames: to learn from,
    drawn by `seed` if there are more.

    Learned: `discriminants_`, `scaler_`, `classifier_`; `priors_`, (states,).
    """

    def __init__(
        self,
        classifier: BaseEstimator | None = None,
        context: int = 6,
        dims: int = 40,
        prior_scale: float = 1.0,
        most_frames: int = 300_000,
        seed: int = 0,
    ) -> None:
        self.classifier = classifier
        self.context = context
        self.dims = dims
        self.prior_scale = prior_scale
        self.most_frames = most_frames
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a context, dimensions or counts out of range, or a negative seed."""
        check_ranges(
            self,
            **dict.fromkeys(("context", "prior_scale", "seed"), at_least(0)),
            **dict.fromkeys(("dims", "most_frames"), at_least(1)),
        )

    def fit(
        self, frames: Sequence[np.ndarray], states: Sequence[np.ndarray], state_count: int
    ) -> StateClassifier:
        """frames: (frames, dims) each. states: int (frames,) each, two at least. state_count: of all."""
        counts = np.bincount(np.concatenate(states), minlength=state_count)
        self.priors_ = (counts + 1) / (counts.sum() + state_count)
        drawn = self._drawn([len(own) for own in states])
        spliced = np.concatenate([self._spliced(rows)[own] for rows, own in zip(frames, drawn, strict=True)])
        labels = np.concatenate([own[rows] for own, rows in zip(states, drawn, strict=True)])
        most = min(self.dims, len(np.unique(labels)) - 1)
        self.discriminants_ = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1, n_components=most)
        self.discriminants_.fit(spliced, labels)
        self.scaler_ = StandardScaler().fit(self._reduced(spliced))
        self.classifier_ = self._classifier()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a few rounds over the frames are meant
            self.classifier_.fit(self.scaler_.transform(self._reduced(spliced)), labels)
        vars(self.classifier_).pop("_optimizer", None)  # a network's, for more training: cannot be saved
        return self

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> log posteriors over priors, float32 (frames, states)."""
        return (np.log(self.posteriors(frames)) - self.prior_scale * np.log(self.priors_)).astype(np.float32)

    def posteriors(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> the probability of each state, (frames, states), none below a floor."""
        found = np.full((len(frames), len(self.priors_)), LEAST_POSTERIOR)
        if len(frames):
            rows = self.scaler_.transform(self._reduced(self._spliced(frames)))
            found[:, self.classifier_.classes_] += self.classifier_.predict_proba(rows)
        return found / found.sum(axis=1, keepdims=True)

    def _classifier(self) -> BaseEstimator:
        if self.classifier is not None:
            return clone(self.classifier)
        return MLPClassifier((256,), alpha=0.1, max_iter=15, random_state=self.seed)

    def _drawn(self, counts: Sequence[int]) -> list[np.ndarray]:
        """Frames of each clip -> which of them to learn from, bool (frames,) each."""
        chance = np.random.default_rng(self.seed)
        share = self.most_frames / max(1, sum(counts))
        return [chance.random(count) < share for count in counts]

    def _spliced(self, frames: np.ndarray) -> np.ndarray:
        return Splice(self.context, self.context).transform([frames])[0]

    def _reduced(self, spliced: np.ndarray) -> np.ndarray:
        return self.discriminants_.transform(spliced).astype(np.float32)
