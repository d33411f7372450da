"""Frames and the words that were said -> a hidden Markov model with Gaussian mixtures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sklearn.base import BaseEstimator

from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.flat_start import spread_states
from components.speech.acoustic.mixtures import StateMixtures
from components.speech.acoustic.units import (
    SILENCE,
    Lexicon,
    number_states,
    often_heard,
    parent_states,
    spell,
)
from components.speech.decoding.alignment import align
from components.speech.decoding.chain import Chain, long_enough, word_chain
from components.speech.features.frames import join, part

Units = tuple[Lexicon, Mapping[str, Sequence[int]]]  # spellings of words in units, states of units

SCORES_TOGETHER = 1 << 24  # of frames and states, 64 MiB: so many are held while clips are aligned
OFTEN = 20  # clips with the same words: so many are worth scoring together


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

    learns_from_copies = True

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

    def check_settings(self) -> None:
        """Raises ValueError for counts or priors out of range."""
        counts = ("states_per_unit", "components", "frames_per_component", "least_times", "rounds")
        check_ranges(
            self,
            **dict.fromkeys(counts, at_least(1)),
            **dict.fromkeys(("variance_prior", "mean_prior"), above(0)),
            **dict.fromkeys(("own_vocabulary", "level"), at_least(0)),
        )

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
        before: GmmHmm | None = None,
        heard: Sequence[np.ndarray] | None = None,
        units: Units | None = None,
    ) -> GmmHmm:
        """frames: (frames, dims) each. transcripts: each clip's words. lexicon: phones of every word in them.

        n_originals: how many clips, the first ones, are no altered copies (None: all): in these alone it is
        counted how often a word is heard. before: a model of the same settings and words, and heard: the
        frames it knows, (frames, its dims) each, whose alignment training begins with (None: a flat start).
        units: spellings of words in units and states of units, some perhaps shared (None: as settings say).

        Raises ValueError if every clip is too short for its states.
        """
        self.spellings_, self.states_ = units or self._units(transcripts[:n_originals], lexicon)
        self.parents_ = parent_states(self.states_)
        self.stay_ = np.full(len(self.parents_), np.log(0.7))
        kept, chains = long_enough(self.chain, frames, transcripts)
        self.skipped_ = len(frames) - len(kept)
        _check_kept(kept, len(frames))
        clips = [frames[row] for row in kept]
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
        order = _alike_together(frames, chains)
        together = max(1, SCORES_TOGETHER // (len(self.stay_) * max(map(len, frames), default=1)))
        found = {}
        for first in range(0, len(frames), together):
            rows = order[first : first + together]
            asked = [chains[row] for row in rows]
            scores, columns = self._chain_scores([frames[row] for row in rows], asked)
            found.update(zip(rows, align(scores, asked, self.stay_, columns), strict=True))
        return (found[row] for row in range(len(frames)))

    def _chain_scores(
        self, frames: Sequence[np.ndarray], chains: Sequence[Chain]
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Scores of the chain's own states alone, (frames, own) each; where its positions find theirs."""
        alike: dict[int, list[int]] = {}
        for row, chain in enumerate(chains):
            alike.setdefault(id(chain), []).append(row)
        scores: dict[int, np.ndarray] = {}
        columns: dict[int, np.ndarray] = {}
        for rows in alike.values():
            own, places = np.unique(chains[rows[0]].states, return_inverse=True)
            joined, counts = join([frames[row] for row in rows])
            found = np.ascontiguousarray(self.mixtures_.log_likelihoods(joined, own))
            scores.update(zip(rows, part(found, counts), strict=True))
            columns.update(dict.fromkeys(rows, places))
        return [scores[row] for row in range(len(frames))], [columns[row] for row in range(len(frames))]

    def _units(self, transcripts: Sequence[Sequence[str]], lexicon: Lexicon) -> Units:
        small = len({word for words in transcripts for word in words}) <= self.own_vocabulary
        spellings = spell(lexicon, often_heard(transcripts, self.least_times) if small else [])
        return spellings, number_states(spellings, self.states_per_unit)

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


def _alike_together(frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> list[int]:
    """Clips -> their order for aligning: those with often said words together, the others by length."""
    times = Counter(map(id, chains))
    often = {chain: place for place, chain in enumerate(times) if times[chain] >= OFTEN}
    return sorted(range(len(frames)), key=lambda row: (often.get(id(chains[row]), -1), len(frames[row])))


def _check_kept(kept: Sequence[int], clips: int) -> None:
    if not kept:
        raise ValueError(
            f"GmmHmm cannot learn from these clips: expected at least one as long as its states, got "
            f"{clips}, all with fewer frames than states; give it longer clips or lower states_per_unit."
        )


def _stay(aligned: Sequence[np.ndarray], states: int) -> np.ndarray:
    """States of frames -> log probability (states,) of the self-loop, after three frames seen beforehand."""
    joined = np.concatenate(aligned)
    same = np.append(joined[1:] == joined[:-1], False)
    same[np.cumsum([len(path) for path in aligned]) - 1] = False  # the next frame is another clip's
    stayed = 2.0 + np.bincount(joined[same], minlength=states)
    left = 1.0 + np.bincount(joined[~same], minlength=states)
    return np.log(stayed / (stayed + left))
