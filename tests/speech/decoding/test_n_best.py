"""The likeliest sentences against every sentence, spelled out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.decoding import n_best as module
from components.speech.decoding.graph import hmm_graph
from components.speech.decoding.n_best import Sentence, n_best
from tests.speech.decoding.dense import network_scores, sentences_of, spelled_graph, words_of
from tests.speech.decoding.every_sentence import (
    STATES,
    TOLERANCE,
    acoustic_cost,
    lexicons,
    random_model,
    sentences,
)


@settings(max_examples=25, deadline=None)
@given(lexicons, st.sampled_from([None, 0.3]), st.integers(1, 3), st.integers(1, 4), st.integers(0, 9999))
def test_they_are_the_cheapest_of_all_sentences_in_order(grammar_cost, lexicon, silence, frames, n, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(frames, 5)).astype(np.float32)
    stay = np.log(rng.uniform(0.1, 0.9, size=5))
    lm = random_model(rng, 2)
    graph = hmm_graph(
        STATES, stay, lexicon, lm, silence and "sil", **({"silence_probability": silence} if silence else {})
    )
    hypotheses = n_best(graph, scores, n)
    parts = (scores, stay, lexicon, silence)
    costs = {words: acoustic_cost(words, *parts) + grammar_cost(lm, words) for words in sentences(frames)}
    expected = sorted(cost for cost in costs.values() if math.isfinite(cost))[:n]
    path = graph.decode(scores)
    assert hypotheses[0].words == tuple(path.words) and hypotheses[0].cost == path.cost
    if expected:
        assert [one.cost for one in hypotheses] == pytest.approx(expected, abs=2 * TOLERANCE)
        assert [costs[one.words] for one in hypotheses] == pytest.approx(expected, abs=2 * TOLERANCE)
        assert len({one.words for one in hypotheses}) == len(hypotheses)


def test_in_a_dense_lattice_few_prefixes_lead_to_the_same_sentences(monkeypatch):
    texts = sentences_of(words_of(40), 60)
    graph, scores = spelled_graph(words_of(40), texts), network_scores(texts, 60, 1.0)
    extended, extend = [], module._extend
    monkeypatch.setattr(module, "_extend", lambda own, *rest: extended.append(len(own)) or extend(own, *rest))
    found, narrow = n_best(graph, scores, 20, lattice_beams=(16.0,)), sum(extended)
    extended.clear()
    monkeypatch.setattr(module, "BEAM_SHARES", (1.0,))
    assert n_best(graph, scores, 20, lattice_beams=(16.0,)) == found and len(found) == 20
    assert narrow < sum(extended) / 2


def test_no_frames_give_the_empty_sentence_alone():
    graph = hmm_graph(STATES, np.full(5, -0.5), {"a": ["p"], "b": ["q"], "c": ["r"]}, three_words())
    assert n_best(graph, np.zeros((0, 5)), 3) == [Sentence((), math.inf)]


def three_words():
    return random_model(np.random.default_rng(0), 1)


def test_the_likeliest_alone_needs_no_lattice(monkeypatch):
    graph = hmm_graph(STATES, np.full(5, -0.5), {"a": ["p"], "b": ["q"], "c": ["r"]}, three_words())
    scores = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)
    expected = n_best(graph, scores, 2)[:1]
    monkeypatch.delattr("components.speech.decoding.n_best.find_lattice")
    assert n_best(graph, scores, 1) == expected


def test_fewer_than_one_sentence_is_refused():
    graph = hmm_graph(STATES, np.full(5, -0.5), {"a": ["p"], "b": ["q"], "c": ["r"]}, three_words())
    with pytest.raises(ValueError) as error:
        n_best(graph, np.zeros((3, 5)), 0)
    assert str(error.value) == "n_best expected n of at least 1, got 0; n=10 shows the likeliest few."
