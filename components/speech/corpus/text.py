"""Text normalisation: one written form of transcripts for training and scoring, whatever the recogniser."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from components.speech.corpus.letters import compatible, in_letters_of, in_one_script, with_last_sigmas

OKINA = "\u02bb"
LETTERS = "\u02bb\u02bc\u02be\u02bf\ua78b\ua78c"  # apostrophes that are letters, such as the okina
APOSTROPHE = re.compile(
    f"[{LETTERS}\u2018\u2019\u201b\u02b9\u02bd\u02c8\u2032\u0060\u00b4\u05f3\u055a\uff07]"
)
FIRST_LETTER = re.compile(rf"(?<![\w'])(?:[{LETTERS}])(?=[^\W\d_{LETTERS}])")
GERSHAYIM = re.compile("(?<=[\u05d0-\u05ea])(?:[\"\u201c\u201d\u2033\u05f4]|'')(?=[\u05d0-\u05ea])")
LONE_APOSTROPHE = re.compile(r"(?<!\S)'+|'+(?!\S)|'{2,}")
STRESSED = "\u055b\u055c\u055e"  # Armenian writes stress, exclamation and question within a word
NOTHING = frozenset(f"\u0640\u00ad\u05f4{STRESSED}")  # kashida, soft hyphen, the mark in Hebrew acronyms
GEMINATE = re.compile(  # Catalan writes a dot between two letters of a word
    "(?<=l)[\u00b7\u2027\u2219\u22c5\u30fb](?=l)"
)
VARIATIONS = range(0xFE00, 0xFE10)  # marks that choose between pictures of a character, as of an emoji
SPACES = frozenset("\u200b")  # the space of no width ends a word where words have no spaces between


def normalise(text: str, language: str = "") -> str:
    """A transcript -> words between single spaces: NFKC, lower case, letters, marks and digits.

    Ligatures, wide and presentation forms become plain letters, digits of any script 0 to 9. Apostrophes,
    and characters that look like one, stay as ' inside a word ("don't"), letters such as the okina at its
    beginning, too, and so does the dot of Catalan "col·legi"; every other punctuation mark and symbol,
    hyphens too, becomes a space, so "thirty-five" is two words and nothing runs together. Invisible format
    characters and frames around letters go. Letters of another script that only look like those of a word's
    own become its own. language: an eSpeak NG code; in Turkish and Azerbaijani I is
    the capital of a dotless i.
    """
    plain = in_one_script(compatible(_apostrophes(text)))
    plain = in_letters_of(GERSHAYIM.sub("", plain), language)
    lower = _apostrophes(unicodedata.normalize("NFC", plain.lower().replace("i\u0307", "i")))
    lower = with_last_sigmas(lower)
    cleaned = "\u00b7".join("".join(map(_replacement, piece)) for piece in GEMINATE.split(lower))
    words = LONE_APOSTROPHE.sub(" ", " ".join(cleaned.split())).split()
    return " ".join(filter(None, map(_without_first_marks, words)))


def _apostrophes(text: str) -> str:
    """A text -> the same with ' for whatever looks like it, but for letters at the beginning of words."""
    text = FIRST_LETTER.sub("\ue000", text)
    return APOSTROPHE.sub("'", text).replace("\ue000", OKINA)


def _without_first_marks(word: str) -> str:
    """A word without marks that stand on no letter, such as the frame of a keycap."""
    while word and (unicodedata.category(word[0])[0] == "M" or word[0] == "'"):
        word = word[1:]
    return word


@lru_cache(maxsize=65_536)
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
