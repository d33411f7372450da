"""Search graph and scores -> lattice: the paths near the best, as a graph of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import kaldifst
import numpy as np
from kaldi_decoder import DecodableCtc, LatticeSimpleDecoder, LatticeSimpleDecoderConfig

from components.speech.decoding.search import WIDER, Graph
from components.speech.decoding.token_passing import Frame, Links

MOST_ARCS = 100_000  # of a lattice; those of small grammars have up to 55,000

Arc = tuple[int, int, float]  # to which state, word label (0 for none), cost


@dataclass(frozen=True, eq=False)
class Lattice:
    """Paths near the best of an utterance.

    arcs : {state: its arcs}. ends : {final state: cost}. start : the first state. beam : most by which the
    cost of a path may exceed the best.
    """

    arcs: dict[int, list[Arc]]
    ends: dict[int, float]
    start: int
    beam: float

    @property
    def size(self) -> int:
        """Number of arcs."""
        return sum(map(len, self.arcs.values()))


def find_lattice(
    graph: Graph, scores: np.ndarray, beam: float, lattice_beam: float, most_arcs: int = MOST_ARCS
) -> Lattice | None:
    """Scaled scores float32 (frames, columns) -> a lattice of at most most_arcs arcs; None if no path ends.

    beam : of the search; it is widened as in Graph.decode where no path ends.
    lattice_beam : of the lattice; it shrinks where more arcs than most_arcs are within it.

    The search is Kaldi's, which has no limit of its own, unless it would pass one of TokenPassing's: then it
    is that. Whether it does is a matter of counts: the same graph and scores give the same lattice on every
    machine.
    """
    for width in (1, WIDER, WIDER**2):
        wide = max(beam, lattice_beam) * width
        found = None
        if not graph.tokens.is_cut(scores, wide):
            found = _by_kaldi(graph, scores, wide, lattice_beam)
            if found is None:
                continue
            if _arcs_of(found) <= most_arcs:
                return _read(found, graph.words, lattice_beam)
        lattice = _by_tokens(graph, scores, wide, lattice_beam, most_arcs)
        if lattice is not None:
            return lattice
    return None


def _by_kaldi(graph: Graph, scores: np.ndarray, beam: float, lattice_beam: float) -> kaldifst.Lattice | None:
    decoder = LatticeSimpleDecoder(graph.fst, LatticeSimpleDecoderConfig(beam, lattice_beam))
    decoder.decode(DecodableCtc(np.ascontiguousarray(scores)))
    return decoder.get_raw_lattice()[1] if np.isfinite(decoder.final_relative_cost()) else None


def _arcs_of(lattice: kaldifst.Lattice) -> int:
    return sum(map(lattice.num_arcs, range(lattice.num_states)))


def _read(lattice: kaldifst.Lattice, words: Sequence[str], beam: float) -> Lattice:
    arcs: dict[int, list[Arc]] = {state: [] for state in range(lattice.num_states)}
    ends: dict[int, float] = {}
    for line in lattice.to_str(
        show_weight_one=True
    ).splitlines():  # kaldifst gives no other access to its arcs
        *arc, weight = line.split()
        cost = sum(map(float, weight.split(",")))
        if len(arc) == 4:
            word = int(arc[3]) % len(words)  # without the kind of output label, see Graph
            arcs[int(arc[0])].append((int(arc[1]), word, cost))
        else:
            ends[int(arc[0])] = cost
    return Lattice(arcs, ends, lattice.start, beam)


def _by_tokens(
    graph: Graph, scores: np.ndarray, beam: float, lattice_beam: float, most_arcs: int
) -> Lattice | None:
    """The lattice by a search that keeps at most so many links; None if no path ends."""
    frames = list(graph.tokens.frames(scores, beam))
    finals = graph.tokens.finals[frames[-1].states]
    best = (frames[-1].costs + finals).min(initial=np.inf)
    if not np.isfinite(best):
        return None
    links, excess = _within(frames, finals, best, lattice_beam)
    if len(excess) > most_arcs:
        lattice_beam = float(np.partition(excess, most_arcs)[most_arcs])
        links = links[:, excess < lattice_beam]
    first = sum(len(frame.states) for frame in frames[:-1])
    ends = {first + int(place): float(finals[place]) for place in np.flatnonzero(np.isfinite(finals))}
    start = int(np.searchsorted(frames[0].states, 0))
    return _lattice(links, ends, start, len(graph.words), lattice_beam)


def _within(
    frames: Sequence[Frame], finals: np.ndarray, best: float, beam: float
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens -> links (4: source target label cost, links) on paths within the beam, tokens numbered
    throughout; and by how much the best path over each exceeds the best of all, (links,)."""
    ahead, found = finals, []
    firsts = list(accumulate((len(frame.states) for frame in frames), initial=0))
    for number in range(len(frames) - 1, -1, -1):
        frame = frames[number]
        ahead = _passed_back(ahead, frame.silent)
        found.append(_near(frame.silent, frame.costs, ahead, best + beam, firsts[number], firsts[number]))
        if number:
            before = frames[number - 1]
            found.append(
                _near(frame.reading, before.costs, ahead, best + beam, firsts[number - 1], firsts[number])
            )
            behind = np.full(len(before.states), np.inf)
            np.minimum.at(behind, frame.reading.sources, frame.reading.costs + ahead[frame.reading.targets])
            ahead = behind
    links = np.concatenate(found, axis=1)
    return links[:4], links[4] - best


def _passed_back(ahead: np.ndarray, silent: Links) -> np.ndarray:
    """Costs from tokens to the end (tokens,) -> the same where links may be taken first."""
    while True:
        passed = ahead.copy()
        np.minimum.at(passed, silent.sources, silent.costs + ahead[silent.targets])
        if np.array_equal(passed, ahead):
            return ahead
        ahead = passed


def _near(
    links: Links, behind: np.ndarray, ahead: np.ndarray, most: float, first: int, target_first: int
) -> np.ndarray:
    """Links, costs to their sources and from their targets -> (5, links) of those on paths of at most `most`:
    source, target, label, cost, cost of the path."""
    totals = behind[links.sources] + links.costs + ahead[links.targets]
    near = np.flatnonzero(totals <= most)
    ends = links.sources[near] + first, links.targets[near] + target_first
    return np.stack([*ends, links.labels[near], links.costs[near], totals[near]])


def _lattice(links: np.ndarray, ends: dict[int, float], start: int, words: int, beam: float) -> Lattice:
    sources, targets, labels = links[:3].astype(int)
    arcs: dict[int, list[Arc]] = {state: [] for state in {start, *sources.tolist(), *targets.tolist()}}
    columns = sources.tolist(), targets.tolist(), (labels % words).tolist(), links[3].tolist()
    for source, target, word, cost in zip(*columns, strict=True):
        arcs[source].append((target, word, cost))
    return Lattice(arcs, {state: cost for state, cost in ends.items() if state in arcs}, start, beam)
