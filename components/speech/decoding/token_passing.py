"""Search graph and scores -> the links between tokens of successive frames, at most so many of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

MOST_LINKS = 10_000  # of a frame
MOST_LINKS_IN_ALL = 4_000_000  # of an utterance: 120 MB, and about two seconds on one core


@dataclass(frozen=True, eq=False)
class ArcTable:
    """Arcs of a search graph, sorted by the state that they leave.

    first : int (states + 1,), row of the first arc of each state; the last is the number of arcs.
    targets, columns, labels : int (arcs,), state entered, score column read (-1 for none), output label.
    weights : float64 (arcs,).
    """

    first: np.ndarray
    targets: np.ndarray
    columns: np.ndarray
    labels: np.ndarray
    weights: np.ndarray

    @classmethod
    def from_arcs(cls, arcs: np.ndarray, weights: np.ndarray, states: int) -> ArcTable:
        """Arcs (arcs, 4: source target reads writes), weights (arcs,), number of states -> the table."""
        order = np.argsort(arcs[:, 0], kind="stable")
        first = np.searchsorted(arcs[order, 0], np.arange(states + 1))
        targets, reads, labels = arcs[order, 1:].astype(np.int32).T
        return cls(first, targets, reads - 1, labels, weights[order])

    def counts(self, states: np.ndarray) -> np.ndarray:
        """States (n,) -> number of arcs that leave each, (n,)."""
        return self.first[states + 1] - self.first[states]

    def leaving(self, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """States -> every pair (index into states, row of an arc that leaves it)."""
        counts = self.counts(states)
        index = np.repeat(np.arange(len(states)), counts)
        offset = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
        return index, self.first[states][index] + offset


@dataclass(frozen=True, eq=False)
class Links:
    """Links (links,) between tokens: their indices, output labels, and costs."""

    sources: np.ndarray
    targets: np.ndarray
    labels: np.ndarray
    costs: np.ndarray


@dataclass(frozen=True, eq=False)
class Frame:
    """Tokens after a frame: one for each state that is reached, sorted by state.

    states, costs : (tokens,), cost of the best path to each. reading : links from the tokens before the
    frame. silent : links among these tokens, by arcs that read nothing. cut : whether arcs were left out
    because there were too many.
    """

    states: np.ndarray
    costs: np.ndarray
    reading: Links
    silent: Links
    cut: bool


@dataclass(frozen=True, eq=False)
class TokenPassing:
    """Search that keeps all its links, at most MOST_LINKS for a frame and MOST_LINKS_IN_ALL in all.

    reading, silent : the arcs that read a score column, and those that read nothing.
    finals : float64 (states,), final weights, inf where a state is not final.
    Source: Young, Russell and Thornton (1989), Token passing: a simple conceptual model for connected speech
    recognition systems; the limit as max-active in Povey et al. (2011), The Kaldi speech recognition toolkit.
    """

    reading: ArcTable
    silent: ArcTable
    finals: np.ndarray

    @classmethod
    def from_arcs(cls, arcs: np.ndarray, weights: np.ndarray, finals: np.ndarray) -> TokenPassing:
        """Arcs, weights and finals as of fst.write_fst -> the search."""
        states = 1 + int(max(arcs[:, :2].max(initial=0), finals[:, 0].max(initial=0)))
        reads = arcs[:, 2] > 0
        final_weights = np.full(states, np.inf)
        final_weights[finals[:, 0].astype(int)] = finals[:, 1]
        tables = (ArcTable.from_arcs(arcs[own], weights[own], states) for own in (reads, ~reads))
        return cls(*tables, final_weights)

    def most_links(self, frames: int) -> int:
        """Number of frames -> the most links that its search may have, whatever the scores."""
        return frames * min(len(self.reading.targets), _allowed(frames))

    def is_cut(self, scores: np.ndarray, beam: float) -> bool:
        """Scores (frames, columns) -> whether a search within the beam leaves arcs out, being too many."""
        if len(self.reading.targets) <= _allowed(len(scores)):
            return False
        return any(frame.cut for frame in self.frames(scores, beam))

    def frames(self, scores: np.ndarray, beam: float) -> Iterator[Frame]:
        """Scores (frames, columns), beam -> the tokens before the first frame, and after each."""
        best = np.full(len(self.finals), np.inf)  # by state, inf between frames
        nothing = Links(*np.zeros((3, 0), dtype=int), np.zeros(0))
        states, costs = self._close(best, np.zeros(1, dtype=int), np.zeros(1), np.inf)
        yield Frame(states, costs, nothing, self._silent_links(states), False)
        for row in scores:
            kept, cut = self._survivors(states, costs, beam, _allowed(len(scores)))
            index, arc = self.reading.leaving(states[kept])
            link_costs = self.reading.weights[arc] - row[self.reading.columns[arc]]
            totals = costs[kept][index] + link_costs
            most = totals.min(initial=np.inf) + beam
            near = np.flatnonzero(totals <= most)
            arc, entered = arc[near], self.reading.targets[arc[near]]
            states, costs = self._close(best, entered, totals[near], most)
            targets = np.searchsorted(states, entered)
            reading = Links(kept[index[near]], targets, self.reading.labels[arc], link_costs[near])
            yield Frame(states, costs, reading, self._silent_links(states), cut)

    def _survivors(
        self, states: np.ndarray, costs: np.ndarray, beam: float, most: int
    ) -> tuple[np.ndarray, bool]:
        """Indices of the tokens within the beam, of too many those of least cost; whether it was too many."""
        near = np.flatnonzero(costs <= costs.min(initial=np.inf) + beam)
        if self.reading.counts(states[near]).sum() <= most:
            return near, False
        by_cost = near[np.argsort(costs[near], kind="stable")]
        within = np.cumsum(self.reading.counts(states[by_cost])) <= most
        return np.sort(by_cost[within]), True

    def _close(
        self, best: np.ndarray, entered: np.ndarray, totals: np.ndarray, most: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """States entered at some cost each -> all states reached without reading on, and their costs."""
        np.minimum.at(best, entered, totals)
        fresh = np.unique(entered)
        reached = [fresh]
        while len(fresh):
            index, arc = self.silent.leaving(fresh)
            costs, targets = best[fresh][index] + self.silent.weights[arc], self.silent.targets[arc]
            better = (costs < best[targets]) & (costs <= most)
            np.minimum.at(best, targets[better], costs[better])
            fresh = np.unique(targets[better])
            reached.append(fresh)
        states = np.unique(np.concatenate(reached))
        costs = best[states]
        best[states] = np.inf
        return states, costs

    def _silent_links(self, states: np.ndarray) -> Links:
        """States (tokens,), sorted -> the links among them that read nothing."""
        index, arc = self.silent.leaving(states)
        targets = self.silent.targets[arc]
        places = np.searchsorted(states, targets)
        there = np.flatnonzero(states[np.minimum(places, len(states) - 1)] == targets)
        return Links(
            index[there], places[there], self.silent.labels[arc[there]], self.silent.weights[arc[there]]
        )


def _allowed(frames: int) -> int:
    """Number of frames -> links allowed for each."""
    return min(MOST_LINKS, MOST_LINKS_IN_ALL // max(1, frames))
