"""A graph and the state scores of one utterance -> the likeliest sentences, and how sure each word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import kaldifst
import numpy as np
from kaldi_decoder import DecodableCtc, LatticeSimpleDecoder, LatticeSimpleDecoderConfig

from components.decoding.search import WIDER, Graph
from components.decoding.transducers import write_fst
from components.scoring import word_pairs

# How much dearer than the best a sentence may be: 8 is 3,000 times less likely, 16 nine million times
LATTICE_BEAMS = (8.0, 16.0)
ROUNDING = 1e-2  # of a lattice's costs, which are float32


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
    graph: Graph, log_likelihoods: np.ndarray, n: int, beam: float = 16.0, acoustic_scale: float = 1.0
) -> list[Sentence]:
    """Scores float32 (frames, columns) -> at most n different sentences, the likeliest first.

    beam and acoustic_scale are those of Graph.decode, whose answer is the first sentence: without words and
    of infinite cost if no path survives. A sentence that is cheaper than the first is left out: it is there
    only if the beam of Graph.decode lost it. There are fewer than n where no other comes near the first.
    Every path of a lattice is folded into its sentence by determinisation, then the n shortest are taken.
    Raises ValueError for n below 1 and what Graph.decode raises.
    Source: Povey et al. (2012), Generating exact lattices in the WFST framework.
    """
    if n < 1:
        raise ValueError(f"n_best wanted n of at least 1, got {n}; n=10 shows the likeliest few.")
    path = graph.decode(log_likelihoods, beam, acoustic_scale)
    first = Sentence(tuple(path.words), path.cost)
    if not path.reached_final:
        return [first]
    scores = np.asarray(log_likelihoods, dtype=np.float32) * np.float32(acoustic_scale)
    for lattice_beam in LATTICE_BEAMS:
        lattice = _lattice(graph, scores, beam, lattice_beam)
        found = _shortest(_sentences(lattice, graph.words), n + 1, graph.words)
        dearer = [one for one in found if one.words != first.words and one.cost > first.cost - ROUNDING]
        if len(dearer) >= n - 1:
            break
    return [first, *(Sentence(one.words, max(one.cost, first.cost)) for one in dearer)][:n]


def confidences(sentences: Sequence[Sentence]) -> list[float]:
    """The likeliest sentences -> for each word of the first, the share of probability that agrees, 0 to 1.

    The sentences share one unit of probability by their costs. A word's confidence is the sum over those
    that, aligned with the first by edit distance, have the same word in its place.
    Source: Rueber (1997), Obtaining confidence measures from sentence probabilities.
    """
    first, costs = sentences[0], np.array([sentence.cost for sentence in sentences])
    if not first.words:
        return []
    shares = np.exp(costs[0] - costs)
    agreed = np.zeros(len(first.words))
    for sentence, share in zip(sentences, shares / shares.sum(), strict=True):
        pairs = [pair for pair in word_pairs(first.text, sentence.text) if pair[0]]
        agreed += share * np.array([said == other for said, other in pairs])
    return np.minimum(agreed, 1.0).tolist()


def _lattice(graph: Graph, scores: np.ndarray, beam: float, lattice_beam: float) -> kaldifst.Lattice:
    """The paths that come near the best; with a wider beam where none reaches an end, as in Graph.decode."""
    for width in (1, WIDER, WIDER**2):
        settings = LatticeSimpleDecoderConfig(beam=beam * width, lattice_beam=lattice_beam)
        decoder = LatticeSimpleDecoder(graph.fst, settings)
        decoder.decode(DecodableCtc(np.ascontiguousarray(scores)))
        if np.isfinite(decoder.final_relative_cost()):
            break
    return decoder.get_raw_lattice()[1]


def _sentences(lattice: kaldifst.Lattice, words: Sequence[str]) -> kaldifst.StdVectorFst:
    """A lattice -> acceptor of its sentences, each on one path, as cheap as the best of its paths."""
    arcs, weights, finals = [], [], []
    for line in lattice.to_str(show_weight_one=True).splitlines():  # its arcs have no other door
        *arc, weight = line.split()
        cost = sum(map(float, weight.split(",")))
        if len(arc) == 4:
            word = int(arc[3]) % len(words)  # without the kind of mark, see Graph
            arcs.append((int(arc[0]), int(arc[1]), word, word))
            weights.append(cost)
        else:
            finals.append((int(arc[0]), cost))
    fst = write_fst(np.array(arcs), np.array(weights), np.array(finals))
    fst.start = lattice.start
    kaldifst.determinize_star(fst)
    return fst


def _shortest(fst: kaldifst.StdVectorFst, n: int, words: Sequence[str]) -> list[Sentence]:
    """Acceptor of sentences -> the n cheapest, in order."""
    linear = kaldifst.convert_nbest_to_vector(kaldifst.shortest_path(fst, n=n))
    read = [kaldifst.get_linear_symbol_sequence(one) for one in linear]
    found = [Sentence(tuple(words[label] for label in labels), weight.value) for _, _, labels, weight in read]
    return sorted(found, key=lambda sentence: sentence.cost)
