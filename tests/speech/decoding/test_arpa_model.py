"""ARPA files: their probabilities, the words they lack, what is none."""

import math

import pytest

from components.speech.decoding.arpa_model import ArpaModel, read_arpa
from tests.speech.decoding.every_sentence import cheapest

ARPA = """made by hand
\\data\\
ngram 1=5
ngram 2=3

\\1-grams:
-99 <s> -0.30103
-0.60206 </s>
-0.60206 ONE -0.30103
-0.60206 TWO
-0.60206 <unk>

\\2-grams:
-0.30103 <s> ONE
-0.30103 ONE TWO
-0.30103 TWO </s>
\\end\\
"""


def test_sentences_have_the_file_s_probabilities():
    model = ArpaModel(ARPA).fit(["one"])
    assert model.vocabulary_ == ["one", "two"]
    assert model.log_prob("one two") == pytest.approx(math.log(1 / 8), abs=1e-5)
    assert model.log_prob("two") == pytest.approx(math.log(1 / 2 / 4 / 2), abs=1e-5)  # backs off at the start
    assert model.log_prob("one one") == pytest.approx(math.log(1 / 2 / 8 / 8), abs=1e-5)


def test_the_acceptor_weighs_sentences_alike():
    model = ArpaModel(ARPA).fit(["one"])
    for sentence in ("one two", "two", "one one", "two two one"):
        assert cheapest(model, sentence) == pytest.approx(-model.log_prob(sentence), abs=1e-4)


def test_training_words_that_it_lacks_share_the_unknown_word_s_probability():
    model = ArpaModel(ARPA).fit(["three four"])
    assert model.vocabulary_ == ["four", "one", "three", "two"]
    assert model.word_log_prob("three") == pytest.approx(math.log(1 / 8), abs=1e-5)


def test_so_many_words_of_the_file_are_taken_and_none_that_cannot_be_pronounced():
    assert ArpaModel(ARPA, most_words=0).fit(["one"]).vocabulary_ == ["one"]
    assert ArpaModel(ARPA, only=["two"]).fit(["four"]).vocabulary_ == ["four", "two"]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("hello\n", 2, "\\data\\, the beginning of an ARPA file"),
        (ARPA.replace("-0.30103 ONE TWO", "x ONE TWO"), 15, "a number"),
        (ARPA.replace("-0.30103 ONE TWO", "-1 ONE"), 15, "a log probability, 2 words and perhaps a back-off"),
        (ARPA.replace("\\end\\", ""), 18, "\\end\\ after the n-grams"),
    ],
)
def test_what_is_no_arpa_file_is_named_with_its_line(text, line, expected):
    with pytest.raises(ValueError) as error:
        read_arpa(text)
    assert str(error.value).startswith(f"line {line} expected {expected}, got ")
