"""Frames and the words that were said -> a hidden Markov model of frames in context, projected."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.ranges import at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.mllt import MOST_FRAMES, decorrelation, discriminants
from components.speech.acoustic.units import Lexicon
from components.speech.decoding.chain import Chain, long_enough
from components.speech.features.frames import batched_rows
from components.speech.features.splice import Splice


class ProjectedGmmHmm(BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of projected frames.

    A first GmmHmm, of one Gaussian a state, aligns the frames. Then `context` frames to each side are joined
    to each frame, of each their first `statics` dimensions (None: all), and LDA finds the `dims` directions
    that tell its states apart; mllt: turn these so that each stands by itself. A second GmmHmm is taught the
    projected frames, from that alignment. acoustic: both models' settings (None: GmmHmm()). seed: draws the
    frames to find directions by, where there are many.

    Learned: `weights_` (spliced dims, dims), `model_`, and of the model `states_`, `stay_`, `spellings_`,
    `parents_`, `skipped_`. Source: Haeb-Umbach and Ney (1992); Gales (1999).
    """

    learns_from_copies = True
    states_ = property(attrgetter("model_.states_"))
    stay_ = property(attrgetter("model_.stay_"))
    spellings_ = property(attrgetter("model_.spellings_"))
    parents_ = property(attrgetter("model_.parents_"))
    skipped_ = property(attrgetter("model_.skipped_"))

    def __init__(
        self,
        acoustic: GmmHmm | None = None,
        context: int = 4,
        statics: int | None = 13,
        dims: int = 40,
        mllt: bool = True,
        seed: int = 0,
    ) -> None:
        self.acoustic = acoustic
        self.context = context
        self.statics = statics
        self.dims = dims
        self.mllt = mllt
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for a context or dimensions out of range, or a negative seed."""
        check_ranges(self, context=at_least(0), statics=at_least(1), dims=at_least(1), seed=at_least(0))

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
    ) -> ProjectedGmmHmm:
        """frames: (frames, dims) each. transcripts: each clip's words. lexicon: phones of every word in them.

        n_originals: how many clips, the first ones, are no altered copies (None: all).

        Raises ValueError if every clip is too short for its states.
        """
        settings = GmmHmm() if self.acoustic is None else self.acoustic
        first = clone(settings).set_params(components=1).fit(frames, transcripts, lexicon, n_originals)
        self.weights_ = self._learned(frames, transcripts, first)
        projected = self._projected(frames)
        self.model_ = clone(settings).fit(projected, transcripts, lexicon, n_originals, first, frames)
        return self

    def chain(self, words: Sequence[str]) -> Chain:
        """Words -> the states that they may run through, silence optional around each."""
        return self.model_.chain(words)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> natural log densities, float32 (frames, states)."""
        return self.model_.log_likelihoods(self._projected([frames])[0])

    def align(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> list[np.ndarray]:
        """Clips and their chains -> the state of each frame, int (frames,) each."""
        return self.model_.align(self._projected(frames), chains)

    def _learned(
        self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], first: GmmHmm
    ) -> np.ndarray:
        """The first model's alignment of the clips that are long enough -> weights."""
        kept, chains = long_enough(first.chain, frames, transcripts)
        clips = [frames[row] for row in kept]
        states = np.concatenate(first.align(clips, chains))
        spliced = np.concatenate(self._spliced(clips))
        if not 1 < len(np.unique(states)) < len(states):  # nothing to tell apart, or nothing to tell it by
            return np.eye(spliced.shape[1], dtype=np.float32)
        chosen = np.sort(np.random.default_rng(self.seed).permutation(len(states))[:MOST_FRAMES])
        states, spliced = states[chosen], spliced[chosen].astype(np.float64)
        weights = discriminants(spliced, states, self.dims)
        if self.mllt:
            weights = weights @ decorrelation(spliced @ weights, states)
        return weights.astype(np.float32)

    def _projected(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return batched_rows(self._spliced(frames), lambda rows: rows @ self.weights_)

    def _spliced(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        statics = [rows[:, : self.statics] for rows in frames]
        return Splice(self.context, self.context).transform(statics)
