"""Self-taught learning: a GMM-HMM adapted from a background model of frames without texts."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.mixture import GaussianMixture

from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.adapted import adapt_to
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.mixtures import MOST_FRAMES, StateMixtures
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import Lexicon


class BackgroundGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, from a background model.

    One mixture, the universal background model (UBM), learns from all frames, with texts or without. A GmmHmm
    of the labelled clips aligns them; then each state begins as the background model, and its weights, means
    and variances are moved towards the state's frames (MAP), round after round. A state with few frames so
    has the Gaussians of sounds that were heard often elsewhere.

    Parameters
    ----------
    acoustic : settings of the GmmHmm (None: GmmHmm()).
    components : Gaussians of the background model.
    prior_frames : weight of the background model, in frames, in the weight, mean and variance of a Gaussian.
    rounds : alignments of the adapted model.
    seed : of the background model.

    Attributes
    ----------
    model_ : the adapted model, and of it what TwoPassModel names.

    Source: Reynolds et al. (2000), Speaker verification using adapted Gaussian mixture models.
    """

    learns_from_unlabelled = True

    def __init__(
        self,
        acoustic: GmmHmm | None = None,
        components: int = 64,
        prior_frames: float = 20.0,
        rounds: int = 3,
        seed: int = 0,
    ) -> None:
        self.acoustic = acoustic
        self.components = components
        self.prior_frames = prior_frames
        self.rounds = rounds
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a prior or counts out of range, or settings of the GmmHmm."""
        check_ranges(
            self,
            **dict.fromkeys(("components", "rounds"), at_least(1)),
            prior_frames=above(0),
            seed=at_least(0),
        )

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
        unlabelled: Sequence[np.ndarray] = (),
    ) -> BackgroundGmmHmm:
        """As of every AcousticModel. unlabelled: frames (frames, dims) of clips without transcripts."""
        model = clone(self.acoustic or GmmHmm()).fit(frames, transcripts, lexicon, n_originals)
        background = background_model([*frames, *unlabelled], self.components, self.seed)
        prior = as_every_state(background, model.mixtures_)
        adapt_to(model, prior, frames, transcripts, self.rounds, self.prior_frames)
        self.model_ = model
        return self


def background_model(frames: Sequence[np.ndarray], components: int, seed: int) -> GaussianMixture:
    """Frames (frames, dims) of many clips -> one mixture of so many Gaussians, or of as many as frames."""
    joined = np.concatenate(frames)
    some = joined[:: -(-len(joined) // MOST_FRAMES)].astype(np.float64)
    mixture = GaussianMixture(
        min(components, len(some)), covariance_type="diag", reg_covar=1e-3, random_state=seed
    )
    return mixture.fit(some)


def as_every_state(background: GaussianMixture, mixtures: StateMixtures) -> StateMixtures:
    """Background model and mixtures of states -> mixtures of as many states, each the background model."""
    states, made = len(mixtures.frames_), copy(mixtures)
    made.__dict__.pop("_packed", None)
    made.means_, made.variances_ = (
        np.tile(one, (states, 1)) for one in (background.means_, background.covariances_)
    )
    made.weights_ = np.tile(background.weights_, states)
    made.owners_ = np.repeat(np.arange(states), len(background.weights_))
    made.frames_ = np.zeros_like(mixtures.frames_)
    return made
