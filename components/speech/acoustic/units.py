"""Lexicon -> modelling units, and the numbers of their HMM states.

The phones of a frequent word are units of their own ("AH@one.1"), which models all of their context; other
words share context-independent phones ("AH"). The idea of whole-word models for small vocabularies (Rabiner,
1989), with the phone to fall back on.
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
    """Context of a phone: its left and right neighbours, "" at the edges of the word, and the word."""

    left: str
    right: str
    word: str


def frequent_words(transcripts: Sequence[Sequence[str]], least_times: int) -> list[str]:
    """Transcripts -> the words that occur at least so often, sorted."""
    times = Counter(word for words in transcripts for word in words)
    return sorted(word for word, count in times.items() if count >= least_times)


def spell_in_units(lexicon: Lexicon, own: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    """Lexicon in phones -> lexicon in units; own: the words that have units of their own."""
    own = set(own)
    return {
        word: [_units(word, phones) if word in own else tuple(phones) for phones in variants]
        for word, variants in lexicon.items()
    }


def _units(word: str, phones: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{phone}@{word}.{place}" for place, phone in enumerate(phones))


def spell_in_contexts(lexicon: Lexicon) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, Context]]:
    """Lexicon in phones -> lexicon in units, one for each phone in each context; {unit: its context}."""
    contexts: dict[str, Context] = {}

    def units(word: str, phones: Sequence[str]) -> tuple[str, ...]:
        padded = ["", *phones, ""]
        own = [Context(left, right, word) for left, right in zip(padded[:-2], padded[2:], strict=True)]
        names = tuple(
            f"{phone}@{word}({context.left}_{context.right})"
            for phone, context in zip(phones, own, strict=True)
        )
        contexts.update(zip(names, own, strict=True))
        return names

    spellings = {word: [units(word, phones) for phones in variants] for word, variants in lexicon.items()}
    return spellings, contexts


def phone_of(unit: str) -> str:
    """Unit -> its phone."""
    return unit.split("@", 1)[0]


def number_states(spellings: Lexicon, states_per_unit: int) -> dict[str, list[int]]:
    """Lexicon in units -> {unit: its states, left to right}; silence has one state, 0."""
    units = dict.fromkeys(unit for variants in spellings.values() for units in variants for unit in units)
    states = {SILENCE: [0]}
    for place, unit in enumerate(units):
        first = 1 + place * states_per_unit
        states[unit] = list(range(first, first + states_per_unit))
    return states


def parent_states(states: Mapping[str, Sequence[int]]) -> np.ndarray:
    """{unit: its states} -> the parent of each state, int (states,).

    States with the same position in units of the same phone have the same parent, whatever the word.
    """
    numbers: dict[tuple[str, int], int] = {}
    parents = np.zeros(1 + max(max(own) for own in states.values()), dtype=int)
    for unit, own in states.items():
        for place, state in enumerate(own):
            parents[state] = numbers.setdefault((phone_of(unit), place), len(numbers))
    return parents
