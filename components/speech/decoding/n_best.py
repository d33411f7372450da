"""A graph and the state scores of one utterance -> the likeliest sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from operator import itemgetter

import kaldifst
import numpy as np
from kaldi_decoder import DecodableCtc, LatticeSimpleDecoder, LatticeSimpleDecoderConfig

from components.speech.decoding.search import WIDER, Graph

# How much dearer than the best a sentence may be: 8 is 3,000 times less likely
LATTICE_BEAMS = (8.0, 16.0, 32.0)
ENOUGH = 9  # others, to look no further: dearer ones hardly share in the probability
ROUNDING = 1e-2  # of a lattice's costs, which are float32

Arc = tuple[int, int, float]  # to which state, word label (0 for none), cost
Begun = dict[tuple[int, ...], float]  # word labels so far -> cost


@dataclass(frozen=True)
class Sentence:
    """words: what may have been said. cost: minus the weighted log probability of its best path."""

    words: tuple[str, ...]
    cost: float

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(self.words)


def n_best(
    graph: Graph,
    log_likelihoods: np.ndarray,
    n: int,
    beam: float = 16.0,
    acoustic_scale: float = 1.0,
    lattice_beams: Sequence[float] = LATTICE_BEAMS,
) -> list[Sentence]:
    """Scores float32 (frames, columns) -> at most n different sentences, the likeliest first.

    beam and acoustic_scale are those of Graph.decode, whose answer is the first sentence: without words and
    of infinite cost if no path survives. A sentence that is cheaper than the first is left out: it is there
    only if the beam of Graph.decode lost it. There are fewer than n where no other comes near the first.
    lattice_beams: how much dearer others may be, tried in order until there are enough.
    They come out of a lattice, in which a sentence has many paths; its cost is that of the best of them.
    Raises ValueError for n below 1 and what Graph.decode raises.
    Source: Povey et al. (2012), Generating exact lattices in the WFST framework; Chow and Schwartz (1989),
    The N-best algorithm.
    """
    if n < 1:
        raise ValueError(f"n_best expected n of at least 1, got {n}; n=10 shows the likeliest few.")
    path = graph.decode(log_likelihoods, beam, acoustic_scale)
    first = Sentence(tuple(path.words), path.cost)
    if n == 1 or not path.reached_final:
        return [first]
    scores = np.asarray(log_likelihoods, dtype=np.float32) * np.float32(acoustic_scale)
    for lattice_beam in lattice_beams:
        lattice = _lattice(graph, scores, beam, lattice_beam)
        found = _sentences(lattice, graph.words, n + 1, lattice_beam)
        dearer = [one for one in found if one.words != first.words and one.cost > first.cost - ROUNDING]
        if len(dearer) >= min(n - 1, ENOUGH):
            break
    return [first, *(Sentence(one.words, max(one.cost, first.cost)) for one in dearer)][:n]


def _lattice(graph: Graph, scores: np.ndarray, beam: float, lattice_beam: float) -> kaldifst.Lattice:
    """The paths that come near the best; with a wider beam where none reaches an end, as in Graph.decode."""
    for width in (1, WIDER, WIDER**2):
        settings = LatticeSimpleDecoderConfig(max(beam, lattice_beam) * width, lattice_beam)
        decoder = LatticeSimpleDecoder(graph.fst, settings)
        decoder.decode(DecodableCtc(np.ascontiguousarray(scores)))
        if np.isfinite(decoder.final_relative_cost()):
            break
    return decoder.get_raw_lattice()[1]


def _sentences(lattice: kaldifst.Lattice, words: Sequence[str], n: int, within: float) -> list[Sentence]:
    """A lattice -> the n cheapest of its sentences, none dearer than the best by more than `within`.

    Every state, in an order that follows the arcs, keeps the n cheapest beginnings that lead to it: no other
    beginning can be part of the n cheapest sentences. Work grows with arcs times n, whatever the lattice.
    """
    arcs, ends = _read(lattice, words)
    order = list(TopologicalSorter({state: {to for to, *_ in arcs[state]} for state in arcs}).static_order())
    ahead = dict.fromkeys(order, np.inf)  # cost of the best way on from each state
    for state in order:
        costs = [cost + ahead[to] for to, _, cost in arcs[state]]
        ahead[state] = min([*costs, ends.get(state, np.inf)])
    most = ahead[lattice.start] + within
    begun: dict[int, Begun] = {state: {} for state in order}
    begun[lattice.start] = {(): 0.0}
    found: Begun = {}
    for state in reversed(order):
        kept = begun.pop(state)
        if len(kept) > n:
            kept = dict(sorted(kept.items(), key=itemgetter(1))[:n])
        for to, word, cost in arcs[state]:
            _carry(kept, begun[to], word, cost, most - ahead[to])
        if state in ends:
            _carry(kept, found, 0, ends[state], most)
    cheapest = sorted(found.items(), key=itemgetter(1))[:n]
    return [Sentence(tuple(words[label] for label in labels), cost) for labels, cost in cheapest]


def _carry(kept: Begun, into: Begun, word: int, cost: float, most: float) -> None:
    """Beginnings kept at one state -> into those of the next, if they cost no more than `most` there."""
    for labels, before in kept.items():
        total = before + cost
        if total <= most:
            longer = (*labels, word) if word else labels
            if total < into.get(longer, np.inf):
                into[longer] = total


def _read(lattice: kaldifst.Lattice, words: Sequence[str]) -> tuple[dict[int, list[Arc]], dict[int, float]]:
    """A lattice -> the arcs of each state (to, word label, cost), and the costs of ending in a state."""
    arcs: dict[int, list[Arc]] = {state: [] for state in range(lattice.num_states)}
    ends: dict[int, float] = {}
    for line in lattice.to_str(show_weight_one=True).splitlines():  # its arcs have no other door
        *arc, weight = line.split()
        cost = sum(map(float, weight.split(",")))
        if len(arc) == 4:
            word = int(arc[3]) % len(words)  # without the kind of mark, see Graph
            arcs[int(arc[0])].append((int(arc[1]), word, cost))
        else:
            ends[int(arc[0])] = cost
    return arcs, ends
