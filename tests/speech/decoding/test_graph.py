"""The graph search against every word sequence and every alignment, spelled out."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.decoding.graph import ctc_graph, hmm_graph
from components.speech.decoding.greedy import collapse
from components.speech.decoding.language_model import NgramModel
from tests.speech.decoding.every_sentence import (
    STATES,
    TOLERANCE,
    WORDS,
    acoustic_cost,
    lexicons,
    random_model,
    sentences,
)


@settings(max_examples=60, deadline=None)
@given(
    lexicons, st.integers(1, 3), st.sampled_from([None, 0.2, 0.5]), st.integers(1, 4), st.integers(0, 9999)
)
def test_hmm_search_finds_the_best_of_all_sentences_and_its_cost(
    grammar_cost, lexicon, order, silence, frames, seed
):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(frames, 5)).astype(np.float32) * 3
    stay = np.log(rng.uniform(0.1, 0.9, size=5))
    lm = random_model(rng, order)
    phone = None if silence is None else "sil"
    graph = hmm_graph(STATES, stay, lexicon, lm, phone, silence_probability=silence or 0.5)
    path = graph.decode(scores, beam=1000.0)
    parts = (scores, stay, lexicon, silence)
    costs = {words: acoustic_cost(words, *parts) + grammar_cost(lm, words) for words in sentences(frames)}
    best = min(costs.values())
    assert path.reached_final == math.isfinite(best)
    if path.reached_final:
        assert path.cost == pytest.approx(best, abs=TOLERANCE)
        assert costs[tuple(path.words)] == pytest.approx(best, abs=TOLERANCE)
        assert len(path.states) == frames and len(path.word_frames) == len(path.words)


spelling = st.lists(st.sampled_from([1, 2]), min_size=1, max_size=3).map(tuple)
spelled = st.fixed_dictionaries({word: st.lists(spelling, min_size=1, max_size=2) for word in WORDS})


def token_costs(spellings, lm, space, longest, grammar_cost):
    """Every token sequence that some sentence spells, with the costs of the sentences that spell it."""
    costs = {}
    for words in sentences(longest):
        for variants in product(*(spellings[word] for word in words)):
            for gaps in product([(), (space,)] if space else [()], repeat=max(len(words) - 1, 0)):
                pieces = zip(variants, [*gaps, ()][: len(words)], strict=True)
                tokens = tuple(token for variant, gap in pieces for token in (*variant, *gap))
                costs.setdefault(tokens, {})[words] = grammar_cost(lm, words)
    return costs


@settings(max_examples=40, deadline=None)
@given(spelled, st.integers(1, 3), st.sampled_from([None, 3]), st.integers(1, 4), st.integers(0, 9999))
def test_ctc_search_finds_the_best_of_all_sentences_and_its_cost(
    grammar_cost, spellings, order, space, frames, seed
):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(frames, 4)).astype(np.float32) * 3
    lm = random_model(rng, order)
    costs = token_costs(spellings, lm, space, frames, grammar_cost)
    best, words = math.inf, set()
    for labels in product(range(4), repeat=frames):
        for sentence, cost in costs.get(tuple(collapse(np.array(labels))), {}).items():
            total = cost - scores[np.arange(frames), list(labels)].sum()
            if total < best - TOLERANCE:
                best, words = total, set()
            words |= {sentence} if total < best + TOLERANCE else set()
    path = ctc_graph(spellings, lm, space=space).decode(scores, beam=1000.0)
    assert path.cost == pytest.approx(best, abs=TOLERANCE)
    assert tuple(path.words) in words


def one_hot(labels, columns, right=0.0, wrong=-9.0):
    """Scores in which these columns win, one per frame."""
    scores = np.full((len(labels), columns), wrong, dtype=np.float32)
    scores[np.arange(len(labels)), labels] = right
    return scores


HALF = np.log(np.full(5, 0.5))


def test_homophones_are_distinguished_by_the_words_around_them():
    lm = NgramModel(2).fit(["a b", "a b", "b c"])
    graph = hmm_graph(STATES, HALF, {"a": ["p"], "b": ["q"], "c": ["s"]}, lm)
    assert graph.decode(one_hot([0, 1, 2], 5)).words == ["a", "b"]
    assert graph.decode(one_hot([2, 4, 2], 5)).words == ["b", "c"]


def test_a_word_that_begins_another_word_is_still_recognised():
    lm = NgramModel(1).fit(["a", "b"])
    graph = hmm_graph(STATES, HALF, {"a": ["p"], "b": ["pr"]}, lm)
    assert graph.decode(one_hot([0, 1, 1], 5)).words == ["a"]
    assert graph.decode(one_hot([0, 1, 3, 1], 5)).words == ["b"]


def test_a_lexicon_of_one_word_is_enough():
    graph = hmm_graph(STATES, HALF, {"a": ["p"]}, NgramModel().fit(["a"]))
    assert graph.decode(one_hot([4, 0, 1, 4], 5)).words == ["a"]
    assert graph.decode(one_hot([4, 4, 4], 5)).words == []


def test_word_frames_leave_out_silence_spaces_and_blanks():
    lm = NgramModel(1).fit(["a b"])
    hmm = hmm_graph(STATES, HALF, {"a": ["p"], "b": ["q"]}, lm)
    assert hmm.decode(one_hot([4, 0, 1, 4, 4, 2, 2, 4], 5)).word_frames == [(1, 3), (5, 7)]
    assert hmm.decode(one_hot([0, 1, 2], 5)).word_frames == [(0, 2), (2, 3)]
    ctc = ctc_graph({"a": [[1, 1]], "b": [[2]]}, lm, space=3)
    assert ctc.decode(one_hot([0, 1, 0, 1, 0, 3, 0, 2, 2, 0], 4)).word_frames == [(1, 4), (7, 9)]


def test_a_repeated_letter_needs_a_blank_between_even_across_words():
    ctc = ctc_graph({"a": [[1]], "b": [[1, 1]]}, NgramModel(1, vocabulary=["b"]).fit(["a a"]))
    assert ctc.decode(one_hot([1, 1, 1], 2)).words == ["a"]
    assert ctc.decode(one_hot([1, 0, 1], 2)).words == ["a", "a"]


def test_a_narrow_beam_that_loses_the_end_is_widened(monkeypatch):
    rng = np.random.default_rng(11)
    lexicon = {f"w{i}": [tuple(rng.choice(list("pqrs"), size=rng.integers(8, 12)))] for i in range(100)}
    graph = hmm_graph(STATES, HALF, lexicon, NgramModel(1, vocabulary=list(lexicon)).fit([""]), silence=None)
    scores = rng.normal(size=(14, 5)) * 3
    assert graph.decode(scores, beam=0.5).reached_final
    monkeypatch.setattr("components.speech.decoding.search.WIDER", 1)
    assert not graph.decode(scores, beam=0.5).reached_final


def test_too_few_frames_and_no_frames_give_no_words():
    graph = hmm_graph(STATES, HALF, {"a": ["pr"]}, NgramModel(1).fit(["a"]), silence=None)
    for frames in (0, 3):
        path = graph.decode(np.zeros((frames, 5), dtype=np.float32))
        assert (path.words, path.word_frames, path.reached_final) == ([], [], False)
        assert math.isinf(path.cost) and path.states.shape == (0,)


def test_decoding_leaves_scores_and_graph_as_they_were():
    graph = hmm_graph(STATES, HALF, {"a": ["p"], "b": ["q"]}, NgramModel(1).fit(["a b"]))
    scores = np.random.default_rng(0).normal(size=(20, 5)).astype(np.float32)
    before = scores.copy()
    first = graph.decode(scores, acoustic_scale=0.3)
    graph.decode(one_hot([2, 2], 5))
    again = graph.decode(scores, acoustic_scale=0.3)
    np.testing.assert_array_equal(scores, before)
    assert (first.words, first.cost) == (again.words, again.cost)
    np.testing.assert_array_equal(first.states, again.states)


def test_a_word_cost_makes_sentences_shorter():
    scores = np.random.default_rng(1).normal(size=(60, 5)).astype(np.float32)
    lm = NgramModel(1).fit(["a b c"])
    lexicon = {"a": ["p"], "b": ["q"], "c": ["r"]}
    few, many = (hmm_graph(STATES, HALF, lexicon, lm, word_cost=cost).decode(scores) for cost in (20.0, -5.0))
    assert len(few.words) < len(many.words)


def test_a_score_of_minus_infinity_forbids_a_state():
    graph = hmm_graph(STATES, HALF, {"a": ["p"], "b": ["q"]}, NgramModel(1).fit(["a b"]), silence=None)
    scores = np.zeros((2, 5), dtype=np.float32)
    scores[:, 2] = -np.inf
    assert graph.decode(scores).words == ["a"]
    scores[:, 0] = -np.inf
    assert not graph.decode(scores).reached_final


LM = NgramModel(1).fit(["a b"])
LEXICON = {"a": ["p"], "b": ["q"]}
WRONG = {
    "the search graph expected a spelling for each word of the language model, got otherwise for b; "
    "make lexicon and language model from the same words.": lambda: hmm_graph(STATES, HALF, {"a": ["p"]}, LM),
    "the search graph expected units in every spelling, got otherwise for a; "
    "make lexicon and language model from the same words.": lambda: ctc_graph({"a": [[]], "b": [[1]]}, LM),
    "the search graph expected no word outside the language model's vocabulary, got otherwise for d; "
    "make lexicon and language model from the same words.": lambda: hmm_graph(
        STATES, HALF, LEXICON | {"d": ["p"]}, LM
    ),
    "unknown phone 'si'; did you mean 'sil'? known: p, q, r, s, sil.": lambda: hmm_graph(
        STATES, HALF, LEXICON, LM, silence="si"
    ),
    "hmm_graph expected silence_probability between 0 and 1, both excluded, got 1.0; "
    "for speech without silence set silence=None.": lambda: hmm_graph(
        STATES, HALF, LEXICON, LM, silence_probability=1.0
    ),
    "hmm_graph expected stay of shape (states,) with log probabilities below 0, got shape (5,) with values "
    "from 0.0 to 0.0; keep the self-loop probability between 0 and 1, both excluded.": lambda: hmm_graph(
        STATES, np.zeros(5), LEXICON, LM
    ),
    "hmm_graph expected a stay for each state, up to 4, got 3; give it one per column.": lambda: hmm_graph(
        STATES, HALF[:3], LEXICON, LM
    ),
    "ctc_graph expected spellings and a space without the blank, token 0, got it in one; "
    "leave it out.": lambda: ctc_graph({"a": [[0]], "b": [[1]]}, LM),
    "Graph.decode expected scores of shape (frames, 5 or more), got (3, 4); "
    "score with the states this graph was built for.": lambda: hmm_graph(STATES, HALF, LEXICON, LM).decode(
        np.zeros((3, 4))
    ),
    "Graph.decode expected beam > 0 and max_active > 20, got 0 and 1; beam=16 and max_active=7000 suit most "
    "graphs.": lambda: hmm_graph(STATES, HALF, LEXICON, LM).decode(np.zeros((3, 5)), beam=0, max_active=1),
    "Graph.decode expected log likelihoods below infinity, got nan or inf; "
    "look at the features and the scorer of this utterance.": lambda: hmm_graph(
        STATES, HALF, LEXICON, LM
    ).decode(np.full((3, 5), np.nan)),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_built_or_searched_says_why(text):
    with pytest.raises(ValueError) as caught:
        WRONG[text]()
    assert str(caught.value) == text
