"""Frames and the words that were said -> a hidden Markov model with mixtures and a classifier together."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import KFold, ShuffleSplit

from components.contract import copies_parameter
from components.ranges import at_least, between, check_ranges
from components.speech.acoustic.competitors import log_chances
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.state_classifier import StateClassifier
from components.speech.acoustic.units import Lexicon
from components.speech.decoding.alignment import align
from components.speech.decoding.chain import Chain, long_enough

SHARES = (0.0, 0.25, 0.4)  # with more the mixtures' better ear for new voices is lost
LEAST_CLIPS = 50  # to choose a share by: with fewer the classifier never paid
FOLDS, MOST_FOLDED = 3, 300  # so many clips are all held out once; of more, some once
MOST_TAUGHT, MOST_HEARD = 1000, 300
ALIGNED_TOGETHER = 128  # clips: bounds memory to that many (frames, states) scores

Heard = tuple[Sequence[np.ndarray], Sequence[Sequence[str]]]  # frames (frames, dims) and words of clips


class HybridHmm(BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states) of mixtures and a classifier.

    mixtures: trained first (None: GmmHmm()); its alignment teaches `classifier` (None: StateClassifier())
    which state each frame is in. A score is (1 - share) times the log-likelihood of the mixtures plus share
    times that of the classifier (Bourlard and Morgan, 1994; their sum: Morgan and Bourlard, 1995). share:
    None chooses it on held-out training clips, 0 is the mixtures alone. seed: draws the held-out clips and
    begins the classifier.

    Learned: `mixtures_`, and of these `states_`, `stay_`, `spellings_`; `share_`; `classifier_`, None where
    the share is 0.
    """

    learns_from_copies = True
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
        """frames: (frames, dims) each. transcripts: each clip's words. lexicon: phones of every word in them.

        n_originals: how many clips, the first ones, are no altered copies (None: all): by these alone the
        share is chosen, since a copy of a held-out clip in training would tell it.

        Raises what the mixtures raise.
        """
        mixtures = GmmHmm() if self.mixtures is None else clone(self.mixtures)
        self.mixtures_ = mixtures.fit(frames, transcripts, lexicon, **copies_parameter(mixtures, n_originals))
        kept, chains = long_enough(self.chain, frames, transcripts)
        originals = _of(
            [row for row in kept if n_originals is None or row < n_originals], frames, transcripts
        )
        self.share_ = self.share
        if self.share is None:
            self.share_ = self._chosen_share(*originals, lexicon)
        usable = [frames[row] for row in kept]
        self.classifier_ = self._taught_classifier(usable, chains) if self.share_ else None
        return self

    def chain(self, words: Sequence[str]) -> Chain:
        """Words -> the states that they may run through, silence optional around each."""
        return self.mixtures_.chain(words)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> float32 (frames, states), natural log, less what a frame's states share."""
        by_mixtures = self.mixtures_.log_likelihoods(frames)
        if self.classifier_ is None:
            return by_mixtures
        return _mixed(by_mixtures, self.classifier_.log_likelihoods(frames), self.share_)

    def align(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> list[np.ndarray]:
        """Clips and their chains -> the state of each frame, int (frames,) each."""
        found: list[np.ndarray] = []
        for first in range(0, len(frames), ALIGNED_TOGETHER):
            some = slice(first, first + ALIGNED_TOGETHER)
            found += align([self.log_likelihoods(rows) for rows in frames[some]], chains[some], self.stay_)
        return found

    def _taught_classifier(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> StateClassifier:
        states = self.mixtures_.align(frames, chains)
        classifier = StateClassifier(seed=self.seed) if self.classifier is None else clone(self.classifier)
        return classifier.fit(frames, states, len(self.stay_))

    def _chosen_share(
        self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], lexicon: Lexicon
    ) -> float:
        """The share by which held-out clips are told best from rivals; 0 unless that is beyond chance."""
        if len(frames) < LEAST_CLIPS:
            return 0.0
        gains = []
        for taught, heard in _splits(len(frames), self.seed):
            trial = clone(self).set_params(share=1.0)  # any but 0 and None teaches a classifier
            trial.fit(*_of(taught, frames, transcripts), lexicon)
            gains.append(trial._gains(*_of(heard, frames, transcripts)))
        return _surest(np.concatenate(gains, axis=1))

    def _gains(self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]) -> np.ndarray:
        """Held-out clips -> log chance of what was said, (shares, clips), less that of the first share."""
        pairs = [(self.mixtures_.log_likelihoods(r), self.classifier_.log_likelihoods(r)) for r in frames]
        chances = np.array(
            [
                log_chances(self, [_mixed(*pair, share) for pair in pairs], transcripts, self.seed)
                for share in SHARES
            ]
        )
        return chances - chances[0]


def _surest(gains: np.ndarray) -> float:
    """Gains (shares, clips) -> the share whose mean gain is largest after taking one standard error off."""
    errors = gains.std(axis=1) / np.sqrt(max(1, gains.shape[1]))
    return SHARES[int((gains.sum(axis=1) / max(1, gains.shape[1]) - errors).argmax())]


def _mixed(by_mixtures: np.ndarray, by_classifier: np.ndarray, share: float) -> np.ndarray:
    return ((1 - share) * by_mixtures + share * by_classifier).astype(np.float32)


def _of(rows: Sequence[int], frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]) -> Heard:
    return [frames[row] for row in rows], [transcripts[row] for row in rows]


def _splits(clips: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Number of clips -> (taught, heard) rows of each trial."""
    if clips <= MOST_FOLDED:
        folds = KFold(FOLDS, shuffle=True, random_state=seed)
    else:
        heard = min(clips // 4, MOST_HEARD)
        folds = ShuffleSplit(
            1, test_size=heard, train_size=min(clips - heard, MOST_TAUGHT), random_state=seed
        )
    return list(folds.split(np.zeros(clips)))
