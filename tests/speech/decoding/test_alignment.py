"""Forced alignment against every path, and its optional parts."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.decoding.alignment import align, viterbi_alignments
from components.speech.decoding.alignment_graph import START, linear_graph, transcript_graph
from components.speech.decoding.graph import hmm_graph
from components.speech.decoding.language_model import NgramModel

STATES = {"p": [0, 1], "q": [2], "r": [3, 1], "sil": [4, 5]}
LEXICON = {"a": [("p",), ("q", "q")], "b": [("r", "q")], "c": [("q",), ("p",), ("r",)]}
STAY = np.log([0.5, 0.3, 0.8, 0.6, 0.7, 0.2])
LEAVE = np.log1p(-np.exp(STAY))


def paths(graph, position):
    """Every sequence of positions that ends at this one."""
    for before in graph.predecessors[position]:
        yield from ([position],) if before == START else ([*path, position] for path in paths(graph, before))


def best_by_hand(scores, graph):
    """The highest log likelihood over every path and every alignment of it."""
    best, frames = -math.inf, len(scores)
    for path in (path for last in graph.last for path in paths(graph, last)):
        states = graph.states[path]
        for cuts in combinations(range(1, frames), len(states) - 1):
            runs = zip((0, *cuts), (*cuts, frames), states, strict=True)
            best = max(best, sum(scores[a:b, s].sum() + (b - a - 1) * STAY[s] + LEAVE[s] for a, b, s in runs))
    return best


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=2), min_size=1, max_size=4),
    st.sampled_from([None, "sil"]),
    st.integers(0, 9999),
)
def test_alignment_is_the_best_of_all_paths(transcripts, silence, seed):
    rng = np.random.default_rng(seed)
    transcripts = [words for words in transcripts if words or silence] or [["a"]]
    graphs = [transcript_graph(words, LEXICON, STATES, silence) for words in transcripts]
    scores = [rng.normal(size=(graph.shortest + rng.integers(0, 4), 6)) * 3 for graph in graphs]
    for alignment, score, graph in zip(viterbi_alignments(scores, graphs, STAY), scores, graphs, strict=True):
        assert alignment.log_likelihood == pytest.approx(best_by_hand(score, graph), abs=1e-3)
        assert along(alignment, score, graph) == pytest.approx(alignment.log_likelihood, abs=1e-3)


def along(alignment, score, graph):
    """Log likelihood of the path itself, checking that the graph allows each step."""
    total = LEAVE[alignment.states[-1]]
    assert START in graph.predecessors[alignment.positions[0]] and alignment.positions[-1] in graph.last
    for frame, (place, state) in enumerate(zip(alignment.positions, alignment.states, strict=True)):
        total += score[frame, state]
        if frame and place == alignment.positions[frame - 1]:
            total += STAY[state]
        elif frame:
            assert alignment.positions[frame - 1] in graph.predecessors[place]
            total += LEAVE[alignment.states[frame - 1]]
    return total


def test_alignment_of_a_decoded_sentence_costs_what_the_search_paid(grammar_cost):
    scores = np.random.default_rng(3).normal(size=(30, 6)).astype(np.float32)
    lm = NgramModel(2).fit(["a b", "b c a"])
    path = hmm_graph(STATES, STAY, LEXICON, lm, silence=None).decode(scores)
    (alignment,) = viterbi_alignments([scores], [transcript_graph(path.words, LEXICON, STATES, None)], STAY)
    np.testing.assert_array_equal(alignment.states, path.states)
    assert path.cost == pytest.approx(grammar_cost(lm, path.words) - alignment.log_likelihood, abs=2e-3)


def one_hot(labels):
    scores = np.full((len(labels), 6), -9.0, dtype=np.float32)
    scores[np.arange(len(labels)), labels] = 0.0
    return scores


@pytest.mark.parametrize(
    "labels", [[0, 1, 3, 1, 2], [4, 5, 0, 1, 4, 4, 5, 3, 1, 2], [2, 2, 2, 3, 1, 2, 4, 5]]
)
def test_silence_is_taken_where_it_is_and_skipped_where_it_is_not(labels):
    graph = transcript_graph(["a", "b"], LEXICON, STATES)
    assert align([one_hot(labels)], [graph], STAY)[0].tolist() == labels


def test_an_utterance_is_aligned_the_same_in_a_crowd():
    rng = np.random.default_rng(0)
    graphs = [
        transcript_graph(list(rng.choice(list("abc"), size=rng.integers(1, 6))), LEXICON, STATES)
        for _ in range(300)
    ]
    scores = [rng.normal(size=(rng.integers(25, 60), 6)).astype(np.float32) for _ in graphs]
    crowd = viterbi_alignments(scores, graphs, STAY)
    for i in (0, 17, 299):
        (alone,) = viterbi_alignments([scores[i]], [graphs[i]], STAY)
        np.testing.assert_array_equal(alone.positions, crowd[i].positions)
        assert alone.log_likelihood == crowd[i].log_likelihood


def test_no_utterances_and_silence_alone_are_aligned():
    assert align([], [], STAY) == []
    assert align([one_hot([4, 5])], [transcript_graph([], LEXICON, STATES)], STAY)[0].tolist() == [4, 5]


def test_positions_tell_words_and_phones():
    graph = transcript_graph(["b", "c"], {"b": [("r",)], "c": [("q",)]}, STATES)
    assert graph.words.tolist() == [-1, -1, 0, 0, -1, -1, 1, -1, -1]
    assert graph.phones == ("sil", "sil", "r", "r", "sil", "sil", "q", "sil", "sil")
    assert graph.shortest == 3


WRONG = {
    "align cannot fit utterance 1: expected at least 4 frames, one for each state of its shortest "
    "pronunciation, got 3; leave it out, or use fewer states per phone.": lambda: align(
        [np.zeros((4, 6)), np.zeros((3, 6))], [linear_graph([0, 1, 2, 3])] * 2, STAY
    ),
    "align found no path for utterance 0: expected one with finite log likelihood, got -inf; "
    "look at its scores.": lambda: align([np.full((4, 6), -np.inf)], [linear_graph([0])], STAY),
    "unknown word 'd'; known: a, b, c.": lambda: transcript_graph(["d"], LEXICON, STATES),
    "unknown phone 'z'; known: p, q, r, sil.": lambda: transcript_graph(["d"], {"d": [("z",)]}, STATES),
    "transcript_graph expected words or a silence phone, got neither; name the silence.": lambda: (
        transcript_graph([], LEXICON, STATES, None)
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_aligned_says_why(text):
    with pytest.raises(ValueError) as caught:
        WRONG[text]()
    assert str(caught.value) == text
