"""Forced alignment: frames of many utterances at once become the states of their transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.decoding.chain import BEGINNING, Chain

TOGETHER = 128  # utterances per block: their scores of one frame stay in the processor's cache
JUMP = 2  # how a position was entered: 0 stayed, 1 from the one before, JUMP + n by the nth shortcut into it


@dataclass(frozen=True, eq=False)
class Alignment:
    """positions, states: int (frames,), place in the chain and score column. log_likelihood: of this path."""

    positions: np.ndarray
    states: np.ndarray
    log_likelihood: float


def align(scores: Sequence[np.ndarray], chains: Sequence[Chain], stay: np.ndarray) -> list[np.ndarray]:
    """Scores (frames, states) and chains, one each per utterance, become the best state ids (frames,).

    As best_alignments, which see, keeping the states alone.
    """
    return [found.states for found in best_alignments(scores, chains, stay)]


def best_alignments(
    scores: Sequence[np.ndarray], chains: Sequence[Chain], stay: np.ndarray
) -> list[Alignment]:
    """Log likelihoods (frames, states) and chains, one each per utterance, become best paths.

    stay: (states,) log probability of the self-loop; leaving, also at the end, has log(1 - exp(stay)).
    The costs are those of hmm_graph, less its language model and its choice of silence.
    Raises ValueError for a chain longer than its frames, and where every way has probability zero.
    Source: Viterbi (1967); Rabiner (1989).
    """
    for index, (score, chain) in enumerate(zip(scores, chains, strict=True)):
        if chain.shortest > len(score):
            raise ValueError(
                f"align cannot fit utterance {index}: wanted at least {chain.shortest} frames, one for each "
                f"state of its shortest pronunciation, got {len(score)}; leave it out, or use fewer states "
                "per phone."
            )
    stay = np.asarray(stay, dtype=np.float32)
    leave = np.log1p(-np.exp(stay))
    order = np.argsort([len(score) for score in scores], kind="stable")
    found: dict[int, Alignment] = {}
    for first in range(0, len(order), TOGETHER):
        block = order[first : first + TOGETHER].tolist()
        paths = _Block([scores[i] for i in block], [chains[i] for i in block], stay, leave).paths()
        found.update(zip(block, paths, strict=True))
    for index, alignment in sorted(found.items()):
        if not np.isfinite(alignment.log_likelihood):
            raise ValueError(
                f"align found no way through utterance {index}: wanted one with finite log likelihood, got "
                f"{alignment.log_likelihood}; look at its scores."
            )
    return [found[index] for index in range(len(scores))]


class _Block:
    """Utterances aligned side by side: arrays padded to (utterances, positions), one loop over frames."""

    def __init__(
        self, scores: Sequence[np.ndarray], chains: Sequence[Chain], stay: np.ndarray, leave: np.ndarray
    ):
        self.chains = chains
        self.lengths = np.array([len(score) for score in scores])
        self.width = max(len(chain.states) for chain in chains)
        self.emissions = self._emissions(scores)
        self.stay, self.leave = self._padded(stay), self._padded(leave)
        self.advance = np.full(self.stay.shape, -np.inf, dtype=np.float32)
        self.begin = np.full(self.stay.shape, -np.inf, dtype=np.float32)
        self.jumps = self._entries()

    def _emissions(self, scores: Sequence[np.ndarray]) -> np.ndarray:
        """(frames, utterances, positions), -inf where there is no position."""
        shape = (self.lengths.max(), len(scores), self.width)
        emissions = np.full(shape, -np.inf, dtype=np.float32)
        for i, (score, chain) in enumerate(zip(scores, self.chains, strict=True)):
            emissions[: len(score), i, : len(chain.states)] = score[:, chain.states]
        return emissions

    def _padded(self, by_state: np.ndarray) -> np.ndarray:
        """Values of states (states,) become values of positions (utterances, positions)."""
        values = np.zeros((len(self.chains), self.width), dtype=np.float32)
        for i, chain in enumerate(self.chains):
            values[i, : len(chain.states)] = by_state[chain.states]
        return values

    def _entries(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Fill begin and advance; return the shortcuts (to, from) as flat indices, no target twice in one."""
        ranks: list[tuple[list[int], list[int]]] = []
        for i, chain in enumerate(self.chains):
            for position, before in enumerate(chain.predecessors):
                rank = 0
                for earlier in before:
                    if earlier == BEGINNING:
                        self.begin[i, position] = 0
                    elif earlier == position - 1:
                        self.advance[i, position] = 0
                    else:
                        if rank == len(ranks):
                            ranks.append(([], []))
                        ranks[rank][0].append(i * self.width + position)
                        ranks[rank][1].append(i * self.width + earlier)
                        rank += 1
        return [(np.array(to), np.array(source)) for to, source in ranks]

    def paths(self) -> list[Alignment]:
        """The best way through each utterance."""
        entered = np.zeros(self.emissions.shape, dtype=np.uint8)
        score = self.begin + self.emissions[0]
        totals = np.full_like(score, -np.inf)
        self._note_ends(0, score, totals)
        for frame in range(1, len(self.emissions)):
            score = self._step(score, entered[frame]) + self.emissions[frame]
            self._note_ends(frame, score, totals)
        return [self._traced(i, totals[i], entered) for i in range(len(self.chains))]

    def _note_ends(self, frame: int, score: np.ndarray, totals: np.ndarray) -> None:
        ending = self.lengths == frame + 1
        totals[ending] = score[ending] + self.leave[ending]

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

    def _traced(self, i: int, total: np.ndarray, entered: np.ndarray) -> Alignment:
        """Follow how positions were entered back from the best end of utterance i."""
        chain = self.chains[i]
        place = max(chain.last, key=lambda position: total[position])
        best = float(total[place])
        positions = np.empty(self.lengths[i], dtype=int)
        how = entered[: self.lengths[i], i].tolist()
        for frame in range(len(positions) - 1, -1, -1):
            positions[frame] = place
            place = _before(chain, place, how[frame][place])
        return Alignment(positions, chain.states[positions], best)


def _before(chain: Chain, place: int, how: int) -> int:
    if how < JUMP:
        return place - how
    shortcuts = [earlier for earlier in chain.predecessors[place] if earlier not in (BEGINNING, place - 1)]
    return shortcuts[how - JUMP]
