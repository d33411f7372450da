"""Frames and transcripts -> a GMM-HMM of phones in context (triphones) with tied states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.mapped import keep, sweep
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm, Units
from components.speech.acoustic.start import KnownStates, OnPaths, Start
from components.speech.acoustic.state_frames import state_sums
from components.speech.acoustic.state_tying import (
    StateStatistics,
    phone_clusters,
    question_answers,
    tree_leaves,
)
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import (
    SILENCE,
    Lexicon,
    number_states,
    parent_states,
    phone_of,
    spell_in_contexts,
)
from components.speech.decoding.alignment_graph import alignable, transcript_graph


class TriphoneGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of phones in context.

    A first GmmHmm, of monophones with one Gaussian per state, aligns the frames. Each phone of each word is
    then a unit in the context of its neighbours in the word and of the word; for each state of each phone a
    decision tree ties the units' states (Young, Odell and Woodland, 1994). A second GmmHmm of the tied states
    is trained starting from that alignment. acoustic: settings of both models (None: GmmHmm()). least_frames:
    frames on both sides of a split. least_gain: gain in log-likelihood that a split needs, in units of
    dims * log(frames), the cost of a Gaussian by the Bayesian information criterion (Chou and Reichl, 1999).
    With few clips the units stay monophones; a frequent word may get states of its own.

    Learned: `model_`, and of it `mixtures_`, `states_`, `stay_`, `spellings_`, `parents_`, `skipped_`.
    """

    starts_from_alignments = True

    def __init__(
        self, acoustic: GmmHmm | None = None, least_frames: float = 100.0, least_gain: float = 1.0
    ) -> None:
        self.acoustic = acoustic
        self.least_frames = least_frames
        self.least_gain = least_gain

    def check_settings(self) -> None:
        """Raises ValueError for limits of the trees out of range."""
        check_ranges(self, least_frames=above(0), least_gain=at_least(0))

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
        # tying and training of the tied states take the place of two rounds
        rounds = max(1, settings.rounds - 2)
        monophones = clone(settings).set_params(components=1, own_vocabulary=0, rounds=rounds)
        monophones.fit(frames, transcripts, lexicon, n_originals, start, brief=brief)
        units, aligned = self._tie(monophones, frames, transcripts, lexicon, start if brief else None)
        second = clone(settings).set_params(rounds=1)
        return second.fit(frames, transcripts, lexicon, n_originals, aligned, units, brief)

    def _tie(
        self,
        monophones: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        start: Start | None,
    ) -> tuple[Units, KnownStates]:
        """Monophone model and its training data -> spellings in units, the tied states of the units, and
        those of the clips. start: alignments to take as they are (None: the model's)."""
        spellings, contexts = spell_in_contexts(lexicon)
        states = number_states(spellings, monophones.states_per_unit)
        parents = parent_states(states)
        untied = _untied_states(start or monophones, frames, transcripts, spellings, states)
        clips = [frames[row] for row in untied]
        counts, *sums = state_sums(clips, [*untied.values()], len(parents))
        statistics = StateStatistics(counts.astype(float), *sums)
        pooled = monophones.mixtures_.pooled_
        sets = phone_clusters(*_phone_means(monophones))
        gain = self.least_gain * len(pooled) * np.log(max(2.0, statistics.counts.sum()))
        tied, last = np.zeros(len(parents), dtype=int), 0
        units = {int(state): unit for unit, own in states.items() for state in own}
        for parent in range(1, parents.max() + 1):
            own = np.flatnonzero(parents == parent)
            answers = question_answers([contexts[units[state]] for state in own.tolist()], sets)
            leaves = tree_leaves(answers, statistics.select(own), pooled, self.least_frames, gain)
            tied[own] = last + 1 + leaves
            last = int(tied[own].max())
        units = _merge_units(spellings, {unit: tied[own].tolist() for unit, own in states.items()})
        tied_paths = keep([tied[path]] for path in sweep(untied.values()))
        return units, KnownStates(dict(zip(untied, tied_paths, strict=True)))


def _untied_states(
    aligned: GmmHmm | Start,
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
    spellings: Lexicon,
    states: Mapping[str, Sequence[int]],
) -> dict[int, np.ndarray]:
    """Monophone model or alignments of its training data, these data, units in context and their states ->
    row of a clip: those of its frames, without clips that are too short."""
    in_context = partial(transcript_graph, pronunciations=spellings, states=states, silence=SILENCE)
    rows, graphs = alignable(in_context, frames, transcripts)
    if isinstance(aligned, GmmHmm):
        paths = aligned.paths([frames[row] for row in rows], [transcripts[row] for row in rows])
        aligned = OnPaths(dict(zip(rows, paths, strict=True)))
    return dict(zip(rows, aligned.states(rows, graphs), strict=True))


def _phone_means(monophones: GmmHmm) -> tuple[list[str], np.ndarray]:
    """Monophone model -> its phones and the means (phones, states * dims) of their states, normalised."""
    names = [phone for phone in monophones.states_ if phone != SILENCE]
    means = monophones.mixtures_.means_ / np.sqrt(monophones.mixtures_.pooled_)
    return names, np.stack([means[monophones.states_[phone]].ravel() for phone in names])


def _merge_units(spellings: Lexicon, states: Mapping[str, Sequence[int]]) -> Units:
    """Spellings and tied states -> the same with one unit in place of all that share all their states.

    It is named after the first of these, or after the phone where all its contexts share one unit.
    """
    merged: dict[tuple[str, tuple[int, ...]], str] = {}
    for unit, own in states.items():
        merged.setdefault((phone_of(unit), tuple(own)), unit)
    phones = [phone for phone, _ in merged]
    names = {key: unit if phones.count(key[0]) > 1 else key[0] for key, unit in merged.items()}
    unit_names = {unit: names[phone_of(unit), tuple(own)] for unit, own in states.items()}
    spelled = {
        word: [tuple(unit_names[unit] for unit in variant) for variant in variants]
        for word, variants in spellings.items()
    }
    return spelled, {name: list(own) for (_, own), name in names.items()}
