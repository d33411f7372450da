"""Frames and transcripts -> a hidden Markov model with Gaussian mixtures (GMM-HMM)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter

import numpy as np
from sklearn.base import BaseEstimator

from components.mapped import keep, let_go, sweep
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.acoustic_model import AcousticModel
from components.speech.acoustic.flat_start import equal_alignment
from components.speech.acoustic.mixtures import StateMixtures
from components.speech.acoustic.start import GraphPath, Start, even_path
from components.speech.acoustic.units import (
    SILENCE,
    Lexicon,
    frequent_words,
    number_states,
    parent_states,
    spell_in_units,
)
from components.speech.decoding.alignment import Alignment, viterbi_alignments
from components.speech.decoding.alignment_graph import AlignmentGraph, alignable, transcript_graph
from components.speech.ragged import concatenate, in_chunks, split

Units = tuple[Lexicon, Mapping[str, Sequence[int]]]  # spellings of words in units, states of units

MOST_SCORES = 1 << 24  # (frames, own states) scores held at once while clips are aligned: 64 MiB
LARGE_GROUP = 20  # clips with the same transcript: from so many on it pays to score them together


class ClipsTooShort(ValueError):
    """No clip to learn from is as long as the states of its words."""


class GmmHmm(AcousticModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), state 0 being silence.

    Each unit (a phone, or a phone of one frequent word) is a left-to-right HMM. Training: flat start, rounds
    of Viterbi realignment with one Gaussian per state, then one round for each doubling of the mixtures. Each
    realignment chooses the likeliest pronunciation of every word.

    Parameters
    ----------
    states_per_unit : HMM states of each unit but silence, which has one.
    components : most Gaussians per state.
    frames_per_component : a state gets one Gaussian for so many of its frames.
    least_times : occurrences in training from which a word gets units of its own.
    own_vocabulary : most words in a vocabulary that may have such units; in larger ones words share more
        phones, and pooling their frames does better.
    rounds : realignments with one Gaussian per state.
    variance_prior, mean_prior : as of StateMixtures, in frames.
    level : index of the energy dimension, by which the flat start finds the silence at the edges.

    Attributes
    ----------
    mixtures_ : StateMixtures of all states.
    states_ : {unit: its states}.
    parents_ : int (states,), see units.parent_states.
    stay_ : log probability (states,) of the self-loop.
    spellings_ : {word: its pronunciations in units}.
    skipped_ : number of clips left out as shorter than their states.

    Sources: Rabiner (1989); Young et al. (2006), The HTK Book.
    """

    starts_from_alignments = True

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
        start: Start | None = None,
        units: Units | None = None,
        brief: bool = False,
    ) -> GmmHmm:
        """Clips with transcripts -> the trained model, as of every AcousticModel, and from more besides.

        Parameters
        ----------
        frames : (frames, dims) of each clip.
        transcripts : words of each clip.
        lexicon : pronunciations in phones of every word in the transcripts.
        n_originals : number of clips, the first ones, that are no altered copies (None: all); only these
            count towards least_times.
        start : first alignments of the clips (None: a flat start).
        units : spellings of words in units and states of units, which may be shared (None: by the settings).
        brief : whether the clips are realigned once only, by all Gaussians, as is enough where the first
            alignments are good; never by one a state.

        Raises ClipsTooShort, a ValueError, if every clip is shorter than its states.
        """
        self.spellings_, self.states_ = units or self._units(transcripts[:n_originals], lexicon)
        self.parents_ = parent_states(self.states_)
        self.stay_ = np.full(len(self.parents_), np.log(0.7))
        rows, graphs = alignable(self.alignment_graph, frames, transcripts)
        self.skipped_ = len(frames) - len(rows)
        _check_any(rows, len(frames))
        clips = [frames[row] for row in rows]
        if start is None:
            words = (transcripts[row] for row in rows)
            pairs = zip(sweep(clips), words, strict=True)
            states = keep([self._flat_start(*pair)] for pair in pairs)
        else:
            states = start.states(rows, graphs)
        self._train(clips, graphs, states, brief)
        return self

    def alignment_graph(self, words: Sequence[str]) -> AlignmentGraph:
        return transcript_graph(words, self.spellings_, self.states_, SILENCE)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        return self.mixtures_.log_likelihoods(frames)

    def align(self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        return self._in_order(frames, graphs, attrgetter("states"))

    def paths(self, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]) -> list[GraphPath]:
        """Clips (frames, dims) and their words -> the path of each; an even one where it is too short."""
        rows, graphs = alignable(self.alignment_graph, frames, transcripts)
        positions = self._in_order([frames[row] for row in rows], graphs, attrgetter("positions"))
        found = dict(zip(rows, map(GraphPath, positions, graphs), strict=True))
        return [
            found.get(row) or even_path(self.alignment_graph(words), len(frames[row]))
            for row, words in enumerate(transcripts)
        ]

    def _in_order(
        self,
        frames: Sequence[np.ndarray],
        graphs: Sequence[AlignmentGraph],
        part: Callable[[Alignment], np.ndarray],
    ) -> list[np.ndarray]:
        """Clips (frames, dims) and their graphs -> a part of the alignment of each."""
        order = _batch_order(frames, graphs)
        in_batches = self._alignments([frames[row] for row in order], [graphs[row] for row in order])
        parts = keep([part(one) for one in some] for some in in_batches)
        alignments = dict(zip(order, parts, strict=True))
        return [alignments[row] for row in range(len(frames))]

    def _alignments(
        self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]
    ) -> Iterator[list[Alignment]]:
        """Clips (frames, dims) and their graphs -> the alignments of some clips after those of others."""
        own_states = max((len(graph.states) for graph in graphs), default=1)
        batch_size = max(1, MOST_SCORES // (own_states * max(map(len, frames), default=1)))
        for first in range(0, len(frames), batch_size):
            rows = slice(first, first + batch_size)
            scores, columns = self._own_scores(frames[rows], graphs[rows])
            yield viterbi_alignments(scores, graphs[rows], self.stay_, columns)
            let_go(frames[rows])

    def _own_scores(
        self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Scores of each graph's own states alone, (frames, own); the column of each of its positions."""
        rows_of_graph: dict[int, list[int]] = {}
        for row, graph in enumerate(graphs):
            rows_of_graph.setdefault(id(graph), []).append(row)
        scores: dict[int, np.ndarray] = {}
        columns: dict[int, np.ndarray] = {}
        for rows in rows_of_graph.values():
            own, positions = np.unique(graphs[rows[0]].states, return_inverse=True)
            joined, counts = concatenate([frames[row] for row in rows])
            log_likelihoods = np.ascontiguousarray(self.mixtures_.log_likelihoods(joined, own))
            scores.update(zip(rows, split(log_likelihoods, counts), strict=True))
            columns.update(dict.fromkeys(rows, positions))
        return [scores[row] for row in range(len(frames))], [columns[row] for row in range(len(frames))]

    def _units(self, transcripts: Sequence[Sequence[str]], lexicon: Lexicon) -> Units:
        small = len({word for words in transcripts for word in words}) <= self.own_vocabulary
        spellings = spell_in_units(lexicon, frequent_words(transcripts, self.least_times) if small else [])
        return spellings, number_states(spellings, self.states_per_unit)

    def _flat_start(self, frames: np.ndarray, words: Sequence[str]) -> np.ndarray:
        units = [unit for word in words for unit in self.spellings_[word][0]]
        states = np.array([state for unit in units for state in self.states_[unit]], dtype=int)
        return equal_alignment(frames[:, self.level], states, self.states_[SILENCE][0])

    def _train(
        self,
        clips: list[np.ndarray],
        graphs: list[AlignmentGraph],
        states: list[np.ndarray],
        brief: bool,
    ) -> None:
        doublings = range(1, int(np.log2(max(1, self.components))) + 1)
        sizes = [1] * self.rounds + [2**power for power in doublings]
        if brief:
            self.stay_ = _stay(states, len(self.parents_))
            self.mixtures_ = self._mixtures(sizes[-1]).fit_doubling(clips, states, self.parents_)
            states = self._realigned(clips, graphs) if sizes[-1] > 1 else states
        else:
            for components in sizes:
                self._fit_mixtures(clips, states, components)
                states = self._realigned(clips, graphs)
        self._fit_mixtures(clips, states, sizes[-1])

    def _realigned(self, clips: list[np.ndarray], graphs: list[AlignmentGraph]) -> list[np.ndarray]:
        """Clips and their graphs -> states of the frames, int (frames,) each; self-loops follow them."""
        states = self.align(clips, graphs)
        self.stay_ = _stay(states, len(self.parents_))
        return states

    def _fit_mixtures(self, clips: list[np.ndarray], states: list[np.ndarray], components: int) -> None:
        initial = self.mixtures_ if components > 1 else None
        self.mixtures_ = self._mixtures(components).fit(clips, states, self.parents_, initial)

    def _mixtures(self, components: int) -> StateMixtures:
        return StateMixtures(components, self.frames_per_component, self.variance_prior, self.mean_prior)


def _batch_order(frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[int]:
    """Clips and graphs -> row order for alignment: large groups of one graph together, others by length."""
    counts = Counter(map(id, graphs))
    large = {graph: group for group, graph in enumerate(counts) if counts[graph] >= LARGE_GROUP}
    return sorted(range(len(frames)), key=lambda row: (large.get(id(graphs[row]), -1), len(frames[row])))


def _check_any(rows: Sequence[int], clips: int) -> None:
    if not rows:
        raise ClipsTooShort(
            f"GmmHmm cannot learn from these clips: expected at least one as long as its states, got "
            f"{clips}, all with fewer frames than states; give it longer clips or lower states_per_unit."
        )


def _stay(alignments: Sequence[np.ndarray], states: int) -> np.ndarray:
    """Alignments -> log probability (states,) of the self-loop, with a prior of two stays and one exit."""
    stay_counts, exit_counts = np.full(states, 2.0), np.full(states, 1.0)
    for chunk in in_chunks(alignments):
        joined, lengths = concatenate(chunk)
        stays = np.append(joined[1:] == joined[:-1], False)
        stays[np.cumsum(lengths) - 1] = False  # the next frame is another clip's
        stay_counts += np.bincount(joined[stays], minlength=states)
        exit_counts += np.bincount(joined[~stays], minlength=states)
    return np.log(stay_counts / (stay_counts + exit_counts))
