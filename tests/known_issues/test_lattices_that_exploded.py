"""`mel-ctc` on 2,494 sentences spent fifteen minutes and 7.4 GB on n-best lists, to calibrate confidences.

A poor network's lattices are dense, and nothing limited them.
"""

import resource
import time

import pytest

from components.speech.decoding.confidence import SENTENCES, sentence_votes
from components.speech.decoding.n_best import n_best
from tests.speech.decoding.dense import network_scores, sentences_of, spelled_graph, words_of

SECONDS, KILOBYTES = 20, 400_000  # of one n-best list: 2 s and 100 MB on a slow machine


@pytest.fixture(scope="module")
def texts():
    return sentences_of(words_of(500), 500)


@pytest.fixture(scope="module")
def graph(texts):
    return spelled_graph(words_of(500), texts)


@pytest.mark.parametrize("sharpness", [0.5, None])
def test_an_n_best_list_of_a_network_that_has_learned_little_is_soon_made(graph, texts, sharpness):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = n_best(graph, network_scores(texts, 200, sharpness), SENTENCES, lattice_beams=(16.0,))
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < KILOBYTES
    assert len(found) > 1 and found.beam < 16.0


def test_a_network_that_has_learned_nothing_is_sure_of_no_word(graph, texts):
    found = n_best(graph, network_scores(texts, 100, None), SENTENCES, lattice_beams=(16.0,))
    assert sentence_votes(found, 16.0).posteriors().max(initial=0) < 0.9
