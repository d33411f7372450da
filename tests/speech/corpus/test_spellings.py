"""One spelling for each word of a corpus."""

import pytest

from components.speech.corpus.spellings import spell_alike


@pytest.mark.parametrize(
    ("language", "rare", "common"),
    [
        ("fr-fr", "coeur", "cœur"),
        ("none", "şapte", "șapte"),
        ("de", "fuenf", "fünf"),
        ("da", "paa", "på"),
        ("hi", "हिन्दी", "हिंदी"),
        ("hi", "पाँच", "पांच"),
        ("none", "o̩jo̩", "ọjọ"),
        ("none", "کتاب", "كتاب"),
        ("none", "c", "с"),
    ],
)
def test_the_commoner_of_two_spellings_is_taken(language, rare, common):
    others = ["мама папа"] * 9 if rare == "c" else []
    texts, (check,) = spell_alike([rare, common, common, *others], language)
    assert texts[:3] == [common] * 3 and check.name == "spellings"
    assert spell_alike([rare, *others], language) == ([rare, *others], [])


def test_words_of_two_languages_stay():
    for texts, language in ((["a c", "а с"], "none"), (["aktuell", "dauer", "boot"], "de")):
        assert spell_alike(texts, language) == (texts, [])
