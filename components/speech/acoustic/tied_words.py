"""Frames and transcripts -> a GMM-HMM of whole words whose states are tied by how they sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr
from sklearn.base import BaseEstimator, clone
from sklearn.cluster import KMeans

from components.mapped import keep, sweep
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.flat_start import speech_span
from components.speech.acoustic.gmm_hmm import GmmHmm, Units
from components.speech.acoustic.mixtures import StateMixtures
from components.speech.acoustic.start import AlignedBy, KnownStates, Start
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import SILENCE, Lexicon, frequent_words, number_states, parent_states
from components.speech.decoding.alignment_graph import alignable

DURATION_PRIOR = 1.0  # weight, in occurrences, of the mean duration of all words in a word's own


class TiedWordGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of whole words.

    A word is a chain of states, as many as it lasts, whatever its label looks like. A first GmmHmm with one
    Gaussian per state aligns the frames; k-means of the states' means ties those that sound alike, in one
    word or in several, and a second GmmHmm of the tied states is trained starting from that alignment.

    Parameters
    ----------
    acoustic : settings of the second model (None: GmmHmm()).
    least_times : occurrences in training from which a word is such a chain; others consist of phones.
    frames_per_state : mean duration of a state.
    frames_per_tied_state : frames of speech in training for which there is one tied state.
    seed : initialises k-means.

    Attributes
    ----------
    model_ : the second model, and of it what TwoPassModel names.

    Sources: Lee, Soong and Juang (1988), A segment model based approach to speech recognition; Bacchiani and
    Ostendorf (1999), Joint lexicon, acoustic unit inventory and model design.
    """

    starts_from_alignments = True

    def __init__(
        self,
        acoustic: GmmHmm | None = None,
        least_times: int = 1,
        frames_per_state: float = 2.5,
        frames_per_tied_state: float = 40.0,
        seed: int = 0,
    ) -> None:
        self.acoustic = acoustic
        self.least_times = least_times
        self.frames_per_state = frames_per_state
        self.frames_per_tied_state = frames_per_tied_state
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError for counts or durations out of range, or a negative seed."""
        durations = dict.fromkeys(("frames_per_state", "frames_per_tied_state"), above(0))
        check_ranges(self, least_times=at_least(1), seed=at_least(0), **durations)

    def _two_passes(
        self,
        settings: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None,
        start: Start | None = None,
        brief: bool = False,
    ) -> GmmHmm:
        durations = word_durations(_speech_frames(frames, settings.level), transcripts)
        frequent = frequent_words(transcripts[:n_originals], self.least_times)
        units = self._units({word: durations[word] for word in frequent}, lexicon, settings.states_per_unit)
        rounds = max(1, settings.rounds // 2) if brief else settings.rounds
        first = clone(settings).set_params(components=1, rounds=rounds)
        first.fit(frames, transcripts, lexicon, n_originals, start, units)
        tied, aligned = self._tie(first, frames, transcripts, brief)
        second = clone(settings).set_params(rounds=1)
        return second.fit(frames, transcripts, lexicon, n_originals, aligned, tied, brief)

    def _units(self, durations: Mapping[str, float], lexicon: Lexicon, states_per_unit: int) -> Units:
        """Mean frames of some words -> spellings of these in one unit a state, of others in phones."""
        lengths = {word: max(1, round(frames / self.frames_per_state)) for word, frames in durations.items()}
        chains = {word: [tuple(f"@{word}.{i}" for i in range(n))] for word, n in lengths.items()}
        phones = {word: list(variants) for word, variants in lexicon.items() if word not in chains}
        states = number_states(phones, states_per_unit)
        first = 1 + sum(map(len, states.values())) - len(states[SILENCE])
        own = (unit for variants in chains.values() for unit in variants[0])
        return {**phones, **chains}, {**states, **{unit: [first + i] for i, unit in enumerate(own)}}

    def _tie(
        self,
        first: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        brief: bool,
    ) -> tuple[Units, Start]:
        """The first model and its training data -> units of tied states, and the alignments to start from: in
        brief the first model's own, else those of one of tied states."""
        rows, graphs = alignable(first.alignment_graph, frames, transcripts)
        clips = [frames[row] for row in rows]
        aligned = first.align(clips, graphs)
        counts = sum(np.bincount(path, minlength=len(first.stay_)) for path in aligned)
        tied = self._tied_states(first.mixtures_, counts)
        states = {unit: tied[own].tolist() for unit, own in first.states_.items()}
        tied_paths = keep([tied[path]] for path in aligned)
        if brief:
            return (first.spellings_, states), KnownStates(dict(zip(rows, tied_paths, strict=True)))
        aligner = copy(first)
        aligner.states_, aligner.parents_ = states, parent_states(states)
        aligner.stay_ = np.bincount(tied, first.stay_) / np.bincount(tied)
        aligner.mixtures_ = clone(first.mixtures_).fit(clips, tied_paths, aligner.parents_)
        return (first.spellings_, states), AlignedBy(aligner, frames)

    def _tied_states(self, mixtures: StateMixtures, counts: np.ndarray) -> np.ndarray:
        """Single Gaussians and frames of each state -> its tied state, int (states,); silence keeps 0."""
        most = max(1, round(counts[1:].sum() / self.frames_per_tied_state))
        means = mixtures.means_[1:] / np.sqrt(mixtures.pooled_)
        clusters = KMeans(min(most, len(np.unique(means, axis=0))), n_init=1, random_state=self.seed)
        labels = clusters.fit(means, sample_weight=np.maximum(counts[1:], 1)).labels_
        return np.append(0, 1 + np.unique(labels, return_inverse=True)[1])


def word_durations(frames: np.ndarray, transcripts: Sequence[Sequence[str]]) -> dict[str, float]:
    """Frames of speech (clips,) and the words of each clip -> mean frames of each word, at least one.

    By ridge regression of the frames on the counts of the words, towards the mean of all words.
    """
    words = sorted({word for row in transcripts for word in row})
    column = {word: i for i, word in enumerate(words)}
    rows = np.repeat(np.arange(len(transcripts)), [len(row) for row in transcripts])
    columns = [column[word] for row in transcripts for word in row]
    counts = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(transcripts), len(words)))
    mean = frames.sum() / len(rows)
    residuals = frames - mean * counts.sum(axis=1)
    own = lsqr(counts, residuals, damp=np.sqrt(DURATION_PRIOR))[0]
    return dict(zip(words, np.maximum(1.0, mean + own).tolist(), strict=True))


def _speech_frames(frames: Sequence[np.ndarray], level: int) -> np.ndarray:
    """Clips (frames, dims) -> frames between their silent edges (clips,)."""
    spans = np.array([speech_span(rows[:, level]) for rows in sweep(frames)])
    return (spans[:, 1] - spans[:, 0]).astype(float)
