"""Words were read in the wrong language, or by their letters, and nothing said so.

- Eight of ten Māori words are written as they sound, so that its voice seemed to name their letters: it was
  "misread", and taken letter by letter.
- French and Spanish number words without a language were English: half of them are names in CMUdict.
- Codes such as w01 were "100 % English".
- English words under another language's tag (sw, pt_BR) were pronounced by its rules.
- Armenian marks on a vowel, and the dot in Catalan col·legi, made two words of one.
"""

import pytest

from components.speech.corpus.language import find_language
from components.speech.corpus.text import normalise
from components.speech.lexicon import pronounced_by

ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
FRENCH = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
SPANISH = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
GERMAN = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
MAORI = ["kore", "tahi", "rua", "toru", "whā", "rima", "āe", "kāo", "mauī", "matau"]


def names(*arguments):
    return [check.name for check in find_language(*arguments).checks]


@pytest.mark.parametrize(
    ("words", "language"), [(MAORI, "mi"), (["mā", "pō", "rā", "tū", "hā", "kī", "whā", "kāo"], "mi")]
)
def test_a_voice_of_words_that_are_written_as_they_sound_is_no_misread_one(words, language):
    assert pronounced_by(words, language) == "espeak"


@pytest.mark.parametrize("words", [FRENCH, SPANISH])
def test_a_guess_of_english_by_half_the_words_is_told(words):
    assert names([], words) == ["language-guessed"]
    assert names(["fr"], words) == [] and names([], words, "fr") == []


def test_english_by_nearly_all_words_is_no_guess_and_codes_tell_nothing():
    assert names([], [*ENGLISH, "blorfing"]) == []
    assert find_language([], ["w01", "w02"]).how == (
        "English (America) [en-us], as no language is named and no word tells it"
    )


@pytest.mark.parametrize("tag", ["sw", "pt_BR", "de", "cmn"])
def test_english_words_under_another_name_are_told(tag):
    assert names([tag] * 10, ENGLISH) == ["language-looks-english"]
    assert names([tag] * 10, ENGLISH, tag) == [], "asked for"


def test_other_words_under_their_own_name_are_fine():
    assert names(["de"], GERMAN) == names(["fr"], FRENCH) == names(["en-IN"], ENGLISH) == []


@pytest.mark.parametrize("tag", ["mul", "und", "C"])
def test_tags_of_no_language_name_none(tag):
    assert find_language([tag] * 10, ENGLISH).code == "en-us"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ինչո՞ւ ողջո՛ւյն։ Այո՜", "ինչու ողջույն այո"),
        ("El col·legi coŀlegi", "el col·legi col·legi"),
        ("A·B · c", "a b c"),
    ],
)
def test_marks_inside_a_word_leave_it_one(text, words):
    assert normalise(text) == words
