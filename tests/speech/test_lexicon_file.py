"""Lexicons of Kaldi's and CMUdict's forms: pronunciations, probabilities, and what they lack."""

import math

import pytest

from components.speech.lexicon_file import check_lexicon, known_words, look_up, read_lexicon, variant_costs

CMU = """;;; of our own
HELLO  HH AH0 L OW1
HELLO(2)  HH EH0 L OW1
CROSSOVER  K R AO1 S OW2 V ER0  # of words
"""
KALDI = "<unk> SPN\n!SIL SIL\nhello hh ah l ow\nhello hh eh l ow\nforty-two f ao\n"
KALDI_P = "hello 1.0 h a l o\nhello 0.25 h e l o\nda 0.5 d a\n"


def test_cmudict_s_form_has_variants_comments_and_stress():
    assert read_lexicon(CMU) == {
        "hello": {("HH", "AH", "L", "OW"): 1.0, ("HH", "EH", "L", "OW"): 1.0},
        "crossover": {("K", "R", "AO", "S", "OW", "V", "ER"): 1.0},
    }


def test_kaldi_s_entries_that_are_no_words_are_left_out():
    assert read_lexicon(KALDI) == {"hello": {("hh", "ah", "l", "ow"): 1.0, ("hh", "eh", "l", "ow"): 1.0}}


def test_probabilities_are_costs_from_the_likeliest():
    lexicon = look_up(["da", "hello"], "sw", KALDI_P)
    assert lexicon == {"da": [("d", "a")], "hello": [("h", "a", "l", "o"), ("h", "e", "l", "o")]}
    assert variant_costs(lexicon, "sw", KALDI_P) == {"hello": [0.0, math.log(4)]}


def test_tones_are_no_stress():
    assert read_lexicon("ma m a1\nba b a2\n")["ma"] == {("m", "a1"): 1.0}


def test_english_words_that_it_lacks_are_added_in_cmudict_s_phones_alone():
    assert look_up(["hello", "seven"], "en-us", CMU)["seven"] == [("S", "EH", "V", "AH", "N")]
    assert known_words(CMU, "en-us") is None
    assert known_words(KALDI, "en-us") == {"hello"}
    with pytest.raises(ValueError) as error:
        look_up(["hello", "seven"], "en-us", KALDI)
    assert str(error.value) == (
        "the lexicon expected a pronunciation of every word of the training texts, got none for seven; add "
        "them to it, or write it in CMUdict's phones, to which English words can be added by rules."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a AH\ntwo\n",
            "line 2 expected a word and its phones, got 'two'; write its phones behind it.",
        ),
        ("one 1.0 W\ntwo 7 T\n", "line 2 expected a probability above 0 and up to 1, got 7; correct it."),
        ("<unk> SPN\n", "a lexicon expected lines such as 'hello HH AH L OW', got no word; give it some."),
        ("my.dict", "a lexicon expected lines of a word and its phones, got 'my.dict'; give its text."),
    ],
)
def test_what_is_no_lexicon_is_named_with_its_line(text, said):
    with pytest.raises(ValueError) as error:
        check_lexicon(text)
    assert str(error.value) == said
