"""Words and their phones -> the units that have models, and the chain of states of a whole clip.

Where a word is heard often its phones have models of their own ("AH@one.1"), which captures all of their
context; elsewhere the phone as heard in every word is used ("AH"). The same idea as whole-word models for
small vocabularies (Rabiner, 1989), with the phone to fall back on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SILENCE = "sil"
Spoken = tuple[str, tuple[str, ...]]  # a word and its phones


@dataclass(frozen=True, eq=False)
class Chain:
    """The states of one clip from left to right, int (places,), and which places may be left out, bool (places,)."""

    states: np.ndarray
    optional: np.ndarray

    @property
    def least_frames(self) -> int:
        """Frames that a clip needs at least."""
        return int((~self.optional).sum())


def own_words(spoken: Sequence[Sequence[Spoken]], least_times: int) -> list[str]:
    """Transcriptions -> the words said at least that often, which get units of their own, sorted."""
    times = Counter(word for words in spoken for word, _ in words)
    return sorted(word for word, count in times.items() if count >= least_times)


def unit_names(word: str, phones: Sequence[str], has_own: bool) -> tuple[str, ...]:
    """A word and its phones -> the names of its units."""
    return tuple(f"{phone}@{word}.{place}" for place, phone in enumerate(phones)) if has_own else tuple(phones)


def phone_of(unit: str) -> str:
    """Unit -> the phone it is a kind of."""
    return unit.split("@", 1)[0]


def number_states(units: Sequence[str], states_per_unit: int) -> dict[str, list[int]]:
    """Units -> the numbers of their states, left to right; silence has the one state 0."""
    states = {SILENCE: [0]}
    for place, unit in enumerate(units):
        first = 1 + place * states_per_unit
        states[unit] = list(range(first, first + states_per_unit))
    return states


def parent_states(states: Mapping[str, Sequence[int]]) -> np.ndarray:
    """States of units -> for each state the same state of the phone that its unit is a kind of, int (states,)."""
    numbers: dict[tuple[str, int], int] = {}
    parents = np.zeros(1 + max(max(own) for own in states.values()), dtype=int)
    for unit, own in states.items():
        for place, state in enumerate(own):
            parents[state] = numbers.setdefault((phone_of(unit), place), len(numbers))
    return parents


def chain_of(words: Sequence[Sequence[str]], states: Mapping[str, Sequence[int]]) -> Chain:
    """Words, each as its units -> their states, with silence that may be left out before, between and after."""
    silence = list(states[SILENCE])
    places, optional = list(silence), [True]
    for units in words:
        said = [state for unit in units for state in states[unit]]
        places += said + silence
        optional += [False] * len(said) + [True]
    return Chain(np.array(places), np.array(optional))
