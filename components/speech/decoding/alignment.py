"""Forced alignment: frames of many utterances at once become the states of their transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.speech.decoding.alignment_graph import BEGINNING, AlignmentGraph

TOGETHER = 256  # utterances per block: their scores of one frame stay in the processor's cache
JUMP = 2  # how a position was entered: 0 stayed, 1 from the one before, JUMP + n by the nth shortcut into it


@dataclass(frozen=True, eq=False)
class Alignment:
    """positions, states: int (frames,), place in the chain and score column. log_likelihood: of this path."""

    positions: np.ndarray
    states: np.ndarray
    log_likelihood: float


def align(
    scores: Sequence[np.ndarray],
    chains: Sequence[AlignmentGraph],
    stay: np.ndarray,
    columns: Sequence[np.ndarray] | None = None,
) -> list[np.ndarray]:
    """Scores (frames, states) and chains, one each per utterance, become the best state ids (frames,).

    As viterbi_alignments, which see, keeping the states alone.
    """
    return [found.states for found in viterbi_alignments(scores, chains, stay, columns)]


def viterbi_alignments(
    scores: Sequence[np.ndarray],
    chains: Sequence[AlignmentGraph],
    stay: np.ndarray,
    columns: Sequence[np.ndarray] | None = None,
) -> list[Alignment]:
    """Log likelihoods (frames, states) and chains, one each per utterance, become best paths.

    columns: int (positions,) each, where in the scores each position of the chain finds its own, if these
    are not of all states (None: the column of its state).
    stay: (states,) log probability of the self-loop; leaving, also at the end, has log(1 - exp(stay)).
    The costs are those of hmm_graph, less its language model and its choice of silence.
    Raises ValueError for a chain longer than its frames, and where every way has probability zero.
    Source: Viterbi (1967); Rabiner (1989).
    """
    for index, (score, chain) in enumerate(zip(scores, chains, strict=True)):
        if chain.shortest > len(score):
            raise ValueError(
                f"align cannot fit utterance {index}: expected at least {chain.shortest} frames, one for each "
                f"state of its shortest pronunciation, got {len(score)}; leave it out, or use fewer states "
                "per phone."
            )
    stay = np.asarray(stay, dtype=np.float32)
    leave = np.log1p(-np.exp(stay))
    columns = [chain.states for chain in chains] if columns is None else columns
    order = np.argsort([len(score) for score in scores], kind="stable")
    found: dict[int, Alignment] = {}
    for first in range(0, len(order), TOGETHER):
        block = order[first : first + TOGETHER].tolist()
        of_block = [scores[i] for i in block], [columns[i] for i in block], [chains[i] for i in block]
        paths = _Block(*of_block, stay, leave).paths()
        found.update(zip(block, paths, strict=True))
    for index, alignment in sorted(found.items()):
        if not np.isfinite(alignment.log_likelihood):
            raise ValueError(
                f"align found no way through utterance {index}: expected one with finite log likelihood, got "
                f"{alignment.log_likelihood}; look at its scores."
            )
    return [found[index] for index in range(len(scores))]


class _Block:
    """Utterances aligned side by side: arrays padded to (utterances, positions), one loop over frames."""

    def __init__(
        self,
        scores: Sequence[np.ndarray],
        columns: Sequence[np.ndarray],
        chains: Sequence[AlignmentGraph],
        stay: np.ndarray,
        leave: np.ndarray,
    ):
        self.chains = list({id(chain): chain for chain in chains}.values())  # each once: many say the same
        place = {id(chain): place for place, chain in enumerate(self.chains)}
        self.which = np.array([place[id(chain)] for chain in chains])
        self.lengths = np.array([len(score) for score in scores])
        self.width = max(len(chain.states) for chain in chains)
        self.states = self._states()
        self.emissions = self._emissions(scores, columns)
        self.stay, self.leave = stay[self.states][self.which], leave[self.states][self.which]
        self.begin, self.before = self._entries()
        self.advance = _allowed(self.before[:, :, 1] >= 0)[self.which]
        self.jumps = self._jumps()

    def _states(self) -> np.ndarray:
        """The state of each position, (chains, positions); 0 beyond the last, which nothing enters."""
        states = np.zeros((len(self.chains), self.width), dtype=int)
        for row, chain in zip(states, self.chains, strict=True):
            row[: len(chain.states)] = chain.states
        return states

    def _emissions(self, scores: Sequence[np.ndarray], columns: Sequence[np.ndarray]) -> np.ndarray:
        """(frames, utterances, positions), -inf where there is no position."""
        shape = (self.lengths.max(), len(scores), self.width)
        emissions = np.full(shape, -np.inf, dtype=np.float32)
        for i, (score, own) in enumerate(zip(scores, columns, strict=True)):
            emissions[: len(score), i, : len(own)] = score[:, own]
        return emissions

    def _entries(self) -> tuple[np.ndarray, np.ndarray]:
        """Where to begin, 0 or -inf (utterances, positions); the position before (chains, positions, how)."""
        hows = JUMP + max(len(before) for chain in self.chains for before in chain.predecessors)
        begin = np.zeros(self.states.shape, dtype=bool)
        table = np.full((*self.states.shape, hows), -1)
        for i, chain in enumerate(self.chains):
            for position, before in enumerate(chain.predecessors):
                shortcuts = [earlier for earlier in before if earlier not in (BEGINNING, position - 1)]
                begin[i, position] = BEGINNING in before
                table[i, position, 0] = position
                table[i, position, 1] = position - 1 if position and position - 1 in before else -1
                table[i, position, JUMP : JUMP + len(shortcuts)] = shortcuts
        return _allowed(begin)[self.which], table

    def _jumps(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The shortcuts (to, from) as indices into (utterances * positions,), no target twice in one."""
        shortcuts = self.before[self.which, :, JUMP:]  # (utterances, positions, ranks)
        found = [np.nonzero(shortcuts[:, :, rank] >= 0) for rank in range(shortcuts.shape[2])]
        return [
            (rows * self.width + places, rows * self.width + shortcuts[rows, places, rank])
            for rank, (rows, places) in enumerate(found)
            if len(rows)
        ]

    def paths(self) -> list[Alignment]:
        """The best way through each utterance."""
        entered = np.zeros(self.emissions.shape, dtype=np.uint8)
        score = self.begin + self.emissions[0]
        totals = np.full_like(score, -np.inf)
        self._note_ends(0, score, totals)
        for frame in range(1, len(self.emissions)):
            score = self._step(score, entered[frame]) + self.emissions[frame]
            self._note_ends(frame, score, totals)
        return self._traced(totals, entered)

    def _note_ends(self, frame: int, score: np.ndarray, totals: np.ndarray) -> None:
        first, last = np.searchsorted(self.lengths, [frame + 1, frame + 2])
        if first < last:
            totals[first:last] = score[first:last] + self.leave[first:last]

    def _step(self, score: np.ndarray, entered: np.ndarray) -> np.ndarray:
        """Best score of entering each position, noting in `entered` how; both (utterances, positions)."""
        left = score + self.leave
        best = score + self.stay
        advanced = self.advance[:, 1:] + left[:, :-1]
        np.greater(advanced, best[:, 1:], out=entered[:, 1:], casting="unsafe")
        np.maximum(best[:, 1:], advanced, out=best[:, 1:])
        flat, how = best.reshape(-1), entered.reshape(-1)
        for rank, (to, source) in enumerate(self.jumps):
            jumped = left.reshape(-1)[source]
            better = jumped > flat[to]
            flat[to[better]] = jumped[better]
            how[to[better]] = JUMP + rank
        return best

    def _traced(self, totals: np.ndarray, entered: np.ndarray) -> list[Alignment]:
        """Follow how positions were entered back from the best end of each utterance, all at once."""
        place = (totals + _allowed(self._ends())[self.which]).argmax(axis=1)
        best = totals[np.arange(len(place)), place].tolist()
        places = np.zeros(entered.shape[:2], dtype=int)  # (frames, utterances)
        for frame in range(len(entered) - 1, -1, -1):
            places[frame] = place
            first = np.searchsorted(self.lengths, frame, side="right")  # sorted: these have ended before
            rows = np.arange(first, len(place))
            how = entered[frame, rows, place[first:]]
            place[first:] = self.before[self.which[first:], place[first:], how]
        places = np.ascontiguousarray(places.T)
        states = np.take_along_axis(self.states[self.which], places, axis=1)
        return [
            Alignment(positions[:length], passed[:length], total)
            for positions, passed, length, total in zip(
                places, states, self.lengths.tolist(), best, strict=True
            )
        ]

    def _ends(self) -> np.ndarray:
        """Where each chain may end, (chains, positions)."""
        ends = np.zeros(self.states.shape, dtype=bool)
        for row, chain in zip(ends, self.chains, strict=True):
            row[list(chain.last)] = True
        return ends


def _allowed(open_: np.ndarray) -> np.ndarray:
    """True -> log probability 0, False -> minus infinity, float32."""
    return np.where(open_, np.float32(0), np.float32(-np.inf))
