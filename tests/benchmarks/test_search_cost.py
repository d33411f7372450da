"""What searching costs, by the number of words and by how poor the network is.

    python -m pytest -m benchmark -s tests/benchmarks/test_search_cost.py

Spelled words, frequencies Zipf's, a trigram model of 2,000 sentences, 200 rows (4 s of speech). `sharpness`:
how far the logit of what is said stands above noise of deviation 1; none is a uniform network. Seconds of the
processor, one thread; memory is what the process's highest point rises by.
"""

import resource
import time

import pytest
from rich.console import Console

from components.speech.decoding.confidence import SENTENCES
from components.speech.decoding.lattice import find_lattice
from components.speech.decoding.n_best import n_best
from tests.speech.decoding.dense import network_scores, sentences_of, spelled_graph, words_of

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

ROWS, SECONDS_OF_SPEECH = 200, 4.0
SHARPNESS = [12.0, 4.0, 2.0, 1.0, 0.0, None]
SLOWEST_SEARCH, SLOWEST_LIST = 1.0, 3.0  # times as long as the speech
MOST_GIGABYTES = 0.5  # of lattices, beside the graph


def spent(work):
    """Processor seconds and rise of the highest memory in GB of some work, and what it returned."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = work()
    rise = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return time.process_time() - began, rise / 1e6, found


@pytest.mark.parametrize("size", [10, 100, 1000, 20_000])
def test_no_search_explodes(size):
    words = words_of(size)
    texts = sentences_of(words, 2000)
    building, grown, graph = spent(lambda: spelled_graph(words, texts))
    arcs = len(graph.tokens.reading.targets)
    print(f"\n{size:,} words: {arcs:,} arcs, built in {building:.1f} s and {grown:.2f} GB")
    for sharpness in SHARPNESS:
        scores = network_scores(texts, ROWS, sharpness)
        searching, _, _ = spent(lambda scores=scores: graph.decode(scores))
        listing, rise, found = spent(
            lambda scores=scores: n_best(graph, scores, SENTENCES, lattice_beams=(16.0,))
        )
        lattice = find_lattice(graph, scores, 16.0, 16.0)
        factors = searching / SECONDS_OF_SPEECH, listing / SECONDS_OF_SPEECH
        row = [f"{size:,}", "none" if sharpness is None else sharpness, *(f"{one:.2f}" for one in factors)]
        row += [f"{lattice.size:,}", f"{lattice.beam:.1f}", len(found), f"{rise:.2f}"]
        Console().print("| " + " | ".join(map(str, row)) + " |", soft_wrap=True)
        assert factors[0] < SLOWEST_SEARCH and factors[1] < SLOWEST_LIST and rise < MOST_GIGABYTES
