"""Text normalisation: one written form of transcripts for training and scoring, whatever the recogniser."""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = str.maketrans(
    dict.fromkeys(
        "\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u02c8\u2032\u0060\u00b4\u05f3\ua78b\ua78c\u055a\uff07",
        "'",
    )
)
LONE_APOSTROPHE = re.compile(r"(?<!\S)'+|'+(?!\S)|'{2,}")
TURKISH = ("tr", "az")
NOTHING = frozenset("\u0640\u00ad\u05f4")  # Arabic kashida, soft hyphen, the mark in Hebrew acronyms
VARIATIONS = range(0xFE00, 0xFE10)  # marks that choose between pictures of a character, as of an emoji
SPACES = frozenset("\u200b")  # the space of no width ends a word where words have no spaces between


def normalise(text: str, language: str = "") -> str:
    """A transcript -> words between single spaces: NFKC, lower case, letters, marks and digits.

    Ligatures, wide and presentation forms become plain letters, digits of any script 0 to 9. Apostrophes, and
    characters that look like one, stay as ' inside a word ("don't"); every other punctuation mark and symbol,
    hyphens too, becomes a space, so "thirty-five" is two words and nothing runs together. Invisible format
    characters and frames around letters go. language: an eSpeak NG code; in Turkish and Azerbaijani I is the
    capital of a dotless i.
    """
    plain = unicodedata.normalize("NFKC", text.translate(APOSTROPHES))
    lower = unicodedata.normalize("NFC", _lower(plain, language)).translate(APOSTROPHES)
    cleaned = "".join(map(_replacement, lower))
    words = LONE_APOSTROPHE.sub(" ", " ".join(cleaned.split())).split()
    return " ".join(filter(None, map(_without_first_marks, words)))


def _without_first_marks(word: str) -> str:
    """A word without marks that stand on no letter, such as the frame of a keycap."""
    while word and (unicodedata.category(word[0])[0] == "M" or word[0] == "'"):
        word = word[1:]
    return word


def _lower(text: str, language: str) -> str:
    if language.split("-")[0] in TURKISH:
        text = text.replace("I\u0307", "İ").replace("I", "ı").replace("İ", "i")
    return text.lower().replace("i\u0307", "i")


def _replacement(character: str) -> str:
    """A character -> itself, a plain digit, a space, or nothing."""
    if character.isascii():
        return character if character.isalnum() or character == "'" else " "
    category = unicodedata.category(character)
    if character in SPACES:
        return " "
    if category in ("Cf", "Me") or character in NOTHING or ord(character) in VARIATIONS:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character if category[0] in "LMN" else " "
