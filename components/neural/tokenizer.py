"""Texts <-> numbers of what they are spelt with: characters, phonemes or words; number 0 is CTC's blank."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from sklearn.base import BaseEstimator

from components.speech.decoding.lexicon import Lexicon, pronounce

BLANK = 0
CHARACTERS, PHONEMES, WORDS = UNITS = ("characters", "phonemes", "words")


class Spelling(BaseEstimator):
    """Texts <-> the numbers of their tokens, and words -> all the ways in which they are spelt.

    units: "characters" (with a space between words), "phonemes" (of the modular side's lexicon) or "words"
    (each a token of its own). language: of the phonemes.
    Learned: `tokens_`, sorted, the first of which has number 1; `lexicon_`, the ways to write each word with
    them.
    """

    def __init__(self, units: str = CHARACTERS, language: str = "en-us") -> None:
        self.units = units
        self.language = language

    def fit(self, texts: Iterable[str], further: Iterable[str] = ()) -> Spelling:
        """Learn the tokens of the texts. further: words that may be said, too.

        Raises ValueError for words that cannot be pronounced, if that is what is asked for.
        """
        texts = list(texts)
        heard = {word for text in texts for word in text.split()}
        self.lexicon_ = self._written(sorted(heard.union(further)))
        self.tokens_ = sorted({token for text in texts for token in self._tokens(text)})
        return self

    def spell(self, text: str) -> np.ndarray:
        """Text of known words -> its tokens' numbers, int64 (tokens,); of several spellings the first.

        Raises ValueError for a token that no training text had.
        """
        if self.units == CHARACTERS:
            spelt = [self._number(token) for token in self._tokens(text)]
        else:
            spelt = [number for word in text.split() for number in self.spellings(word)[0]]
        if BLANK in spelt:
            raise ValueError(f"spelling expected tokens of {''.join(self.tokens_)!r} alone, got {text!r}.")
        return np.array(spelt, dtype=np.int64)

    def unspell(self, numbers: Iterable[int]) -> str:
        """Tokens' numbers -> what they say: a text, or phonemes with spaces between them."""
        tokens = (self.tokens_[number - 1] for number in numbers)
        return tidy(("" if self.units == CHARACTERS else " ").join(tokens))

    def spellings(self, word: str) -> list[list[int]]:
        """Word -> all its spellings in numbers; none if no training text has all the tokens of one."""
        ways = [[self._number(token) for token in way] for way in self.lexicon_.get(word, [])]
        return [way for way in ways if BLANK not in way]

    @property
    def space(self) -> int | None:
        """The number of the space between words, None where there is none."""
        return self._number(" ") or None

    def _number(self, token: str) -> int:
        """The number of a token, the blank's for an unknown one; the tokens are sorted."""
        place = bisect_left(self.tokens_, token)
        known = place < len(self.tokens_) and self.tokens_[place] == token
        return BLANK + 1 + place if known else BLANK

    def _written(self, words: list[str]) -> Lexicon:
        if self.units == PHONEMES:
            return pronounce(words, self.language)
        return {word: [tuple(word) if self.units == CHARACTERS else (word,)] for word in words}

    def _tokens(self, text: str) -> Iterable[str]:
        if self.units == CHARACTERS:
            return tidy(text)
        return [token for word in text.split() for token in self.lexicon_[word][0]]


def tidy(text: str) -> str:
    """Words with one space between them."""
    return " ".join(text.split())


def rows_needed(spelt: np.ndarray) -> int:
    """Fewest rows in which CTC can say the tokens: one each, and a blank between two that are equal."""
    return len(spelt) + int((spelt[1:] == spelt[:-1]).sum())
