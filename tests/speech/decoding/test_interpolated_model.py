"""Two n-gram models in one: a distribution for every history, weighted by the training texts."""

import math

import pytest

from components.speech.decoding.build_lm import build_lm
from components.speech.decoding.interpolated_model import InterpolatedModel
from tests.speech.decoding.every_sentence import cheapest

TEXTS = ["call me", "call you now", "call me now", "call you"]
FURTHER = "call the doctor\ncall the nurse\nplease call me"


def test_every_history_has_probabilities_that_add_up_to_one():
    model = InterpolatedModel(FURTHER).fit(TEXTS)
    for past in model.log_probs_:
        words = [*model.vocabulary_, "</s>"]
        assert sum(math.exp(model.word_log_prob(word, past.split())) for word in words) == pytest.approx(1)


def test_sentences_of_the_file_become_likelier_and_their_words_known():
    model, without = build_lm(TEXTS, lm_text=FURTHER), build_lm(TEXTS)
    assert without.log_prob("call the doctor") == -math.inf
    assert model.log_prob("call the doctor") > model.log_prob("doctor the call")
    assert model.vocabulary_ == sorted({*" ".join(TEXTS).split(), *FURTHER.split()})


def test_the_weight_is_the_one_of_the_highest_likelihood_of_training_texts():
    alike = InterpolatedModel("\n".join(TEXTS * 5), order=2).fit(TEXTS)
    other = InterpolatedModel("a b c\nb c a\nc a b", order=2).fit(TEXTS * 5)
    assert alike.weight_ < 0.5 < 0.9 < other.weight_


def test_the_acceptor_weighs_sentences_alike():
    model = InterpolatedModel(FURTHER).fit(TEXTS)
    for sentence in ("call me", "call the doctor", "please nurse"):
        assert cheapest(model, sentence) == pytest.approx(-model.log_prob(sentence), abs=1e-3)


def test_the_most_frequent_words_enter_the_vocabulary_if_they_may():
    model = InterpolatedModel("a a a b b c", most_words=2).fit(["one"])
    assert model.vocabulary_ == ["a", "b", "one"]
    assert InterpolatedModel("a a a b b c", only=["c"]).fit(["one"]).vocabulary_ == ["c", "one"]


def test_single_words_stay_single_words():
    model = build_lm(["yes", "no"], lm_text="no\nmaybe\n")
    assert model.vocabulary_ == ["maybe", "no", "yes"]
    assert type(model).__name__ == "OneWordGrammar"


def test_what_says_what_may_be_said_in_two_ways_is_refused():
    from components.speech.decoding.build_lm import check_language

    with pytest.raises(ValueError, match="expected one of grammar, lm_text and lm, got lm_text and lm"):
        check_language(lm_text="a", lm="b")
