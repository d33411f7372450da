"""Remarks in transcripts: known by their words, or by where they stand."""

import pytest

from components.speech.corpus.remark_words import NOISES, is_noise
from components.speech.corpus.remarks import without_remarks


def said(texts, language="none"):
    return [" ".join(text.split()) for text in without_remarks(texts, language)[0]]


@pytest.mark.parametrize(
    "remark",
    [
        "（笑）",
        "【噪音】",
        "〈雑音〉",
        "(rire)",
        "(risas)",
        "(Lachen)",
        "(смех)",
        "(ruido)",
        "(bruit de fond)",
        "(웃음)",
        "(ضحك)",
        "(śmiech)",
        "(gülüşmeler)",
        "(tiếng cười)",
        "（背景噪音）",
    ],
)
@pytest.mark.parametrize("language", ["none", "en-us"])
def test_words_for_noises_are_known_in_many_languages(remark, language):
    assert said([f"one {remark}", "two"], language) == ["one", "two"]


def test_every_word_of_the_list_is_a_noise():
    for code, words in NOISES.items():
        assert all(is_noise(word, (code,)) for word in words.split()), code


def test_a_word_that_is_said_elsewhere_is_none_of_another_language():
    assert said(["(tos) one", "tos"], "en-us") == ["(tos) one", "tos"]
    assert said(["(tos) one", "two"], "en-us") == ["one", "two"]
    assert said(["(tos) one", "tos"], "es") == ["one", "tos"]


def test_what_recurs_in_parentheses_alone_is_a_remark():
    assert said(["one (zzz)", "two (zzz)", "(zzz) three"]) == ["one", "two", "three"]
    assert said(["one (zzz)", "two (zzz)"]) == ["one (zzz)", "two (zzz)"]
    assert said(["one (zzz)", "one (zzz)", "one (zzz)"]) == ["one (zzz)"] * 3
    kept = ["one (zzz)", "two (zzz)", "three (zzz)", "zzz"]
    assert said(kept) == kept


def test_words_in_parentheses_that_stay_are_told():
    texts, (check,), tags = without_remarks(["(and then) he left", "the (big) dog"], "en-us")
    assert texts == ["(and then) he left", "the (big) dog"] and tags == [[], []]
    assert (check.name, check.verdict, check.examples) == ("parentheses", "look", ("(and then)", "(big)"))
    assert without_remarks(["one", "two"], "en-us")[1] == []
