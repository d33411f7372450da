"""Frames and the words that were said -> a hidden Markov model of phones in context, their states tied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from operator import attrgetter

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.gmm_hmm import GmmHmm, Units
from components.speech.acoustic.mixtures import state_sums
from components.speech.acoustic.state_tying import Sums, alike, answers, leaves
from components.speech.acoustic.units import (
    SILENCE,
    Lexicon,
    in_contexts,
    number_states,
    parent_states,
    phone_of,
)
from components.speech.decoding.chain import Chain, long_enough


class TiedGmmHmm(BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of phones in context.

    A first GmmHmm, of phones with one Gaussian a state, aligns the frames. Every phone of every word is then
    a unit, in the context of its neighbours in the word and of the word itself; for each state of each phone
    a decision tree says which units share it (Young, Odell and Woodland, 1994). A second GmmHmm of these
    states is taught from that alignment. A tree grows as far as the frames allow: each side of a question
    has least_frames, and the question gains least_gain times the dims * log(frames) which the Bayesian
    information criterion asks of a Gaussian (Chou and Reichl, 1999); thus few clips have monophones, and a
    word heard often may have states of its own. acoustic: both models' settings (None: GmmHmm()).

    Learned: `model_`, and of it `mixtures_`, `states_`, `stay_`, `spellings_`, `parents_`, `skipped_`.
    """

    learns_from_copies = True
    mixtures_ = property(attrgetter("model_.mixtures_"))
    states_ = property(attrgetter("model_.states_"))
    stay_ = property(attrgetter("model_.stay_"))
    spellings_ = property(attrgetter("model_.spellings_"))
    parents_ = property(attrgetter("model_.parents_"))
    skipped_ = property(attrgetter("model_.skipped_"))

    def __init__(
        self, acoustic: GmmHmm | None = None, least_frames: float = 100.0, least_gain: float = 1.0
    ) -> None:
        self.acoustic = acoustic
        self.least_frames = least_frames
        self.least_gain = least_gain

    def check_settings(self) -> None:
        """Raises ValueError for limits of the trees out of range."""
        check_ranges(self, least_frames=above(0), least_gain=at_least(0))

    def fit(
        self,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None = None,
    ) -> TiedGmmHmm:
        """frames: (frames, dims) each. transcripts: each clip's words. lexicon: phones of every word in them.

        n_originals: taken for the sake of GmmHmm's; nothing is counted here that copies would change.

        Raises ValueError if every clip is too short for its states.
        """
        settings = GmmHmm() if self.acoustic is None else self.acoustic
        rounds = max(1, settings.rounds - 2)  # to find contexts, and to listen to them, takes the other two
        phones = clone(settings).set_params(components=1, own_vocabulary=0, rounds=rounds)
        phones.fit(frames, transcripts, lexicon, n_originals)
        units = self._tied(phones, frames, transcripts, lexicon)
        self.model_ = clone(settings).set_params(rounds=1)
        before = _of_parents(phones, parent_states(units[1]))
        self.model_.fit(frames, transcripts, lexicon, n_originals, before, frames, units)
        return self

    def chain(self, words: Sequence[str]) -> Chain:
        """Words -> the states that they may run through, silence optional around each."""
        return self.model_.chain(words)

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, dims) -> natural log densities, float32 (frames, states)."""
        return self.model_.log_likelihoods(frames)

    def align(self, frames: Sequence[np.ndarray], chains: Sequence[Chain]) -> list[np.ndarray]:
        """Clips and their chains -> the state of each frame, int (frames,) each."""
        return self.model_.align(frames, chains)

    def _tied(
        self,
        phones: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
    ) -> Units:
        """The model of phones -> spellings in units that share states, and these states."""
        spellings, contexts = in_contexts(lexicon)
        states = number_states(spellings, phones.states_per_unit)
        parents = parent_states(states)
        sums = _sums(_of_parents(phones, parents, spellings, states), frames, transcripts)
        pooled = phones.mixtures_.pooled_
        sets = alike(*_places(phones))
        gain = self.least_gain * len(pooled) * np.log(max(2.0, sums.counts.sum()))
        tied, last = np.zeros(len(parents), dtype=int), 0
        units = {int(state): unit for unit, own in states.items() for state in own}
        for parent in range(1, parents.max() + 1):
            own = np.flatnonzero(parents == parent)
            asked = answers([contexts[units[state]] for state in own.tolist()], sets)
            tied[own] = last + 1 + leaves(asked, sums.of(own), pooled, self.least_frames, gain)
            last = int(tied[own].max())
        return _shared(spellings, {unit: tied[own].tolist() for unit, own in states.items()})


def _of_parents(
    phones: GmmHmm,
    parents: np.ndarray,
    spellings: Lexicon | None = None,
    states: Mapping[str, Sequence[int]] | None = None,
) -> GmmHmm:
    """A model of phones, one Gaussian a state -> one of other units' states, each as its phone's."""
    other, mixtures = copy(phones), copy(phones.mixtures_)
    mixtures.__dict__.pop("_packed", None)
    mixtures.means_, mixtures.variances_ = mixtures.means_[parents], mixtures.variances_[parents]
    mixtures.weights_, mixtures.owners_ = np.ones(len(parents)), np.arange(len(parents))
    other.mixtures_, other.stay_ = mixtures, phones.stay_[parents]
    other.spellings_, other.states_ = spellings, states
    return other


def _sums(units: GmmHmm, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]]) -> Sums:
    """Sums of the frames in each state of a model, by its alignment of the clips that are long enough."""
    kept, chains = long_enough(units.chain, frames, transcripts)
    clips = [frames[row] for row in kept]
    found = np.concatenate(units.align(clips, chains))
    number = len(units.stay_)
    counts = np.bincount(found, minlength=number).astype(float)
    return Sums(counts, *state_sums(np.concatenate(clips), found, number))


def _places(phones: GmmHmm) -> tuple[list[str], np.ndarray]:
    """A model of phones -> its phones and the means of their states, in deviations, (phones, places)."""
    names = [phone for phone in phones.states_ if phone != SILENCE]
    means = phones.mixtures_.means_ / np.sqrt(phones.mixtures_.pooled_)
    return names, np.stack([means[phones.states_[phone]].ravel() for phone in names])


def _shared(spellings: Lexicon, states: Mapping[str, Sequence[int]]) -> Units:
    """Units, some with the same states -> the same, but one unit for all that share all of their states.

    Its name is that of the first, or the bare phone where no context of it is told apart.
    """
    kinds: dict[tuple[str, tuple[int, ...]], str] = {}
    for unit, own in states.items():
        kinds.setdefault((phone_of(unit), tuple(own)), unit)
    times = [phone for phone, _ in kinds]
    names = {kind: unit if times.count(kind[0]) > 1 else kind[0] for kind, unit in kinds.items()}
    of = {unit: names[phone_of(unit), tuple(own)] for unit, own in states.items()}
    spelled = {
        word: [tuple(of[unit] for unit in variant) for variant in variants]
        for word, variants in spellings.items()
    }
    return spelled, {name: list(own) for (_, own), name in names.items()}
