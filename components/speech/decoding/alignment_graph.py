"""The state sequences a transcript allows, as one chain of positions with shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from components.errors import unknown

BEGINNING = -1


@dataclass(frozen=True, eq=False)
class AlignmentGraph:
    """Positions to pass from left to right, where some may be left out.

    states: int (positions,), the score column of each. predecessors: for each position, the positions it may
    be entered from, BEGINNING among them where the chain may start. last: positions it may end at.
    words: int (positions,), the index of the word in the transcript, -1 in silence. phones: (positions,).
    """

    states: np.ndarray
    predecessors: tuple[tuple[int, ...], ...]
    last: tuple[int, ...]
    words: np.ndarray
    phones: tuple[str, ...]

    @cached_property
    def shortest(self) -> int:
        """Frames that the shortest way through takes."""
        best = {BEGINNING: 0}
        for position, before in enumerate(self.predecessors):
            best[position] = 1 + min(best[earlier] for earlier in before)
        return min(best[position] for position in self.last)


def alignable(
    chain: Callable[[Sequence[str]], AlignmentGraph],
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
) -> tuple[list[int], list[AlignmentGraph]]:
    """Clips (frames, dims) and their words -> rows of the clips with frames enough, and a chain for each row.

    chain: words -> what they may run through. Clips with the same words share one chain, since a model
    aligns those together.
    """
    by_words = {words: chain(words) for words in set(map(tuple, transcripts))}
    chains = [by_words[tuple(words)] for words in transcripts]
    rows = [row for row, one in enumerate(chains) if len(frames[row]) >= one.shortest]
    return rows, [chains[row] for row in rows]


def linear_graph(states: Sequence[int]) -> AlignmentGraph:
    """State ids that must all be passed, in order, become a chain."""
    places = range(len(states))
    before = tuple((place - 1,) for place in places)
    return AlignmentGraph(
        np.array(states, dtype=int), before, (len(states) - 1,), np.zeros(len(states), dtype=int), ()
    )


def transcript_graph(
    words: Sequence[str],
    pronunciations: Mapping[str, Sequence[Sequence[str]]],
    states: Mapping[str, Sequence[int]],
    silence: str | None = "sil",
) -> AlignmentGraph:
    """A transcript becomes the chain of all its pronunciations, optional silence around each word.

    Raises ValueError for a word without pronunciation, an unknown phone, or a transcript that allows nothing.
    """
    chain = _Growing(states)
    if silence is not None:
        chain.add([[silence]], -1, optional=bool(words))
    for index, word in enumerate(words):
        if not pronunciations.get(word):
            raise unknown("word", word, pronunciations)
        chain.add(pronunciations[word], index)
        if silence is not None:
            chain.add([[silence]], -1, optional=True)
    return chain.finished()


class _Growing:
    """A chain while it is being written."""

    def __init__(self, states: Mapping[str, Sequence[int]]):
        self.states = states
        self.rows: list[tuple[int, tuple[int, ...], int, str]] = []  # column, predecessors, word, phone
        self.ends: tuple[int, ...] = (BEGINNING,)

    def add(self, variants: Sequence[Sequence[str]], word: int, optional: bool = False) -> None:
        """One of the variants next, or none of them if optional."""
        ends = self.ends if optional else ()
        for variant in dict.fromkeys(map(tuple, variants)):
            before = self.ends
            for phone in variant:
                if phone not in self.states:
                    raise unknown("phone", phone, self.states)
                for column in self.states[phone]:
                    self.rows.append((column, before, word, phone))
                    before = (len(self.rows) - 1,)
            ends += before
        self.ends = ends

    def finished(self) -> AlignmentGraph:
        if not self.rows:
            raise ValueError("transcript_graph expected words or a silence phone, got neither; name the silence.")
        columns, before, words, phones = zip(*self.rows, strict=True)
        return AlignmentGraph(np.array(columns), before, self.ends, np.array(words), phones)
