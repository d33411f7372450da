"""Names of speakers before what they say."""

import pytest

from components.speech.corpus.speaker_labels import without_labels

WORDS = ("one", "two", "three", "four", "five")


def said(texts, speakers=()):
    return [text.strip() for text in without_labels(texts, speakers)[0]]


def test_a_speaker_of_the_corpus_is_not_said():
    texts, (check,) = without_labels(["George: one", "THEO:two", "yes"], ["george", "theo", "theo"])
    assert texts == ["one", "two", "yes"]
    assert (check.name, check.verdict, check.examples) == (
        "speaker-labels",
        "look",
        ("George: (1)", "THEO: (1)"),
    )


def test_names_that_most_texts_begin_with_are_not_said():
    texts = [f"{name}: {word}" for name in ("Anna", "Bob") for word in WORDS]
    assert said(texts) == [*WORDS, *WORDS]
    assert said([*texts, *["no label"] * 11])[:10] == texts


def test_words_for_roles_are_known():
    assert said(["Interviewer: one", "主持人：你好", "диктор 2: два"]) == ["one", "你好", "два"]


@pytest.mark.parametrize(
    "text", ["10:30 now", "Note: one", "a:b", "https://x", "He said: go", "yes/no", "w01"]
)
def test_other_colons_stay(text):
    assert without_labels([text, "two"], ["george", ""]) == ([text, "two"], [])


def test_words_before_colons_that_recur_and_stay_are_told():
    texts = [f"{thing}: {state}" for thing in ("light", "fan") for state in ("on", "off")]
    kept, (check,) = without_labels(texts, [])
    assert kept == texts and (check.name, check.verdict) == ("colons", "look")
