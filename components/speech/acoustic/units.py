"""Words and their phones -> the units that have models, and the numbers of the units' states.

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
Lexicon = Mapping[str, Sequence[Sequence[str]]]  # each word's pronunciations, as phones or as units


@dataclass(frozen=True)
class Context:
    """Where a phone stands: the phones beside it, "" at the edges of its word, and the word."""

    left: str
    right: str
    word: str


def frequent_words(transcripts: Sequence[Sequence[str]], least_times: int) -> list[str]:
    """Transcripts, each its words -> the words said at least that often, sorted."""
    times = Counter(word for words in transcripts for word in words)
    return sorted(word for word, count in times.items() if count >= least_times)


def spell_in_units(lexicon: Lexicon, own: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    """Pronunciations in phones -> pronunciations in units, where the words `own` have units of their own."""
    own = set(own)
    return {
        word: [_units(word, phones) if word in own else tuple(phones) for phones in variants]
        for word, variants in lexicon.items()
    }


def _units(word: str, phones: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{phone}@{word}.{place}" for place, phone in enumerate(phones))


def spell_in_contexts(lexicon: Lexicon) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, Context]]:
    """Pronunciations in phones -> the same in units, one for each phone in each context; unit -> context."""
    contexts: dict[str, Context] = {}

    def units(word: str, phones: Sequence[str]) -> tuple[str, ...]:
        edged = ["", *phones, ""]
        own = [Context(left, right, word) for left, right in zip(edged[:-2], edged[2:], strict=True)]
        names = tuple(f"{phone}@{word}({at.left}_{at.right})" for phone, at in zip(phones, own, strict=True))
        contexts.update(zip(names, own, strict=True))
        return names

    spelled = {word: [units(word, phones) for phones in variants] for word, variants in lexicon.items()}
    return spelled, contexts


def phone_of(unit: str) -> str:
    """Unit -> the phone it is a kind of."""
    return unit.split("@", 1)[0]


def number_states(spellings: Lexicon, states_per_unit: int) -> dict[str, list[int]]:
    """Spellings -> the numbers of each unit's states, left to right; silence has the one state 0."""
    units = dict.fromkeys(unit for variants in spellings.values() for units in variants for unit in units)
    states = {SILENCE: [0]}
    for place, unit in enumerate(units):
        first = 1 + place * states_per_unit
        states[unit] = list(range(first, first + states_per_unit))
    return states


def parent_states(states: Mapping[str, Sequence[int]]) -> np.ndarray:
    """States of units -> for each state the number of its parent, int (states,).

    States of one parent are the same state of the same phone, in whatever words.
    """
    numbers: dict[tuple[str, int], int] = {}
    parents = np.zeros(1 + max(max(own) for own in states.values()), dtype=int)
    for unit, own in states.items():
        for place, state in enumerate(own):
            parents[state] = numbers.setdefault((phone_of(unit), place), len(numbers))
    return parents
