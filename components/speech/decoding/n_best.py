"""Search graph and state scores of one utterance -> its n-best list of sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from components.speech.decoding.lattice import Lattice, find_lattice
from components.speech.decoding.search import Graph

# Beams of the lattice: a sentence at 8 is 3,000 times less likely than the best one
LATTICE_BEAMS = (8.0, 16.0, 32.0)
ENOUGH = 9  # alternatives after which no wider beam is tried: the next ones have little probability
MOST_PREFIXES = 10_000_000  # arcs of a lattice times n: about three seconds on one core
BEAM_SHARES = (0.125, 0.25, 0.5, 1.0)  # of a lattice's beam, tried until enough sentences are within
ROUNDING = 1e-2  # of a lattice's costs, which are float32

Prefixes = dict[tuple[int, ...], float]  # word labels so far -> cost


@dataclass(frozen=True)
class Sentence:
    """A hypothesis: its words, and cost, minus the weighted log probability of its best path."""

    words: tuple[str, ...]
    cost: float

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(self.words)


class NBest(list[Sentence]):
    """Different sentences, the likeliest first.

    beam: of the lattice, where it had to shrink: of sentences that cost more than that above the first, all
    or some are missing. Else infinity.
    """

    def __init__(self, sentences: Iterable[Sentence], beam: float = math.inf) -> None:
        super().__init__(sentences)
        self.beam = beam


def n_best(
    graph: Graph,
    log_likelihoods: np.ndarray,
    n: int,
    beam: float = 16.0,
    acoustic_scale: float = 1.0,
    lattice_beams: Sequence[float] = LATTICE_BEAMS,
) -> NBest:
    """Scores float32 (frames, columns) -> at most n different sentences, the likeliest first.

    The first sentence is the result of Graph.decode: without words and of infinite cost if no path survives.
    The others come from a lattice, where a sentence has many paths and the cost of the best of them. Cheaper
    ones than the first, which the beam of Graph.decode lost, are left out. Time and memory are bounded, as
    are the lattice's (see find_lattice): where a poor network makes too many sentences likely, the list's
    beam is lower than those asked for.

    Parameters
    ----------
    graph : the search graph.
    log_likelihoods : float32 (frames, columns).
    n : most sentences; there are fewer where the lattice has no more.
    beam, acoustic_scale : as of Graph.decode.
    lattice_beams : most by which the cost of a sentence may exceed the best, tried until there are enough.

    Raises ValueError for n below 1 and what Graph.decode raises.
    Source: Povey et al. (2012), Generating exact lattices in the WFST framework; Chow and Schwartz (1989),
    The N-best algorithm.
    """
    if n < 1:
        raise ValueError(f"n_best expected n of at least 1, got {n}; n=10 shows the likeliest few.")
    path = graph.decode(log_likelihoods, beam, acoustic_scale)
    first = Sentence(tuple(path.words), path.cost)
    if n == 1 or not path.reached_final:
        return NBest([first])
    scores = np.asarray(log_likelihoods, dtype=np.float32) * np.float32(acoustic_scale)
    others, reached = [], math.inf
    for lattice_beam in lattice_beams:
        lattice = find_lattice(graph, scores, beam, lattice_beam, MOST_PREFIXES // (n + 1))
        if lattice is None or lattice.beam < lattice_beam:
            reached = lattice.beam if lattice else 0.0
        if lattice is None:
            break
        sentences = _sentences(lattice, graph.words, n + 1)
        others = [
            sentence
            for sentence in sentences
            if sentence.words != first.words and sentence.cost > first.cost - ROUNDING
        ]
        if len(others) >= min(n - 1, ENOUGH) or reached < math.inf:
            break
    others = [Sentence(sentence.words, max(sentence.cost, first.cost)) for sentence in others]
    return NBest([first, *others][:n], reached)


def _sentences(lattice: Lattice, words: Sequence[str], n: int) -> list[Sentence]:
    """Lattice -> the n cheapest of its sentences, none above the cheapest by more than its beam.

    They are looked for within a narrow beam first: in a dense lattice n sentences are much nearer to the
    cheapest than its beam, and few prefixes are.
    """
    order = _in_order(lattice)
    ahead = _costs_ahead(lattice, order)
    for share in BEAM_SHARES:
        most = ahead[lattice.start] + share * lattice.beam
        complete = _complete(lattice, order, ahead, most, n)
        if len(complete) >= n:
            break
    cheapest = sorted(complete.items(), key=itemgetter(1))[:n]
    return [Sentence(tuple(words[label] for label in labels), cost) for labels, cost in cheapest]


def _in_order(lattice: Lattice) -> list[int]:
    """The states of a lattice, each before those that its arcs enter.

    Source: Kahn (1962), Topological sorting of large networks.
    """
    waiting = Counter(to for arcs in lattice.arcs.values() for to, *_ in arcs)
    order = [state for state in lattice.arcs if not waiting[state]]
    for state in order:  # which grows meanwhile
        for to, *_ in lattice.arcs[state]:
            waiting[to] -= 1
            if not waiting[to]:
                order.append(to)
    return order


def _costs_ahead(lattice: Lattice, order: Sequence[int]) -> dict[int, float]:
    """States in order -> cost of the best path onward from each."""
    ahead = dict.fromkeys(order, math.inf)
    for state in reversed(order):
        costs = [cost + ahead[to] for to, _, cost in lattice.arcs[state]]
        ahead[state] = min([*costs, lattice.ends.get(state, math.inf)])
    return ahead


def _complete(
    lattice: Lattice, order: Sequence[int], ahead: dict[int, float], most: float, n: int
) -> Prefixes:
    """Sentences that cost at most `most`, the n cheapest of them if there are so many, and their costs.

    Each state, in order, keeps the n cheapest prefixes that lead to it: no other prefix can be part of the n
    cheapest sentences. The work is in O(arcs * n).
    """
    prefixes: dict[int, Prefixes] = {lattice.start: {(): 0.0}}
    complete: Prefixes = {}
    for state in order:
        own = prefixes.pop(state, None)
        if not own:
            continue
        if len(own) > n:
            own = dict(sorted(own.items(), key=itemgetter(1))[:n])
        least = min(own.values())
        for to, word, cost in lattice.arcs[state]:
            if least + cost <= most - ahead[to]:
                _extend(own, prefixes.setdefault(to, {}), word, cost, most - ahead[to])
        if state in lattice.ends:
            _extend(own, complete, 0, lattice.ends[state], most)
    return complete


def _extend(prefixes: Prefixes, target: Prefixes, word: int, cost: float, most: float) -> None:
    """Add the prefixes of one state, extended by an arc, to those of the next, at most at cost `most`."""
    for labels, so_far in prefixes.items():
        total = so_far + cost
        if total <= most:
            extended = (*labels, word) if word else labels
            if total < target.get(extended, np.inf):
                target[extended] = total
