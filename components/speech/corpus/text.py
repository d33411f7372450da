"""Text normalisation: one written form of transcripts for training and scoring, whatever the recogniser."""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"))
LONE_APOSTROPHE = re.compile(r"(?<!\S)'+|'+(?!\S)|'{2,}")


def normalise(text: str) -> str:
    """A transcript -> words between single spaces: NFC, lower case, letters, marks and digits.

    Apostrophes stay inside a word ("don't"), every other punctuation mark and symbol, hyphens too, becomes
    a space, so "thirty-five" is two words and nothing runs together. Invisible format characters go.
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(APOSTROPHES)
    cleaned = "".join(_replacement(character) for character in unicodedata.normalize("NFC", plain))
    return " ".join(LONE_APOSTROPHE.sub(" ", " ".join(cleaned.split())).split())


def _replacement(character: str) -> str:
    """A character -> itself, a space, or nothing."""
    category = unicodedata.category(character)
    if category[0] in "LMN" or character == "'":
        return character
    return "" if category == "Cf" else " "
