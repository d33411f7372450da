"""Scripts without spaces between words: a text in one of them is taken character by character."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

UNSPACED = {  # first and last code point
    "Chinese and Japanese": (
        *((0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
        *((0x20000, 0x3134F), (0x3005, 0x3007)),
    ),
    "Thai": ((0x0E00, 0x0E7F),),
    "Lao": ((0x0E80, 0x0EFF),),
    "Tibetan": ((0x0F00, 0x0FFF),),
    "Burmese": ((0x1000, 0x109F), (0xAA60, 0xAA7F)),
    "Khmer": ((0x1780, 0x17FF),),
}
RANGES = tuple(span for spans in UNSPACED.values() for span in spans)


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that writes no spaces between words."""
    code = ord(character)
    return code >= RANGES_START and any(first <= code <= last for first, last in RANGES)


RANGES_START = min(first for first, _ in RANGES)


def counts_characters(texts: Sequence[str]) -> bool:
    """Normalised texts -> whether most of their letters are of a script without spaces."""
    letters = [character for text in texts for character in text if not character.isspace()]
    return sum(map(is_unspaced, letters)) > len(letters) / 2


def split_characters(text: str) -> str:
    """A normalised text -> its characters of unspaced scripts between spaces, with their marks.

    Words of other scripts and numbers stay whole.
    """
    pieces: list[str] = []
    joined = False  # whether the next character goes on with the last piece
    for character in text:
        if character.isspace():
            joined = False
        elif unicodedata.category(character)[0] == "M" and pieces:
            pieces[-1] += character
        elif is_unspaced(character):
            pieces.append(character)
            joined = False
        elif joined:
            pieces[-1] += character
        else:
            pieces.append(character)
            joined = True
    return " ".join(pieces)
