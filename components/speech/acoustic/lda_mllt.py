"""Frames and transcripts -> a GMM-HMM on spliced frames, projected by LDA and MLLT."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.ranges import at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.lda import lda_weights
from components.speech.acoustic.mllt import mllt_weights
from components.speech.acoustic.start import AlignedBy
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import Lexicon
from components.speech.decoding.alignment_graph import alignable
from components.speech.features.splice import Splice
from components.speech.ragged import map_blocks, map_chunks, rows_of

MOST_FRAMES = 100_000  # to estimate from: a covariance of 200 dimensions hardly changes with more


class LdaMlltGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of projected frames.

    A GmmHmm of one Gaussian per state aligns the frames; LDA and MLLT of spliced frames are estimated from
    that alignment, and a second GmmHmm is trained on the projected frames, starting from it.

    Parameters
    ----------
    acoustic : settings of both models (None: GmmHmm()).
    context : frames spliced to each side of a frame.
    statics : number of leading dimensions of each frame that are spliced (None: all).
    dims : dimensions after the projection, at most the number of states less one.
    mllt : whether MLLT follows LDA.
    seed : draws the frames to estimate from where there are more than MOST_FRAMES.

    Attributes
    ----------
    weights_ : (spliced dims, dims), the projection.
    model_ : the second model, and of it `states_`, `stay_`, `spellings_`, `parents_`, `skipped_`.

    Sources: Haeb-Umbach and Ney (1992); Gales (1999).
    """

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

    def _two_passes(
        self,
        settings: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None,
    ) -> GmmHmm:
        first = clone(settings).set_params(components=1).fit(frames, transcripts, lexicon, n_originals)
        self.weights_ = self._estimate(frames, transcripts, first)
        return clone(settings).fit(
            self._project(frames), transcripts, lexicon, n_originals, AlignedBy(first, frames)
        )

    def _estimate(
        self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], first: GmmHmm
    ) -> np.ndarray:
        """The first model aligns the clips that are long enough -> weights (spliced dims, dims)."""
        rows, graphs = alignable(first.alignment_graph, frames, transcripts)
        clips = [frames[row] for row in rows]
        states = np.concatenate(first.align(clips, graphs))
        if not 1 < np.count_nonzero(np.bincount(states)) < len(states):  # too few states or frames
            return np.eye(self._splice(clips[:1])[0].shape[1], dtype=np.float32)
        drawn = np.sort(np.random.default_rng(self.seed).permutation(len(states))[:MOST_FRAMES])
        states, spliced = states[drawn], rows_of(clips, self._splice, drawn).astype(np.float64)
        weights = lda_weights(spliced, states, self.dims)
        if self.mllt:
            weights = weights @ mllt_weights(spliced @ weights, states)
        return weights.astype(np.float32)

    def _project(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return map_chunks(frames, self._projected)

    def _projected(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        return map_blocks(self._splice(frames), lambda rows: rows @ self.weights_)

    def _splice(self, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
        statics = [rows[:, : self.statics] for rows in frames]
        return Splice(self.context, self.context).transform(statics)
