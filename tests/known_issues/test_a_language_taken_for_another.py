"""Words were read in the wrong language, or by their letters, and nothing said so.

- Eight of ten Māori words are written as they sound, so that its voice seemed to name their letters: it was
  "misread", and taken letter by letter.
- French and Spanish number words without a language were English: half of them are names in CMUdict.
- Codes such as w01 were "100 % English".
- So were Italian ones, "si" and "no", "ja" and "nein", and digits of no language, partly without a word.
- "German/English" was German, and "de;q=0.9", <de> and "mixed" were languages that nobody speaks.
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
def test_half_the_words_in_cmudict_are_not_english(words):
    assert names([], words) == ["language-not-named"]
    assert names(["fr"], words) == [] and names([], words, "fr") == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("zero uno due tre quattro cinque sei sette otto nove", "Italian [it]"),
        ("zero um dois três quatro cinco seis sete oito nove", "Portuguese (Portugal) [pt]"),
        ("nol satu dua tiga empat lima enam tujuh delapan sembilan", "Indonesian [id]"),
        ("sifuri moja mbili tatu nne tano sita saba nane tisa", ""),
        ("sifili daya biyu uku hudu biyar shida bakwai takwas tara", ""),
        ("odo ookan eeji eeta eerin aarun eefa eeje eejo eesan", ""),
        ("qanda kunye kubili kuthathu kune kuhlanu isithupha", ""),
        ("oui non stop gauche droite haut bas", ""),
        ("de man is in het huis en ik ben in de stad", ""),
        ("ichi ni san shi go roku nana hachi kyu ju", ""),
    ],
)
def test_few_words_of_other_languages_are_no_english(words, hint):
    found = find_language([], words.split())
    assert found.code == "none" and [check.name for check in found.checks] == ["language-not-named"]
    assert ("They look like numbers" in found.checks[0].message) == bool(hint) and hint in found.checks[
        0
    ].message


@pytest.mark.parametrize(
    "words",
    ["si no", "ja nein", "licht an licht aus", "marco anna luca", "yi er san si wu liu qi ba jiu shi", "1 2"],
)
def test_words_that_english_has_as_well_are_told(words):
    assert names([], words.split()) == ["language-guessed"]


@pytest.mark.parametrize(
    "words", [*(" ".join(ENGLISH),), "yes no up down", "turn on the alexa", "the man is in the house"]
)
def test_words_of_english_alone_are_english(words):
    assert names([], words.split()) == []


@pytest.mark.parametrize("name", ["German/English", "de,en", "de+en", "en|de", "de and en"])
def test_two_languages_in_one_name_stop(name):
    checks = find_language([name] * 3, ["xyzzy"]).checks
    assert [(check.name, check.verdict) for check in checks] == [("languages", "stop")]


@pytest.mark.parametrize("name", ["de;q=0.9", "'de'", "<de>", "[de]", "de", "German"])
def test_a_code_in_another_dress(name):
    assert find_language([name] * 3, ["xyzzy"]).code == "de"


@pytest.mark.parametrize("name", ["mixed", "none", "other", "multilingual", "auto", "Unknown"])
def test_a_name_of_no_language_is_none(name):
    assert names([name] * 3, ["xyzzy"]) == ["language-not-named"]


def test_english_by_nearly_all_words_is_no_guess_and_codes_tell_nothing():
    assert names([], [*ENGLISH, "blorfing"]) == []
    assert find_language([], ["w01", "w02"]).how == (
        "English (America) [en-us], as no language is named and no word tells it"
    )


@pytest.mark.parametrize("tag", ["sw", "pt_BR", "de", "cmn"])
def test_english_words_under_another_name_are_told(tag):
    assert names([tag] * 10, ENGLISH) == ["language-looks-english"]
    assert names([tag] * 10, ENGLISH, tag) == [], "asked for"


def test_texts_in_two_languages_are_told():
    mixed = ["eins please", "zwei thank", "sechs good morning", "ja", "nein danke"]
    assert names(["de"] * 5, mixed) == ["languages-mixed"]
    assert names(["de", "", "", "", ""], GERMAN[:5]) == ["language-partly-named"]
    assert names(["de"] * 19 + [""], GERMAN * 2) == []


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
