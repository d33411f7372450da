"""One written form for every transcript."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.speech.corpus import normalise


@pytest.mark.parametrize(
    ("transcript", "normalised"),
    [
        ("Don\u2019t stop!", "don't stop"),
        ("thirty-five", "thirty five"),
        ("  'Hello,' he said.\n", "hello he said"),
        ("one,two", "one two"),
        ("rock 'n' roll", "rock n roll"),
        ("CAFE\u0301 Stra\u00dfe", "caf\u00e9 stra\u00dfe"),
        ("co\u00adoperate \ufeffnow", "cooperate now"),
        (
            "\u0928\u092e\u0938\u094d\u0924\u0947 \u4f60\u597d",
            "\u0928\u092e\u0938\u094d\u0924\u0947 \u4f60\u597d",
        ),
        ("... --- '' !", ""),
    ],
)
def test_a_transcript_becomes_plain_words(transcript, normalised):
    assert normalise(transcript) == normalised


@given(st.text())
def test_normal_text_is_clean_and_stays_as_it_is(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == unicodedata.normalize("NFC", once) == " ".join(once.split())
    assert all(letter == "'" or letter == " " or unicodedata.category(letter)[0] in "LMN" for letter in once)


@given(
    st.lists(st.sampled_from(["one", "don't", "caf\u00e9"]), max_size=6),
    st.sampled_from([" ", ", ", "-", " \u2014 ", "! "]),
)
def test_no_word_is_lost_or_run_together(words, between):
    assert normalise(between.join(words)).split() == words
