"""Texts, speakers and splits of users' own recordings: what once went wrong is right, or told."""

import pytest

from tests.cases.cases import (
    PEOPLE,
    THREE_WORDS,
    assert_alike,
    error_rate,
    look,
    message,
    read,
    reasons,
    said,
    speakers,
    verdicts,
)


@pytest.mark.parametrize(
    ("name", "code"), [("zh-CN", "cmn"), ("cmn", "cmn"), ("ru", "ru"), ("ru-none", "none"), ("none", "none")]
)
def test_05_a_named_language_finds_its_voice(made, name, code):
    corpus = read(made("05-language-map") / f"{name}.csv")
    assert len(corpus) == 90 and corpus.language == code
    assert ("language-not-named" in verdicts(corpus)) == (code == "none")
    assert corpus.unit == ("word" if name.startswith("ru") else "character")


def test_07_copies_are_set_aside_and_contradictions_stop(made):
    folder = made("07-duplicates-leak")
    declared, contradiction = read(folder / "declared.csv"), read(folder / "contradiction.csv")
    assert declared.parts.count("train") == 36 and declared.parts.count("test") == 54
    assert reasons(declared)["one_george_0.wav"] == "sounds exactly like session0_0.wav"
    assert len(declared.set_aside) == 54 and verdicts(declared)["copies"] == "look"
    assert len(contradiction) == 36 and verdicts(contradiction)["two-texts"] == "stop"
    assert reasons(contradiction)["one_george_0.wav"] == (
        "the same sound has two texts: 'one', and 'two' in session0_0.wav"
    )
    undeclared = read(folder / "undeclared.csv")
    assert len(undeclared) == 90 and set(speakers(undeclared)) == PEOPLE


def test_08_a_speaker_in_several_spellings_is_one(made):
    corpus = read(made("08-speaker-spellings") / "m.csv")
    assert set(speakers(corpus)) == PEOPLE - {"theo"} | {"thé"} and said(corpus) == THREE_WORDS
    assert verdicts(corpus) == {"speaker-spellings": "look"}
    assert message(corpus, "speaker-spellings").startswith(
        "6 speakers are written in several ways and were taken for one person each: 6 speakers, not 18."
    )


@pytest.mark.parametrize("name", ["empty", "unknown"])
def test_10_recordings_without_a_speaker_stay_out_of_the_split(made, name):
    corpus = read(made("10-speakers-partly-missing") / f"{name}.csv")
    assert speakers(corpus).count("") == 54 and verdicts(corpus) == {"speakers-missing": "look"}
    assert look(corpus).facts["split"].endswith("54 without a speaker not used")


def test_11_the_speaker_of_most_recordings_does_not_test(made):
    corpus = read(made("11-dominating-speaker") / "m.csv")
    assert look(corpus).facts["split"] == (
        "by speaker, as the corpus declares none: 150 utterances by 1 speaker train, "
        "36 utterances by 4 speakers test"
    )


def test_12_a_declared_validation_part_tests_where_there_is_no_test(made):
    folder = made("12-train-valid-only")
    assert look(read(folder / "m.csv")).facts["split"] == (
        "the corpus's own, tested on its dev part, as it has no test part: 60 utterances "
        "by 4 speakers train, 30 utterances by 2 speakers test"
    )
    assert look(read(folder / "three.csv")).facts["split"] == (
        "the corpus's own: 60 utterances by 4 speakers train, 15 utterances by 1 speaker test; "
        "15 of part dev not used"
    )


def test_19_a_constant_offset_changes_nothing(made):
    folder = made("19-dc-offset")
    plain, half = (error_rate(read(folder / f"{name}.csv")) for name in ("plain", "half"))
    assert plain < 0.3 and abs(half - plain) < 0.04


def test_20_tags_are_taken_out(made):
    corpus = read(made("20-text-tags") / "m.csv")
    assert (
        set(said(corpus)) == {"one", "two", "six"}
        and len(corpus) == 90
        and verdicts(corpus) == {"tags": "look"}
    )
    assert reasons(corpus)["silence.wav"].startswith("no word in its text: ")
    assert message(corpus, "tags").startswith(
        "31 of 91 transcripts hold tags, which nobody says; these were left out. In 3 of them a tag stands "
        "for words, so that more is said than the text has."
    )


def test_21_digits_and_words_are_one_word(made):
    digits, words = (read(made("21-numbers") / name) for name in ("m.csv", "words.csv"))
    assert_alike(digits, words)
    assert verdicts(digits) == {"numbers": "look"} and verdicts(words) == {}


def test_22_scripts_without_spaces_are_taken_by_character(made):
    joined, spaced = (read(made("22-unspaced-scripts") / name) for name in ("cmn.csv", "cmn_spaced.csv"))
    assert_alike(joined, spaced)
    assert joined.unit == "character" and verdicts(joined) == {}
    assert joined.reading["errors counted in"] == "characters (CER), as the script has no spaces"
    assert {unit for text in joined.texts for unit in text.split()} == set("零一二三")
    assert error_rate(joined, name="mfcc-gmm-hmm") < 0.1


def test_23_turkish_has_two_letters_i(made):
    mixed, lower = (read(made("23-turkish-i") / name) for name in ("m.csv", "lower.csv"))
    assert_alike(mixed, lower)
    assert said(mixed) == {"iki": 30, "ışık": 30, "altı": 30}


@pytest.mark.parametrize("name", ["m.csv", "declared.csv"])
def test_33_words_that_are_tested_and_never_trained_stop(made, name):
    corpus = read(made("33-unseen-words") / name)
    assert len(corpus) == 72 and verdicts(corpus) == {"unseen-words": "stop"}
    assert message(corpus, "unseen-words").startswith("100 % of the tested words stand in no training text.")


def test_35_texts_that_are_numbers_are_told(made):
    corpus = read(made("35-integer-labels") / "m.csv")
    assert said(corpus) == {"0": 30, "1": 30, "2": 30}
    looks = ("language-guessed", "numbers-only", "pronounced-by-rules")
    assert verdicts(corpus) == dict.fromkeys(looks, "look")


def test_45_phrases_that_repeat_are_classes(made):
    phrases = read(made("45-one-odd-text") / "phrases.csv")
    assert said(phrases) == {"turn on": 30, "turn off": 30, "go up": 30} and verdicts(phrases) == {}
    assert error_rate(phrases) < 0.3
