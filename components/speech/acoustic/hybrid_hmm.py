"""Frames and transcripts -> a hybrid hidden Markov model: Gaussian mixtures and a classifier together."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import KFold, ShuffleSplit

from components.parts import copies_parameter
from components.ranges import at_least, between, check_ranges
from components.speech.acoustic.acoustic_model import AcousticModel
from components.speech.acoustic.competitors import LOG_POSTERIOR_GAIN, log_posteriors
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.state_classifier import StateClassifier
from components.speech.acoustic.units import Lexicon
from components.speech.decoding.alignment import align
from components.speech.decoding.alignment_graph import AlignmentGraph, alignable
from components.study.choices import Choice

SHARES = (0.0, 0.25, 0.4)  # with more, errors on new speakers rise: mixtures generalise better to them
LEAST_CLIPS = 50  # to choose a share on: with fewer the classifier never lowered the errors
FOLDS, MOST_CROSS_VALIDATED = 3, 300  # of more clips than that one part is held out once
MOST_TRAINING, MOST_HELD_OUT = 1000, 300
BATCH_SIZE = 128  # clips aligned at once: bounds memory to that many (frames, states) scores

Utterances = tuple[Sequence[np.ndarray], Sequence[Sequence[str]]]  # frames (frames, dims) and words of clips


class HybridHmm(AcousticModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states) of mixtures and a classifier.

    mixtures: an acoustic model (None: GmmHmm()); its forced alignments label the frames for training
    `classifier` (None: StateClassifier()). A score is (1 - share) times the log-likelihood of the mixtures
    plus share times the scaled likelihood of the classifier. share: None chooses it on held-out training
    clips, 0 is the mixtures alone. seed: draws the held-out clips and initialises the classifier.

    Learned: `mixtures_`, and of it `states_`, `stay_`, `spellings_`; `share_`, `choices_`; `classifier_`,
    None if the share is 0.
    Sources: Bourlard and Morgan (1994); for the weighted sum Morgan and Bourlard (1995).
    """

    states_ = property(attrgetter("mixtures_.states_"))
    stay_ = property(attrgetter("mixtures_.stay_"))
    spellings_ = property(attrgetter("mixtures_.spellings_"))

    def __init__(
        self,
        mixtures: BaseEstimator | None = None,
        classifier: BaseEstimator | None = None,
        share: float | None = None,
        seed: int = 0,
    ) -> None:
        self.mixtures = mixtures
        self.classifier = classifier
        self.share = share
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a share that is none, or a negative seed."""
        check_ranges(self, share=between(0, 1), seed=at_least(0))

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
    ) -> HybridHmm:
        mixtures = GmmHmm() if self.mixtures is None else clone(self.mixtures)
        self.mixtures_ = mixtures.fit(frames, transcripts, lexicon, **copies_parameter(mixtures, n_originals))
        rows, graphs = alignable(self.alignment_graph, frames, transcripts)
        originals = [row for row in rows if n_originals is None or row < n_originals]
        self.share_ = self.share
        if self.share is None:
            gains = self._share_gains(*_select(originals, frames, transcripts), lexicon)
            self.share_ = _largest_gain(gains)
            self.choices_ = [_choice(self.share_, gains)]
        usable = [frames[row] for row in rows]
        self.classifier_ = self._fit_classifier(usable, graphs) if self.share_ else None
        return self

    def alignment_graph(self, words: Sequence[str]) -> AlignmentGraph:
        return self.mixtures_.alignment_graph(words)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        by_mixtures = self.mixtures_.log_likelihoods(frames)
        if self.classifier_ is None:
            return by_mixtures
        return _mixed(by_mixtures, self.classifier_.log_likelihoods(frames), self.share_)

    def align(self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        states: list[np.ndarray] = []
        for first in range(0, len(frames), BATCH_SIZE):
            batch = slice(first, first + BATCH_SIZE)
            states += align([self.log_likelihoods(rows) for rows in frames[batch]], graphs[batch], self.stay_)
        return states

    def _fit_classifier(
        self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]
    ) -> StateClassifier:
        states = self.mixtures_.align(frames, graphs)
        classifier = StateClassifier(seed=self.seed) if self.classifier is None else clone(self.classifier)
        return classifier.fit(frames, states, len(self.stay_))

    def _share_gains(
        self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], lexicon: Lexicon
    ) -> np.ndarray:
        """Training clips -> (shares, held-out clips), see _gains; without clips where these are too few."""
        if len(frames) < LEAST_CLIPS:
            return np.zeros((len(SHARES), 0))
        gains = []
        for train, held_out in _splits(len(frames), self.seed):
            model = clone(self).set_params(share=1.0)  # any but 0 and None trains a classifier
            model.fit(*_select(train, frames, transcripts), lexicon)
            gains.append(model._gains(*_select(held_out, frames, transcripts)))
        return np.concatenate(gains, axis=1)

    def _gains(self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]) -> np.ndarray:
        """Held-out clips -> log posteriors (shares, clips) of their transcripts, less those of SHARES[0]."""
        scores = [
            (self.mixtures_.log_likelihoods(rows), self.classifier_.log_likelihoods(rows)) for rows in frames
        ]
        posteriors = np.array(
            [
                log_posteriors(self, [_mixed(*pair, share) for pair in scores], transcripts, self.seed)
                for share in SHARES
            ]
        )
        return posteriors - posteriors[0]


def _largest_gain(gains: np.ndarray) -> float:
    """Gains (shares, clips) -> the share of the largest mean gain less one standard error; 0 without any."""
    if not gains.shape[1]:
        return 0.0
    errors = gains.std(axis=1) / np.sqrt(gains.shape[1])
    return SHARES[int((gains.mean(axis=1) - errors).argmax())]


def _choice(share: float, gains: np.ndarray) -> Choice:
    """The share taken and the gains (shares, clips) -> the same for the report."""
    means = gains.mean(axis=1).tolist() if gains.shape[1] else []
    compared = dict(zip(map(str, SHARES), means, strict=False))
    return Choice("share of the classifier", str(share), LOG_POSTERIOR_GAIN, compared)


def _mixed(by_mixtures: np.ndarray, by_classifier: np.ndarray, share: float) -> np.ndarray:
    return ((1 - share) * by_mixtures + share * by_classifier).astype(np.float32)


def _select(
    rows: Sequence[int], frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]
) -> Utterances:
    return [frames[row] for row in rows], [transcripts[row] for row in rows]


def _splits(clips: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Number of clips -> (training, held-out) rows of each fold."""
    if clips <= MOST_CROSS_VALIDATED:
        folds = KFold(FOLDS, shuffle=True, random_state=seed)
    else:
        held_out = min(clips // 4, MOST_HELD_OUT)
        folds = ShuffleSplit(
            1, test_size=held_out, train_size=min(clips - held_out, MOST_TRAINING), random_state=seed
        )
    return list(folds.split(np.zeros(clips)))
