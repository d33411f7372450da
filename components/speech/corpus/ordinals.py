"""Ordinals that are written as figures with an ending, such as 2nd, 1er and 3.ª, as words."""

from __future__ import annotations

import re
from collections.abc import Callable

TENS = dict(
    enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"],
        start=2,
    )
)
DECADE = re.compile(r"(?<!\w)['\u2019]?(1[1-9]|20)?([2-9])0s\b", re.IGNORECASE)
LONGEST = 999_999_999
FEMININE = ("ª", "a", "re", "ère", "ra", "da", "nde")
SHORT = ("er",)  # Spanish, before a noun
ENDINGS = {  # language -> what stands behind the figure, and how many are surely said so
    "en": (r"(?:st|nd|rd|th)\b", LONGEST),
    "fr": (r"(?:er|re|ère|nde?|i?[eè]me|e)\b", LONGEST),
    "es": (r"\.?(?:[ºª]|er\b)", 10),
    "pt": (r"\.?[ºª]", LONGEST),
    "it": (r"\.?(?:[ºª]|°(?!\s?[CF]\b))", LONGEST),
    "nl": (r"(?:e|de|ste)\b", LONGEST),
    "sv": (r":[ae]\b", LONGEST),
}


def ordinals_in_words(text: str, language: str) -> str:
    """A text -> the same with ordinals, and decades of English, as words; what is not certain stays."""
    code = language.split("-")[0]
    if code not in ENDINGS or not any(map(str.isdigit, text)):
        return text
    ending, most = ENDINGS[code]

    def spell(match: re.Match) -> str:
        number = int(match[1].replace(",", ""))
        return f" {_ordinal(number, match[2].strip('.').lower(), code)} " if 0 < number <= most else match[0]

    text = re.sub(rf"(?<![\w.,])(\d{{1,3}}(?:,\d{{3}})+|\d+)({ending})", spell, text, flags=re.IGNORECASE)
    return DECADE.sub(_decade, text) if code == "en" else text


def _ordinal(number: int, ending: str, code: str) -> str:
    import num2words

    words = num2words.num2words(number, to="ordinal", lang=code)
    return CHANGED.get(code, lambda words, ending: words)(words, ending)


def _french(words: str, ending: str) -> str:
    if ending in ("nd", "nde"):
        return "second" + ending[2:]
    return "première" if words == "premier" and ending in FEMININE else words


def _spanish(words: str, ending: str) -> str:
    if ending in SHORT:
        return words.removesuffix("o")
    return re.sub(r"o\b", "a", words) if ending in FEMININE else words


CHANGED: dict[str, Callable[[str, str], str]] = dict.fromkeys(("es", "pt", "it"), _spanish) | {"fr": _french}


def _decade(match: re.Match) -> str:
    import num2words

    century = f"{num2words.num2words(int(match[1]))} " if match[1] else ""
    return century + TENS[int(match[2])]
