"""Forced alignment: scores of many utterances and their graphs -> the best state of each frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from components.speech.decoding.alignment_graph import START, AlignmentGraph

BLOCK = 256  # utterances aligned side by side: their scores of one frame stay in the processor's cache
SKIP = 2  # back-pointers: 0 stayed, 1 from the position before, SKIP + n by the nth skip into a position


@dataclass(frozen=True, eq=False)
class Alignment:
    """positions, states: int (frames,), in the graph and as score columns. log_likelihood: of the path."""

    positions: np.ndarray
    states: np.ndarray
    log_likelihood: float


def align(
    scores: Sequence[np.ndarray],
    graphs: Sequence[AlignmentGraph],
    stay: np.ndarray,
    columns: Sequence[np.ndarray] | None = None,
) -> list[np.ndarray]:
    """Log likelihoods (frames, states) and graphs, one per utterance -> best states, int (frames,) each.

    See viterbi_alignments, of which this keeps the states.
    """
    return [alignment.states for alignment in viterbi_alignments(scores, graphs, stay, columns)]


def viterbi_alignments(
    scores: Sequence[np.ndarray],
    graphs: Sequence[AlignmentGraph],
    stay: np.ndarray,
    columns: Sequence[np.ndarray] | None = None,
) -> list[Alignment]:
    """Log likelihoods (frames, states) and graphs, one per utterance -> best paths.

    columns: int (positions,) each, the score column of each position, where the scores are not of all states
    (None: the column of its state).
    stay: (states,) log probability of the self-loop; leaving, also at the end, has log(1 - exp(stay)).
    The costs are those of hmm_graph without the language model and the probabilities of silence.
    Raises ValueError for a graph longer than its frames, and where every path has probability zero.
    Source: Viterbi (1967); Rabiner (1989).
    """
    alignments: dict[int, Alignment] = {}
    for rows, block in _blocks(scores, graphs, stay, columns):
        alignments.update(zip(rows, block.paths(), strict=True))
    for index, alignment in sorted(alignments.items()):
        if not np.isfinite(alignment.log_likelihood):
            raise ValueError(
                f"align found no path for utterance {index}: expected one with finite log likelihood, got "
                f"{alignment.log_likelihood}; look at its scores."
            )
    return [alignments[index] for index in range(len(scores))]


def path_log_likelihoods(
    scores: Sequence[np.ndarray], graphs: Sequence[AlignmentGraph], stay: np.ndarray
) -> np.ndarray:
    """As of viterbi_alignments -> the log likelihoods of the best paths alone, (utterances,): minus infinity
    for a path of probability zero."""
    best = np.empty(len(scores), np.float32)
    for rows, block in _blocks(scores, graphs, stay):
        best[rows] = block.best()
    return best


def _blocks(
    scores: Sequence[np.ndarray],
    graphs: Sequence[AlignmentGraph],
    stay: np.ndarray,
    columns: Sequence[np.ndarray] | None = None,
) -> Iterator[tuple[list[int], _Block]]:
    """As of viterbi_alignments -> rows of some utterances, of alike many frames, and these side by side."""
    for index, (score, graph) in enumerate(zip(scores, graphs, strict=True)):
        if graph.shortest > len(score):
            raise ValueError(
                f"align cannot fit utterance {index}: expected at least {graph.shortest} frames, one "
                f"for each state of its shortest pronunciation, got {len(score)}; leave it out, or use "
                "fewer states per phone."
            )
    stay = np.asarray(stay, dtype=np.float32)
    leave = np.log1p(-np.exp(stay))
    columns = [graph.states for graph in graphs] if columns is None else columns
    order = np.argsort([len(score) for score in scores], kind="stable")
    for first in range(0, len(order), BLOCK):
        rows = order[first : first + BLOCK].tolist()
        inputs = [scores[i] for i in rows], [columns[i] for i in rows], [graphs[i] for i in rows]
        yield rows, _Block(*inputs, stay, leave)


class _Block:
    """Utterances aligned side by side: arrays padded to (utterances, positions), one loop over frames."""

    def __init__(
        self,
        scores: Sequence[np.ndarray],
        columns: Sequence[np.ndarray],
        graphs: Sequence[AlignmentGraph],
        stay: np.ndarray,
        leave: np.ndarray,
    ):
        self.graphs = list({id(graph): graph for graph in graphs}.values())  # utterances share graphs
        index_of = {id(graph): index for index, graph in enumerate(self.graphs)}
        self.graph_of = np.array([index_of[id(graph)] for graph in graphs])
        self.lengths = np.array([len(score) for score in scores])
        self.width = max(len(graph.states) for graph in graphs)
        self.states = self._states()
        self.emissions = self._emissions(scores, columns)
        self.stay, self.leave = stay[self.states][self.graph_of], leave[self.states][self.graph_of]
        self.begin, self.predecessors = self._entries()
        self.advance = _allowed(self.predecessors[:, :, 1] >= 0)[self.graph_of]
        self.skips = self._skips()

    def _states(self) -> np.ndarray:
        """State of each position, (graphs, positions); 0 beyond the last, which nothing enters."""
        states = np.zeros((len(self.graphs), self.width), dtype=int)
        for row, graph in zip(states, self.graphs, strict=True):
            row[: len(graph.states)] = graph.states
        return states

    def _emissions(self, scores: Sequence[np.ndarray], columns: Sequence[np.ndarray]) -> np.ndarray:
        """Scores (frames, utterances, positions), -inf where there is no position."""
        shape = (self.lengths.max(), len(scores), self.width)
        emissions = np.full(shape, -np.inf, dtype=np.float32)
        for i, (score, own) in enumerate(zip(scores, columns, strict=True)):
            emissions[: len(score), i, : len(own)] = score[:, own]
        return emissions

    def _entries(self) -> tuple[np.ndarray, np.ndarray]:
        """Start scores (utterances, positions), 0 or -inf; predecessors (graphs, positions, back-pointer)."""
        branching = [len(before) for graph in self.graphs for _, before in graph.branches]
        width = SKIP + max(branching, default=0)
        begin = np.zeros(self.states.shape, dtype=bool)
        table = np.full((*self.states.shape, width), -1)
        table[:, :, 0] = np.arange(self.width)
        for i, graph in enumerate(self.graphs):
            positions = len(graph.states)
            table[i, :positions, 1] = table[i, :positions, 0] - 1
            table[i, positions:] = -1
            for position, before in graph.branches:
                skips = [previous for previous in before if previous not in (START, position - 1)]
                begin[i, position] = START in before
                table[i, position, 1] = position - 1 if position and position - 1 in before else -1
                table[i, position, SKIP : SKIP + len(skips)] = skips
        return _allowed(begin)[self.graph_of], table

    def _skips(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Skips (to, from) as indices into (utterances * positions,), no target twice in one pair."""
        skips = self.predecessors[self.graph_of, :, SKIP:]  # (utterances, positions, ranks)
        entered = [np.nonzero(skips[:, :, rank] >= 0) for rank in range(skips.shape[2])]
        return [
            (rows * self.width + places, rows * self.width + skips[rows, places, rank])
            for rank, (rows, places) in enumerate(entered)
            if len(rows)
        ]

    def paths(self) -> list[Alignment]:
        """The best path of each utterance."""
        entered = np.zeros(self.emissions.shape, dtype=np.uint8)
        return self._backtrace(self._totals(entered), entered)

    def best(self) -> np.ndarray:
        """The log likelihood of the best path of each utterance, (utterances,)."""
        return (self._totals(None) + _allowed(self._ends())[self.graph_of]).max(axis=1)

    def _totals(self, entered: np.ndarray | None) -> np.ndarray:
        """Best score of each position at the end of each utterance, (utterances, positions), writing
        back-pointers to `entered` (frames, utterances, positions), if there is one."""
        score = self.begin + self.emissions[0]
        totals = np.full_like(score, -np.inf)
        self._store_totals(0, score, totals)
        for frame in range(1, len(self.emissions)):
            score = self._step(score, None if entered is None else entered[frame])
            score += self.emissions[frame]
            self._store_totals(frame, score, totals)
        return totals

    def _store_totals(self, frame: int, score: np.ndarray, totals: np.ndarray) -> None:
        first, last = np.searchsorted(self.lengths, [frame + 1, frame + 2])
        if first < last:
            totals[first:last] = score[first:last] + self.leave[first:last]

    def _step(self, score: np.ndarray, entered: np.ndarray | None) -> np.ndarray:
        """Best score of each position (utterances, positions), writing back-pointers to `entered`, if any."""
        left = score + self.leave
        best = score + self.stay
        advanced = self.advance[:, 1:] + left[:, :-1]
        if entered is not None:
            np.greater(advanced, best[:, 1:], out=entered[:, 1:], casting="unsafe")
        np.maximum(best[:, 1:], advanced, out=best[:, 1:])
        flat, flat_left = best.reshape(-1), left.reshape(-1)
        for rank, (to, source) in enumerate(self.skips):
            skipped = flat_left[source]
            better = skipped > flat[to]
            flat[to[better]] = skipped[better]
            if entered is not None:
                entered.reshape(-1)[to[better]] = SKIP + rank
        return best

    def _backtrace(self, totals: np.ndarray, entered: np.ndarray) -> list[Alignment]:
        """Follow the back-pointers from the best end of each utterance, all utterances at once."""
        place = (totals + _allowed(self._ends())[self.graph_of]).argmax(axis=1)
        best = totals[np.arange(len(place)), place].tolist()
        places = np.zeros(entered.shape[:2], dtype=int)  # (frames, utterances)
        for frame in range(len(entered) - 1, -1, -1):
            places[frame] = place
            first = np.searchsorted(self.lengths, frame, side="right")  # sorted: these have ended before
            rows = np.arange(first, len(place))
            pointer = entered[frame, rows, place[first:]]
            place[first:] = self.predecessors[self.graph_of[first:], place[first:], pointer]
        places = np.ascontiguousarray(places.T)
        states = np.take_along_axis(self.states[self.graph_of], places, axis=1)
        return [
            Alignment(positions[:length], path[:length], total)
            for positions, path, length, total in zip(
                places, states, self.lengths.tolist(), best, strict=True
            )
        ]

    def _ends(self) -> np.ndarray:
        """Where each graph may end, bool (graphs, positions)."""
        ends = np.zeros(self.states.shape, dtype=bool)
        for row, graph in zip(ends, self.graphs, strict=True):
            row[list(graph.last)] = True
        return ends


def _allowed(mask: np.ndarray) -> np.ndarray:
    """Mask -> log probabilities float32: 0 where True, minus infinity where False."""
    return np.where(mask, np.float32(0), np.float32(-np.inf))
