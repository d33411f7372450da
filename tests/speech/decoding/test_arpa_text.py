"""ARPA files: their sentences have the model's probabilities, here and in another toolkit."""

import math

import pytest

from components.speech.decoding.arpa_model import ArpaModel
from components.speech.decoding.arpa_text import arpa_text, build_ngrams
from components.speech.decoding.language_model import NgramModel
from tests.speech.decoding.test_arpa_model import ARPA

TEXTS = ["turn the light on", "turn the light off", "turn it off", "stop", "stop", "the light"]
SENTENCES = ["turn the light on", "stop", "light light stop", "it on the off", ""]
KINDS = {
    "texts": {},
    "further texts": {"lm_text": "stop it\nstop the music\nturn the music off"},
    "an ARPA file": {"lm": ARPA},
}


@pytest.mark.parametrize("given", KINDS.values(), ids=KINDS)
def test_what_is_written_is_read_with_the_same_probabilities(given):
    model = build_ngrams(TEXTS, **given)
    again = ArpaModel(arpa_text(model)).fit(TEXTS)
    assert again.vocabulary_ == model.vocabulary_
    assert list(map(again.log_prob, SENTENCES)) == pytest.approx(
        list(map(model.log_prob, SENTENCES)), abs=1e-4
    )


def test_n_grams_with_back_offs_are_those_of_the_texts():
    model = NgramModel(order=3).fit(TEXTS)
    written = model.with_backoffs()
    assert list(map(written.log_prob, SENTENCES)) == pytest.approx(list(map(model.log_prob, SENTENCES)))


def test_the_start_is_there_also_where_nothing_follows_it():
    assert "\n-99.000000\t<s>\n" in arpa_text(NgramModel(order=1).fit(TEXTS).with_backoffs())


def test_single_words_are_told_that_a_sentence_has_one():
    model = build_ngrams(["one", "two", "three", "one"] * 5)
    assert model.log_prob("one") > model.log_prob("one two") + 2


@pytest.mark.parametrize("given", KINDS.values(), ids=KINDS)
def test_pocketsphinx_reads_the_same_probabilities(given, tmp_path):
    sphinx = pytest.importorskip("pocketsphinx")
    model = build_ngrams(TEXTS, **given)
    (tmp_path / "lm.arpa").write_text(arpa_text(model))
    math_of, settings = sphinx.LogMath(), sphinx.Config()
    read = sphinx.NGramModel(settings, math_of, str(tmp_path / "lm.arpa"))
    words = ["<s>", "turn", "the", "light", "on", "</s>"]
    longest = max(len(past.split()) for past in model.log_probs_)
    for end in range(2, len(words) + 1):
        seen = words[max(0, end - longest - 1) : end]
        expected = model.word_log_prob(seen[-1], seen[:-1])
        assert math.log(math_of.exp(read.prob(seen[::-1]))) == pytest.approx(expected, abs=2e-3)
