"""Spliced frames -> scaled likelihoods of states, from the posteriors of a classifier."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from components.mapped import sweep
from components.ranges import at_least, check_ranges
from components.speech.features.splice import Splice

LEAST_POSTERIOR = 1e-5  # also of states without training frames: no frame rules a state out


class StateClassifier(BaseEstimator):
    """Frames (frames, dims) -> log posteriors over priors, float32 (frames, states).

    Splicing, LDA, scaling to unit variance, the classifier; its log posterior less the log prior is the
    log-likelihood up to a constant of each frame.

    Parameters
    ----------
    classifier : a scikit-learn classifier with predict_proba (None: a perceptron with one hidden layer).
    context : frames spliced to each side of a frame.
    dims : most linear discriminants of the states.
    prior_scale : weight of the log prior.
    most_frames : frames to train on, drawn if there are more.
    seed : draws the frames and initialises the default classifier.
    bottleneck : width of a narrow layer in the middle of the default classifier; None: it has no such layer.

    Attributes
    ----------
    discriminants_, scaler_, classifier_ : the trained scikit-learn parts.
    priors_ : (states,), relative frequencies with one frame added to each state.

    Sources: Haeb-Umbach and Ney (1992) for LDA; Bourlard and Morgan (1994) for scaled likelihoods.
    """

    bottleneck: int | None = None  # of those that earlier versions saved

    def __init__(
        self,
        classifier: BaseEstimator | None = None,
        context: int = 6,
        dims: int = 40,
        prior_scale: float = 1.0,
        most_frames: int = 300_000,
        seed: int = 0,
        bottleneck: int | None = None,
    ) -> None:
        self.classifier = classifier
        self.context = context
        self.dims = dims
        self.prior_scale = prior_scale
        self.most_frames = most_frames
        self.seed = seed
        self.bottleneck = bottleneck

    def check_settings(self) -> None:
        """Raises ValueError for a context, dimensions or counts out of range, or a negative seed."""
        check_ranges(
            self,
            **dict.fromkeys(("context", "prior_scale", "seed"), at_least(0)),
            **dict.fromkeys(("dims", "most_frames", "bottleneck"), at_least(1)),
        )

    def fit(
        self, frames: Sequence[np.ndarray], states: Sequence[np.ndarray], state_count: int
    ) -> StateClassifier:
        """Clips (frames, dims) and states int (frames,) of each, at least two different -> itself."""
        counts = np.bincount(np.concatenate(states), minlength=state_count)
        self.priors_ = (counts + 1) / (counts.sum() + state_count)
        masks = self._masks([len(labels) for labels in states])
        pairs = zip(sweep(frames), masks, strict=True)
        spliced = np.concatenate([self.splice([rows])[0][mask] for rows, mask in pairs])
        labels = np.concatenate([own[mask] for own, mask in zip(states, masks, strict=True)])
        dims = min(self.dims, len(np.unique(labels)) - 1)
        self.discriminants_ = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1, n_components=dims)
        self.discriminants_.fit(spliced, labels)
        self.scaler_ = StandardScaler().fit(self._project(spliced))
        self.classifier_ = self._classifier()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # max_iter is small on purpose
            self.classifier_.fit(self.scaler_.transform(self._project(spliced)), labels)
        vars(self.classifier_).pop("_optimizer", None)  # of MLPClassifier: skops cannot save it
        return self

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> log posteriors over priors, float32 (frames, states)."""
        return (np.log(self.posteriors(frames)) - self.prior_scale * np.log(self.priors_)).astype(np.float32)

    def posteriors(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> state posteriors (frames, states), floored at about LEAST_POSTERIOR."""
        return self.spliced_posteriors(self.splice([frames])[0])

    def splice(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Clips (frames, dims) -> the frames of each in context, (frames, spliced dims)."""
        return Splice(self.context, self.context).transform(frames)

    def spliced_posteriors(self, spliced: np.ndarray) -> np.ndarray:
        """Spliced frames -> the same as posteriors of frames."""
        posteriors = np.full((len(spliced), len(self.priors_)), LEAST_POSTERIOR)
        if len(spliced):
            posteriors[:, self.classifier_.classes_] += self.classifier_.predict_proba(
                self.discriminants(spliced)
            )
        return posteriors / posteriors.sum(axis=1, keepdims=True)

    def discriminants(self, spliced: np.ndarray) -> np.ndarray:
        """Spliced frames -> their linear discriminants, each of unit variance, float32 (frames, dims)."""
        return self.scaler_.transform(self._project(spliced))

    def narrow_layer(self, spliced: np.ndarray) -> np.ndarray:
        """Spliced frames -> the narrowest layer of a perceptron before its nonlinearity, (frames, width).

        Source: Grezl et al. (2007), Probabilistic and bottle-neck features for LVCSR of meetings.
        """
        network = self.classifier_
        narrowest = int(np.argmin([len(bias) for bias in network.intercepts_[:-1]]))
        rows = self.discriminants(spliced)
        for layer in range(narrowest):
            rows = np.maximum(rows @ network.coefs_[layer] + network.intercepts_[layer], 0)
        return (rows @ network.coefs_[narrowest] + network.intercepts_[narrowest]).astype(np.float32)

    def _classifier(self) -> BaseEstimator:
        if self.classifier is not None:
            return clone(self.classifier)
        layers = (256,) if self.bottleneck is None else (256, self.bottleneck, 256)
        return MLPClassifier(layers, alpha=0.1, max_iter=15, random_state=self.seed)

    def _masks(self, counts: Sequence[int]) -> list[np.ndarray]:
        """Number of frames of each clip -> mask of the frames to train on, bool (frames,) each."""
        rng = np.random.default_rng(self.seed)
        share = self.most_frames / max(1, sum(counts))
        return [rng.random(count) < share for count in counts]

    def _project(self, spliced: np.ndarray) -> np.ndarray:
        return self.discriminants_.transform(spliced).astype(np.float32)
