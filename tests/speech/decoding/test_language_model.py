"""The n-gram model is a distribution at every history, and its graph weighs what it says."""

import math
import pickle
from itertools import product

import kaldifst
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from components.speech.decoding.language_model import NgramModel

words = st.sampled_from(["one", "two", "three", "four"])
texts = st.lists(st.lists(words, max_size=5).map(" ".join), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(texts, st.integers(1, 4), st.lists(words, max_size=4))
def test_probabilities_sum_to_one_at_every_history(texts, order, history):
    lm = NgramModel(order, vocabulary=["five"]).fit(texts)
    for start in ([], ["<s>"]):
        total = sum(math.exp(lm.word_log_prob(word, start + history)) for word in [*lm.vocabulary_, "</s>"])
        assert total == pytest.approx(1.0)


def test_perplexity_equals_the_hand_computation():
    lm = NgramModel(order=2).fit(["a b", "a"])
    # no history: counts a 2, b 1, </s> 2: 5 tokens, 3 types, uniform 1/3 -> (count + 3/3) / 8
    a, b, end = 3 / 8, 2 / 8, 3 / 8
    first_a = (2 + 1 * a) / 3  # after <s>: a twice, 1 type
    b_after_a, end_after_a = (1 + 2 * b) / 4, (1 + 2 * end) / 4  # after a: b once, </s> once
    end_after_b = (1 + 1 * end) / 2
    assert lm.log_prob("a b") == pytest.approx(math.log(first_a * b_after_a * end_after_b))
    product = first_a * b_after_a * end_after_b * first_a * end_after_a
    assert lm.perplexity(["a b", "a"]) == pytest.approx(product ** (-1 / 5))


def weigh(lm, sentence):
    """Weight of a sentence's best path through the acceptor."""
    ids = {word: i for i, word in enumerate(lm.vocabulary_, 1)}
    line = kaldifst.StdVectorFst()
    for _ in range(len(sentence) + 1):
        line.add_state()
    line.start = 0
    for i, word in enumerate(sentence):
        line.add_arc(i, kaldifst.StdArc(ids[word], ids[word], 0.0, i + 1))
    line.set_final(len(sentence), 0.0)
    grammar = lm.fst(ids)
    kaldifst.arcsort(grammar, "ilabel")
    best = kaldifst.shortest_path(kaldifst.compose(line, grammar))
    return kaldifst.get_linear_symbol_sequence(best)[3].value


@settings(deadline=None, max_examples=40)
@given(texts, st.integers(1, 4))
def test_the_acceptor_weighs_every_sentence_by_its_lightest_back_off(grammar_cost, texts, order):
    lm = NgramModel(order, vocabulary=["one", "five"]).fit(texts)
    for length in range(3):
        for sentence in product(lm.vocabulary_, repeat=length):
            weight = weigh(lm, sentence)
            assert weight == pytest.approx(grammar_cost(lm, sentence), abs=1e-4)
            assert weight <= -lm.log_prob(" ".join(sentence)) + 1e-4


def test_the_acceptor_weighs_a_training_sentence_exactly_as_the_model_does():
    lm = NgramModel(3).fit(["a b c", "a c", "b"])
    for text in ("a b c", "a c", "b"):
        assert weigh(lm, text.split()) == pytest.approx(-lm.log_prob(text), abs=1e-4)


def test_one_sentence_and_one_word_are_enough():
    lm = NgramModel(order=None).fit(["yes"])
    assert lm.order_ == 1
    assert lm.log_prob("yes") == pytest.approx(2 * math.log(0.5))
    assert NgramModel(order=5).fit([""]).log_prob("") == pytest.approx(0.0)


def test_the_order_grows_with_what_the_texts_support():
    grammar = [f"turn the {thing} {way}" for thing in ("light", "heater", "radio") for way in ("on", "off")]
    assert NgramModel(order=None).fit(grammar * 5).order_ >= 2
    one_word = ["one", "two", "three", "four", "five"] * 20
    assert NgramModel(order=None).fit(one_word).order_ >= 2
    lm = NgramModel(order=None).fit(["a b c", "c a b", "b a", "c c", "b b a", "a a", "b c", "a c"])
    assert lm.order_ == 1


def test_the_order_chosen_is_the_one_that_leaving_out_by_hand_prefers():
    sentences = ["a b c", "a b", "b c a", "c", "a b c", "c a b"]
    vocabulary = ["a", "b", "c"]

    def left_out(order):
        rest = [sentences[:i] + sentences[i + 1 :] for i in range(len(sentences))]
        models = [NgramModel(order, vocabulary=vocabulary).fit(texts) for texts in rest]
        return sum(lm.log_prob(text) for lm, text in zip(models, sentences, strict=True))

    best = max(range(1, 6), key=lambda order: (round(left_out(order), 6), -order))
    assert NgramModel(order=None).fit(sentences).order_ == best


def test_an_unknown_word_has_no_probability():
    lm = NgramModel().fit(["a b"])
    assert lm.log_prob("a c") == -math.inf
    assert lm.perplexity(["a c"]) == math.inf


def test_a_second_fit_forgets_the_first_and_clone_and_saving_keep_the_answer():
    lm = NgramModel(2).fit(["x y z"])
    again = lm.fit(["a b"])
    assert again is lm and lm.vocabulary_ == ["a", "b"] and clone(lm).get_params() == lm.get_params()
    dumped = skops.io.dumps(lm)
    saved = skops.io.loads(dumped, trusted=skops.io.get_untrusted_types(data=dumped))
    for copy in (saved, pickle.loads(pickle.dumps(lm))):
        assert copy.log_prob("a b") == lm.log_prob("a b")


WRONG = {
    "NgramModel expected at least one text, got none; give it the transcripts.": lambda: NgramModel().fit([]),
    "NgramModel expected order >= 1 (or None) and max_order >= 1, got order=0 and max_order=5; "
    "order=3 suits most corpora.": lambda: NgramModel(order=0).fit(["a"]),
    "NgramModel expected words, got its own symbol '<s>'; take it out of the texts.": lambda: (
        NgramModel().fit(["<s> a"])
    ),
    "NgramModel.perplexity expected at least one text, got none; give it some.": lambda: (
        NgramModel().fit(["a"]).perplexity([])
    ),
    "NgramModel.fst expected an id for each of its 2 words, got none for b; add them to word_ids.": lambda: (
        NgramModel().fit(["a b"]).fst({"a": 1})
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_errors_say_what_it_cannot_model(text):
    with pytest.raises(ValueError) as caught:
        WRONG[text]()
    assert str(caught.value) == text
