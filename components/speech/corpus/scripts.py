"""Scripts: which write no spaces between words, so that they are taken character by character, whatever words
of other scripts stand beside them; which write one language alone."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

Unit = Literal["word", "character", "mixed"]

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
OF_ONE_LANGUAGE = {  # as Unicode names their letters -> eSpeak NG's code
    **{"HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "THAI": "th", "GREEK": "el", "GEORGIAN": "ka"},
    **{"ARMENIAN": "hy", "HEBREW": "he", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml"},
    **{"GUJARATI": "gu", "GURMUKHI": "pa", "ORIYA": "or", "SINHALA": "si"},
}
KANJI, LEAST_KANA = "CJK", 0.1  # Japanese writes both: of its letters so many at least are kana
LEAST_CHARACTERS = 0.05  # of what is said: fewer are names within a text of words
LEAST_WORDS = 0.01  # fewer are names within a text of characters
MOST = 0.5  # of the letters: names and loan words may be in another script

RANGES = tuple(span for spans in UNSPACED.values() for span in spans)
RANGES_START = min(first for first, _ in RANGES)


@lru_cache(maxsize=65_536)
def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that writes no spaces between words."""
    code = ord(character)
    return code >= RANGES_START and any(first <= code <= last for first, last in RANGES)


def unit_of(texts: Sequence[str]) -> Unit:
    """Split texts -> what errors are counted in: characters of scripts without spaces, words, or both."""
    kinds = Counter(_kind(piece) for text in texts for piece in text.split())
    if kinds["character"] <= LEAST_CHARACTERS * kinds.total():
        return "word"
    return "mixed" if kinds["word"] > LEAST_WORDS * kinds.total() else "character"


def _kind(piece: str) -> str:
    """A piece of text -> "character" of a script without spaces, "word"; "" for letters and numbers."""
    if is_unspaced(piece[0]):
        return "character"
    return "word" if sum(map(str.isalpha, piece)) > 1 else ""


def split_characters(text: str) -> str:
    """A normalised text -> its characters of unspaced scripts between spaces, with their marks.

    Words of other scripts and numbers stay whole.
    """
    if text.isascii():
        return " ".join(text.split())
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
    return " ".join(filter(None, (piece.strip("'") for piece in pieces)))


def language_of_script(words: Iterable[str]) -> tuple[str, float]:
    """Words -> the language that is nearly alone in being written in their script, and the share of letters.

    ("", 0.0) where there is none, as for Latin, Cyrillic, Arabic and Devanagari, which many languages share.
    """
    letters = (character for word in words for character in word if character.isalpha())
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0].partition("-")[0] for letter in letters)
    languages = Counter[str]()
    for script, count in scripts.items():
        languages[OF_ONE_LANGUAGE.get(script, "")] += count
    if languages["ja"] >= LEAST_KANA * (languages["ja"] + scripts[KANJI]):
        languages["ja"] += scripts[KANJI]
    code, count = max(languages.items(), key=lambda item: (bool(item[0]), item[1]), default=("", 0))
    share = count / max(1, scripts.total())
    return (code, share) if share > MOST else ("", 0.0)
