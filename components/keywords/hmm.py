"""Keyword and filler: a hidden Markov model of the keyword against a mixture of all other sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator

from components.keywords.detector import Groups, Span
from components.ranges import at_least, between, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.mixtures import StateMixtures
from components.speech.ragged import map_blocks

WORD = "keyword"
SILENCE_STATES = 1
MARGIN = 15  # frames on either side of the keyword that its model is aligned with
BOUND = 12.0  # of a frame's log-likelihood ratio
LOWEST = -100.0  # score before anything was heard


class KeywordHmm(BaseEstimator):
    """Frames (frames, dims) -> every frame the mean log-likelihood ratio of the keyword, up to that frame.

    A left-to-right model of the whole keyword may begin at any frame. Along its best path each frame counts
    by how much likelier it is than under the filler, one mixture of all background frames; the mean is over
    the median length of the keyword at least, so that no short burst looks like it.
    Source: Rose and Paul (1990), A hidden Markov model based keyword recognition system.

    Parameters
    ----------
    frames_per_state : of the keyword's median length; no path takes less than one in each state.
    components, frames_per_component : most Gaussians per state, and frames for each.
    filler_components : Gaussians of the filler.

    Attributes
    ----------
    model_ : GmmHmm of silence (state 0) and the keyword.
    filler_ : StateMixtures of one state.
    length_ : median length of the keyword, frames.
    """

    step, lookahead = 1, 0

    def __init__(
        self,
        frames_per_state: float = 2.0,
        components: int = 8,
        frames_per_component: int = 60,
        filler_components: int = 64,
    ) -> None:
        self.frames_per_state = frames_per_state
        self.components = components
        self.frames_per_component = frames_per_component
        self.filler_components = filler_components

    def check_settings(self) -> None:
        """Raises ValueError for counts out of range."""
        counts = ("components", "frames_per_component", "filler_components")
        check_ranges(self, frames_per_state=between(1.5, 20), **dict.fromkeys(counts, at_least(1)))

    def train(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        seed: int = 0,
        groups: Groups | None = None,
    ) -> KeywordHmm:
        """As of every Detector."""
        self.length_ = float(np.median([last - first for first, last in spans]))
        states = max(3, round(self.length_ / self.frames_per_state))
        clips = [
            frames[max(0, first - MARGIN) : last + MARGIN]
            for frames, (first, last) in zip(keywords, spans, strict=True)
        ]
        model = GmmHmm(states, self.components, self.frames_per_component, least_times=len(clips) + 1)
        self.model_ = model.fit(clips, [[WORD]] * len(clips), {WORD: [[WORD]]})
        self.filler_ = self._filler(np.concatenate(background))
        return self

    def listen(self) -> HmmSession:
        """As of every Detector."""
        return HmmSession(self)

    def ratios(self, frames: np.ndarray) -> np.ndarray:
        """Frames (frames, dims) -> log-likelihood ratios of the keyword's states (frames, states).

        Against the likelier of filler and silence, and bounded: one odd frame must not make a keyword.
        """
        scores = self.model_.log_likelihoods(frames)
        others = np.maximum(self.filler_.log_likelihoods(frames), scores[:, :SILENCE_STATES])
        return np.clip(scores[:, SILENCE_STATES:] - others, -BOUND, BOUND)

    def _filler(self, frames: np.ndarray) -> StateMixtures:
        """All background frames -> one mixture, doubled until it is large enough."""
        mixtures, one = None, np.zeros(len(frames), dtype=int)
        sizes = [2**power for power in range(int(np.log2(self.filler_components)) + 1)]
        for size in sizes:
            mixtures = StateMixtures(size).fit(frames, one, np.zeros(1, dtype=int), mixtures)
        return mixtures


class HmmSession:
    """The best path into each state, and how many frames it has come, of each stream."""

    def __init__(self, detector: KeywordHmm) -> None:
        self.detector = detector
        self.stay = detector.model_.stay_[SILENCE_STATES:]
        self.move = np.log1p(-np.exp(self.stay[:-1]))
        self.best = self.length = None

    def push(self, frames: np.ndarray) -> np.ndarray:
        """(frames, streams, dims) -> (frames, streams)."""
        count, streams, dims = frames.shape
        if self.best is None:
            self.best = np.full((streams, len(self.stay)), -np.inf)
            self.length = np.ones((streams, len(self.stay)))
        (ratios,) = map_blocks([frames.reshape(-1, dims)], self.detector.ratios)
        ratios = ratios.reshape(count, streams, -1)
        scores = np.empty((count, streams), np.float32)
        for row, ratio in enumerate(ratios):
            scores[row] = self._advance(ratio)
        return np.maximum(scores, LOWEST)

    def _advance(self, ratio: np.ndarray) -> np.ndarray:
        """Ratios of a frame (streams, states) -> mean ratio of the paths that end the keyword (streams,)."""
        staying, moving = self.best + self.stay, np.zeros_like(self.best)
        moving[:, 1:] = self.best[:, :-1] + self.move
        moved, lengths = moving > staying, np.zeros_like(self.length)
        lengths[:, 1:] = self.length[:, :-1]
        self.length = np.where(moved, lengths, self.length) + 1
        self.best = np.maximum(staying, moving) + ratio
        return self.best[:, -1] / np.maximum(self.length[:, -1], self.detector.length_)
