"""Words that are the numbers of a language -> which one, as a hint to whoever has not named it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from components.speech.corpus.text import normalise

COUNTED = range(21)
LEAST_WORDS, LEAST_SHARE = 3, 0.7  # of the different words


def languages_of_numbers(words: Iterable[str]) -> list[str]:
    """Words -> the codes of languages in which most of them are numbers from 0 to 20, those of most alone."""
    words = set(words)
    known = {code: len(words & numbers) for code, numbers in _numbers().items()}
    most = max(known.values(), default=0)
    enough = most >= max(LEAST_WORDS, LEAST_SHARE * len(words))
    return sorted(code for code, count in known.items() if count == most) if enough else []


@cache
def _numbers() -> Mapping[str, frozenset[str]]:
    """Code of each language that num2words knows -> its numbers."""
    import num2words

    languages = [code for code in num2words.CONVERTER_CLASSES if "_" not in code]
    return {code: frozenset(map(_spelt(code), COUNTED)) for code in languages}


def _spelt(code: str):
    import num2words

    return lambda number: normalise(num2words.num2words(number, lang=code))
