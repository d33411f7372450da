"""Lattices: the same paths by either search, and never more arcs than allowed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.decoding import lattice, token_passing
from components.speech.decoding.graph import hmm_graph
from components.speech.decoding.lattice import MOST_ARCS, find_lattice
from components.speech.decoding.n_best import n_best
from tests.speech.decoding.dense import network_scores, sentences_of, spelled_graph, words_of
from tests.speech.decoding.every_sentence import STATES, TOLERANCE, lexicons, random_model


@pytest.fixture(scope="module")
def texts():
    return sentences_of(words_of(300), 500)


MOST = 20  # sentences in a list


@pytest.fixture(scope="module")
def graph(texts):
    return spelled_graph(words_of(300), texts)


def costs(of_words):
    return {words: pytest.approx(cost, abs=2 * TOLERANCE) for words, cost in of_words.items()}


def better_than_last(hypotheses):
    """A list's sentences and costs without those as good as its last, of which a full list has only some."""
    last = max(one.cost for one in hypotheses) if len(hypotheses) == MOST else np.inf
    return {one.words: one.cost for one in hypotheses if one.cost < last - 2 * TOLERANCE}


@settings(max_examples=25, deadline=None)
@given(lexicons, st.integers(1, 6), st.integers(0, 9999))
def test_either_search_finds_the_same_sentences(lexicon, frames, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(frames, 5)).astype(np.float32)
    stay = np.log(rng.uniform(0.1, 0.9, size=5))
    graph = hmm_graph(STATES, stay, lexicon, random_model(rng, 2))
    by_kaldi = n_best(graph, scores, MOST, 64.0, lattice_beams=(16.0,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice, "_arcs_of", lambda found: np.inf)
        by_tokens = n_best(graph, scores, MOST, 64.0, lattice_beams=(16.0,))
    assert better_than_last(by_tokens) == costs(better_than_last(by_kaldi))
    assert by_tokens.beam == np.inf


@pytest.mark.parametrize("sharpness", [2.0, 0.0, None])
def test_a_poor_network_fills_a_lattice_and_no_more(graph, texts, sharpness):
    scores = network_scores(texts, 100, sharpness)
    assert graph.tokens.is_cut(scores, 16.0)
    found = find_lattice(graph, scores, 16.0, 16.0)
    assert 1000 < found.size <= MOST_ARCS
    assert find_lattice(graph, scores, 16.0, 16.0).arcs == found.arcs


def test_a_good_network_is_searched_without_a_limit(graph, texts, monkeypatch):
    monkeypatch.delattr("components.speech.decoding.lattice._by_tokens")
    scores = network_scores(texts, 150, 12.0)
    assert not graph.tokens.is_cut(scores, 16.0)
    assert find_lattice(graph, scores, 16.0, 16.0).beam == 16.0


def test_a_lattice_that_is_cut_has_the_best_paths_and_says_how_far(graph, texts, monkeypatch):
    scores = network_scores(texts, 150, 2.0)
    whole = n_best(graph, scores, 9, lattice_beams=(16.0,))
    monkeypatch.setattr("components.speech.decoding.n_best.MOST_PREFIXES", 20_000)
    cut = n_best(graph, scores, 9, lattice_beams=(16.0,))
    assert whole.beam == np.inf and 0 < cut.beam < 16
    inside = [one for one in whole if one.cost < whole[0].cost + cut.beam - TOLERANCE]
    found = {one.words: one.cost for one in cut[: len(inside)]}
    assert len(inside) > 1 and found == costs({one.words: one.cost for one in inside})


def test_frames_have_no_more_links_than_allowed(graph, texts, monkeypatch):
    monkeypatch.setattr(token_passing, "MOST_LINKS", 500)
    frames = list(graph.tokens.frames(network_scores(texts, 60, 0.5), 16.0))
    assert len(frames) == 61 and any(frame.cut for frame in frames)
    assert max(len(frame.reading.sources) for frame in frames) <= 500
    assert graph.tokens.most_links(60) == 30_000


def test_long_utterances_have_fewer_links_a_frame(graph):
    assert graph.tokens.most_links(400) == 400 * 10_000
    assert graph.tokens.most_links(40_000) == 40_000 * 100
