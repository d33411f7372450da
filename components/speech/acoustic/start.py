"""Where the training of a GmmHmm starts from in place of a flat start: alignments that another one found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from components.mapped import keep
from components.speech.decoding.alignment_graph import AlignmentGraph


class Start(Protocol):
    """First alignments of clips."""

    def states(self, rows: Sequence[int], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """Rows of some of the clips, and their graphs -> the state of each frame, int (frames,) each."""
        ...


class Aligner(Protocol):
    """A trained acoustic model."""

    def align(self, frames: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """As of AcousticModel."""
        ...


@dataclass(frozen=True, eq=False)
class AlignedBy:
    """What a model of the same units makes of the clips. frames: its input, (frames, its dims) of each."""

    model: Aligner
    frames: Sequence[np.ndarray]

    def states(self, rows: Sequence[int], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """As of every Start."""
        return self.model.align([self.frames[row] for row in rows], graphs)


@dataclass(frozen=True, eq=False)
class KnownStates:
    """by_row: row of a clip -> the state of each frame, int (frames,); of all clips that are long enough."""

    by_row: Mapping[int, np.ndarray]

    def states(self, rows: Sequence[int], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """As of every Start."""
        return [self.by_row[row] for row in rows]


@dataclass(frozen=True, eq=False)
class GraphPath:
    """positions: int (frames,), where in the alignment graph of its transcript each frame of a clip is."""

    positions: np.ndarray
    graph: AlignmentGraph

    def stretched(self, frames: int) -> GraphPath:
        """Number of frames -> the same path in so many frames."""
        rows = np.arange(frames) * len(self.positions) // max(1, frames)
        return GraphPath(self.positions[rows], self.graph)

    def states_in(self, graph: AlignmentGraph) -> np.ndarray:
        """Another graph of the same transcript -> its state of each frame, int (frames,).

        Where it has as many positions for each word they correspond; where not, the frames of a word are
        divided equally among its own.
        """
        if np.array_equal(self.graph.words, graph.words):
            return graph.states[self.positions]
        words = self.graph.words[self.positions]
        states = np.full(len(words), graph.states[graph.words == -1][0])
        for word in range(int(graph.words.max(initial=-1)) + 1):
            frames, own = np.flatnonzero(words == word), graph.states[graph.words == word]
            states[frames] = own[np.arange(len(frames)) * len(own) // max(1, len(frames))]
        return states


@dataclass(frozen=True, eq=False)
class OnPaths:
    """paths: row of a clip -> its path, which a model of other units may have found."""

    paths: Mapping[int, GraphPath]

    def states(self, rows: Sequence[int], graphs: Sequence[AlignmentGraph]) -> list[np.ndarray]:
        """As of every Start."""
        pairs = zip(rows, graphs, strict=True)
        return keep([self.paths[row].states_in(graph)] for row, graph in pairs)


def even_path(graph: AlignmentGraph, frames: int) -> GraphPath:
    """Graph and number of frames -> the path that spends equally many in each position."""
    return GraphPath(np.arange(len(graph.states)), graph).stretched(frames)
