"""How a transcript is written before anything counts or learns from it: one form for both families."""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"))
LONE_APOSTROPHE = re.compile(r"(?<!\S)'+|'+(?!\S)|'{2,}")


def normalise(text: str) -> str:
    """A transcript becomes words between single spaces: NFC, lower case, letters, marks and digits.

    Apostrophes stay inside a word ("don't"), every other punctuation mark and symbol, hyphens too, becomes
    a space, so "thirty-five" is two words and nothing runs together. Invisible format characters go.
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(APOSTROPHES)
    kept = "".join(_kept(character) for character in unicodedata.normalize("NFC", plain))
    return " ".join(LONE_APOSTROPHE.sub(" ", " ".join(kept.split())).split())


def _kept(character: str) -> str:
    """The character itself, a space in its place, or nothing."""
    category = unicodedata.category(character)
    if category[0] in "LMN" or character == "'":
        return character
    return "" if category == "Cf" else " "
