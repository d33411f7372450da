"""Sample selection: which part of a corpus sounds most like other clips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from components.contract import Clip
from components.speech.features.mfcc import Mfcc

RANDOM, LIKELIHOOD_RATIO, CLASSIFIER = "random", "likelihood-ratio", "domain-classifier"
GAUSSIANS = 16
MOST_FRAMES = 20_000  # to fit a mixture to


def choose_alike(
    clips: Sequence[Clip], others: Sequence[Clip], share: float, selection: str, seed: int = 0
) -> np.ndarray:
    """Clips and others -> indices of a share of the clips, at least one, in order.

    selection: "random"; "likelihood-ratio", those whose frames are likeliest under a GMM of the others'
    frames against one of all clips'; "domain-classifier", those that logistic regression on mean and
    deviation of the frames takes for the others'. Frames are MFCC.
    Source: Moore and Lewis (2010), Intelligent selection of language model training data (the ratio).
    """
    count = max(1, round(share * len(clips)))
    if count >= len(clips):
        return np.arange(len(clips))
    if selection == RANDOM:
        return np.sort(np.random.default_rng(seed).choice(len(clips), count, replace=False))
    frames, other_frames = (Mfcc().fit_transform(list(some)) for some in (clips, others))
    scores = SCORES[selection](frames, other_frames, seed)
    return np.sort(np.argsort(-scores, kind="stable")[:count])


def likelihood_ratios(frames: Sequence[np.ndarray], others: Sequence[np.ndarray], seed: int) -> np.ndarray:
    """Frames (frames, dims) of clips and of others -> log-likelihood ratio of each clip a frame, (clips,)."""
    own, other = (_mixture(np.concatenate(some), seed) for some in (frames, others))
    return np.array([other.score(one) - own.score(one) for one in frames])


def _mixture(frames: np.ndarray, seed: int) -> GaussianMixture:
    some = np.random.default_rng(seed).permutation(frames)[:MOST_FRAMES]
    count = min(GAUSSIANS, len(some))
    return GaussianMixture(count, covariance_type="diag", reg_covar=1e-3, random_state=seed).fit(some)


def domain_log_odds(frames: Sequence[np.ndarray], others: Sequence[np.ndarray], seed: int) -> np.ndarray:
    """Frames (frames, dims) of clips and of others -> log odds that each is one of the others, (clips,)."""
    rows = np.array([np.concatenate([one.mean(0), one.std(0)]) for one in (*frames, *others)])
    classifier = LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000, random_state=seed)
    classifier = make_pipeline(StandardScaler(), classifier)
    return classifier.fit(rows, np.arange(len(rows)) >= len(frames)).decision_function(rows[: len(frames)])


SCORES = {LIKELIHOOD_RATIO: likelihood_ratios, CLASSIFIER: domain_log_odds}
