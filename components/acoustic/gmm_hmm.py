"""Frames and the words that were said -> a hidden Markov model with Gaussian mixtures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.base import BaseEstimator

from components.acoustic.flat_start import spread_states
from components.acoustic.mixtures import StateMixtures
from components.acoustic.units import SILENCE, Lexicon, number_states, often_heard, parent_states, spell
from components.decoding.alignment import align
from components.decoding.chain import Chain, word_chain

ALIGNED_TOGETHER = 128  # clips: bounds memory to that many (frames, states) scores


class GmmHmm(BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), state 0 being silence.

    Each unit (a phone, or a phone of one often heard word) is `states_per_unit` states from left to right.
    Training: flat start, `rounds` of Viterbi realignment with one Gaussian a state, then one more for each
    doubling of the mixtures up to `components` (Rabiner, 1989; Young et al., 2006, The HTK Book). Of several
    pronunciations each realignment takes the likeliest. What the data can carry decides the rest: a state
    gets a component for every frames_per_component frames; a word said least_times gets units of its own if
    the vocabulary is at most own_vocabulary words (in a larger one words share more phones, and sharing
    their frames wins); variance_prior and mean_prior are those of StateMixtures. level: the dimension that
    tells loud from soft, by which the flat start finds the silence at the edges.

    Learned: `mixtures_`; `states_`, {unit: its states}; `stay_`, log probability (states,) of the self-loop;
    `spellings_`, {word: its pronunciations in units}; `skipped_`, how many clips were left out as too short.
    """

    def __init__(
        self,
        states_per_unit: int = 3,
        components: int = 16,
        frames_per_component: int = 20,
        least_times: int = 25,
        own_vocabulary: int = 40,
        rounds: int = 4,
        variance_prior: float = 20.0,
        mean_prior: float = 1.0,
        level: int = 0,
    ) -> None:
        self.states_per_unit = states_per_unit
        self.components = components
        self.frames_per_component = frames_per_component
        self.least_times = least_times
        self.own_vocabulary = own_vocabulary
        self.rounds = rounds
        self.variance_prior = variance_prior
        self.mean_prior = mean_prior
        self.level = level

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        originals: int | None = None,
        before: GmmHmm | None = None,
        heard: Sequence[np.ndarray] | None = None,
    ) -> GmmHmm:
        """frames: (frames, dims) each. transcripts: each clip's words. lexicon: phones of every word in them.

        originals: how many clips, the first ones, are no altered copies (None: all): in these alone it is
        counted how often a word is heard. before: a model of the same settings and words, and heard: the
        frames it knows, (frames, its dims) each, whose alignment training begins with (None: a flat start).

        Raises ValueError if every clip is too short for its states.
        """
        self.spellings_ = spell(lexicon, self._own_words(transcripts[:originals]))
        self.states_ = number_states(self.spellings_, self.states_per_unit)
        self.parents_ = parent_states(self.states_)
        self.stay_ = np.full(len(self.parents_), np.log(0.7))
        chains = [self.chain(words) for words in transcripts]
        kept = [row for row, chain in enumerate(chains) if len(frames[row]) >= chain.shortest]
        self.skipped_ = len(chains) - len(kept)
        _check_kept(kept, len(chains))
        clips = [frames[row] for row in kept]
        chains = [chains[row] for row in kept]
        if before is None:
            first = [self._first_states(frames[row], transcripts[row]) for row in kept]
        else:
            first = before.align([heard[row] for row in kept], chains)
        self._train(clips, chains, first)
        return self

    def chain(self, words: Sequence[str]) -> Chain:
        """Words -> the states that they may run through, silence optional around each."""
        return word_chain(words, self.spellings_, self.states_, SILENCE)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> natural log densities, float32 (frames, states)."""
        return self.mixtures_.log_likelihoods(frames)

    def align(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> list[np.ndarray]:
        """Clips and their chains -> the state of each frame, int (frames,) each."""
        return list(self._aligned(frames, chains))

    def _aligned(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> Iterator[np.ndarray]:
        by_length = sorted(range(len(frames)), key=lambda row: len(frames[row]))
        found = {}
        for first in range(0, len(frames), ALIGNED_TOGETHER):
            rows = by_length[first : first + ALIGNED_TOGETHER]
            scores = [self._chain_scores(frames[row], chains[row]) for row in rows]
            found.update(zip(rows, align(scores, [chains[row] for row in rows], self.stay_), strict=True))
        return (found[row] for row in range(len(frames)))

    def _chain_scores(self, frames: np.ndarray, chain: Chain) -> np.ndarray:
        """(frames, states), in which only the columns of the chain's states are filled: no other is read."""
        own = np.unique(chain.states)
        scores = np.empty((len(frames), len(self.stay_)), np.float32)
        scores[:, own] = self.mixtures_.log_likelihoods(frames, own)
        return scores

    def _own_words(self, transcripts: Sequence[Sequence[str]]) -> list[str]:
        small = len({word for words in transcripts for word in words}) <= self.own_vocabulary
        return often_heard(transcripts, self.least_times) if small else []

    def _first_states(self, frames: np.ndarray, words: Sequence[str]) -> np.ndarray:
        units = [unit for word in words for unit in self.spellings_[word][0]]
        states = np.array([state for unit in units for state in self.states_[unit]], dtype=int)
        return spread_states(frames[:, self.level], states, self.states_[SILENCE][0])

    def _train(self, clips: list[np.ndarray], chains: list[Chain], states: list[np.ndarray]) -> None:
        joined = np.concatenate(clips)
        doublings = range(1, int(np.log2(max(1, self.components))) + 1)
        sizes = [1] * self.rounds + [2**power for power in doublings]
        for components in sizes:
            self._fit_mixtures(joined, states, components)
            states = self.align(clips, chains)
            self.stay_ = _stay(states, len(self.parents_))
        self._fit_mixtures(joined, states, sizes[-1])

    def _fit_mixtures(self, joined: np.ndarray, states: list[np.ndarray], components: int) -> None:
        before = self.mixtures_ if components > 1 else None
        settings = (components, self.frames_per_component, self.variance_prior, self.mean_prior)
        self.mixtures_ = StateMixtures(*settings).fit(joined, np.concatenate(states), self.parents_, before)


def _check_kept(kept: Sequence[int], clips: int) -> None:
    if not kept:
        raise ValueError(
            f"GmmHmm cannot learn from these clips: wanted at least one as long as its states, got "
            f"{clips}, all with fewer frames than states; give it longer clips or lower states_per_unit."
        )


def _stay(aligned: Sequence[np.ndarray], states: int) -> np.ndarray:
    """States of frames -> log probability (states,) of the self-loop, after three frames seen beforehand."""
    stayed, left = np.full(states, 2.0), np.full(states, 1.0)
    for path in aligned:
        same = np.append(path[1:] == path[:-1], False)
        np.add.at(stayed, path[same], 1)
        np.add.at(left, path[~same], 1)
    return np.log(stayed / (stayed + left))
