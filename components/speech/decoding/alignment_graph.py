"""Transcript -> alignment graph: the state sequences that it allows, from left to right with skips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from components.errors import unknown

START = -1  # the predecessor of positions where a path may start


@dataclass(frozen=True, eq=False)
class AlignmentGraph:
    """Left-to-right graph of positions, each with a state; some may be skipped.

    Attributes
    ----------
    states : int (positions,), the score column of each position.
    predecessors : for each position, those it may be entered from; START where a path may start.
    last : positions where a path may end.
    words : int (positions,), index of the word in the transcript, -1 for silence.
    phones : (positions,), the phone of each.
    """

    states: np.ndarray
    predecessors: tuple[tuple[int, ...], ...]
    last: tuple[int, ...]
    words: np.ndarray
    phones: tuple[str, ...]

    @cached_property
    def branches(self) -> list[tuple[int, tuple[int, ...]]]:
        """Positions that are not entered from the one before alone, and the predecessors of each."""
        return [
            (position, before)
            for position, before in enumerate(self.predecessors)
            if len(before) > 1 or before[0] != position - 1 or not position
        ]

    @cached_property
    def shortest(self) -> int:
        """Number of frames of the shortest path."""
        lengths = {START: 0}
        for position, before in enumerate(self.predecessors):
            lengths[position] = 1 + min(lengths[previous] for previous in before)
        return min(lengths[position] for position in self.last)


def alignable(
    alignment_graph: Callable[[Sequence[str]], AlignmentGraph],
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
) -> tuple[list[int], list[AlignmentGraph]]:
    """Clips (frames, dims) and transcripts -> rows of the clips with enough frames, and their graphs.

    alignment_graph: makes the graph of a transcript. Clips with the same transcript share one graph, as a
    model scores those together.
    """
    by_words = {words: alignment_graph(words) for words in set(map(tuple, transcripts))}
    graphs = [by_words[tuple(words)] for words in transcripts]
    rows = [row for row, graph in enumerate(graphs) if len(frames[row]) >= graph.shortest]
    return rows, [graphs[row] for row in rows]


def linear_graph(states: Sequence[int]) -> AlignmentGraph:
    """State ids -> the graph whose only path passes them all in order."""
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
    """Transcript -> the graph of all its pronunciations, with optional silence around each word.

    Raises ValueError for a word without pronunciation, an unknown phone, or a graph without positions.
    """
    builder = _GraphBuilder(states)
    if silence is not None:
        builder.add([[silence]], -1, optional=bool(words))
    for index, word in enumerate(words):
        if not pronunciations.get(word):
            raise unknown("word", word, pronunciations)
        builder.add(pronunciations[word], index)
        if silence is not None:
            builder.add([[silence]], -1, optional=True)
    return builder.build()


@cache
def _only(position: int) -> tuple[int]:
    """The tuple of a position alone; one for all graphs, of which hours of speech have thousands."""
    return (position,)


class _GraphBuilder:
    """Words and silences, one after another -> an alignment graph."""

    def __init__(self, states: Mapping[str, Sequence[int]]):
        self.states = states
        self.rows: list[tuple[int, tuple[int, ...], int, str]] = []  # column, predecessors, word, phone
        self.ends: tuple[int, ...] = (START,)

    def add(self, variants: Sequence[Sequence[str]], word: int, optional: bool = False) -> None:
        """Append a choice of pronunciations; of none of them, too, if optional."""
        ends = self.ends if optional else ()
        for variant in dict.fromkeys(map(tuple, variants)):
            before = self.ends
            for phone in variant:
                if phone not in self.states:
                    raise unknown("phone", phone, self.states)
                for column in self.states[phone]:
                    self.rows.append((column, before, word, phone))
                    before = _only(len(self.rows) - 1)
            ends += before
        self.ends = ends

    def build(self) -> AlignmentGraph:
        if not self.rows:
            raise ValueError(
                "transcript_graph expected words or a silence phone, got neither; name the silence."
            )
        columns, before, words, phones = zip(*self.rows, strict=True)
        return AlignmentGraph(np.array(columns), before, self.ends, np.array(words), phones)
