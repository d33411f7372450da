"""Texts <-> token ids: characters, phonemes, words or their parts; id 0 is CTC's blank."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.speech.lexicon import Lexicon
from components.speech.lexicon_file import look_up, variant_costs

BLANK = 0
CHARACTERS, PHONEMES, WORDS, WORD_PARTS = UNITS = ("characters", "phonemes", "words", "word-parts")
WITHOUT_TEXT = (PHONEMES, WORD_PARTS)  # units that spell no text by themselves: words are searched
PARTS, MOST_IN_PARTS = 3, 1000  # of a word; words, the most frequent ones, that have parts
OTHER = "<other>"  # the one token of all other words


class Tokenizer(BaseEstimator):
    """Texts <-> token ids, and words -> all their encodings.

    units: "characters" (with a space between words), "phonemes" (of the modular side's lexicon), "words"
    (each a token of its own) or "word-parts" (each three tokens of its own: begin, middle and end, whatever
    its label looks like; of many words only the most frequent). language: of the phonemes. lexicon: text of
    a file with them, see lexicon_file; "": none.
    Learned: `tokens_`, sorted, the first of which has id 1; `lexicon_`, every word's ways to be written with
    them.
    """

    def __init__(self, units: str = CHARACTERS, language: str = "en-us", lexicon: str = "") -> None:
        self.units = units
        self.language = language
        self.lexicon = lexicon

    def fit(self, texts: Iterable[str], further_words: Iterable[str] = ()) -> Tokenizer:
        """Learn the tokens of the texts. further_words: words of a grammar, for the lexicon alone.

        Raises ValueError for words that cannot be pronounced, where units are phonemes.
        """
        texts = list(texts)
        counts = Counter(word for text in texts for word in text.split())
        self.lexicon_ = self._lexicon(sorted({*counts, *further_words}), counts)
        self.tokens_ = sorted({token for text in texts for token in self._tokens(text)})
        return self

    def with_words(self, words: Iterable[str]) -> Tokenizer:
        """Words -> a tokenizer with the same tokens, and these words in its lexicon."""
        other = clone(self)
        other.tokens_, other.lexicon_ = self.tokens_, self._lexicon(sorted({*words}), Counter(words))
        return other

    def encode(self, text: str) -> np.ndarray:
        """Text of words in the lexicon -> token ids, int64 (tokens,); of several encodings the first.

        Raises ValueError for a token that no training text had.
        """
        if self.units in (CHARACTERS, WORD_PARTS):
            ids = [self._id(token) for token in self._tokens(text)]
        else:
            ids = [token for word in text.split() for token in self.encodings(word)[0]]
        if BLANK in ids:
            raise ValueError(
                f"Tokenizer expected tokens of {''.join(self.tokens_)!r} alone, got {text!r}; train on texts "
                "that have all of them."
            )
        return np.array(ids, dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> str:
        """Token ids -> text, or phonemes with spaces between them."""
        tokens = (self.tokens_[token - 1] for token in ids)
        return normalise_spaces(("" if self.units == CHARACTERS else " ").join(tokens))

    def encodings(self, word: str) -> list[list[int]]:
        """Word -> the token ids of each of its ways to be written; none if training texts lack a token."""
        spellings = [tokens for tokens in self.lexicon_.get(word, []) if OTHER not in tokens]
        rows = [[self._id(token) for token in tokens] for tokens in spellings]
        return [row for row in rows if BLANK not in row]

    def variant_costs(self, words: Iterable[str]) -> dict[str, list[float]]:
        """Words -> {word: costs of its encodings}, of those whose encodings are not equally likely."""
        if self.units != PHONEMES or not getattr(self, "lexicon", ""):
            return {}
        lexicon = {
            word: [row for row in self.lexicon_.get(word, []) if BLANK not in map(self._id, row)]
            for word in words
        }
        return variant_costs(lexicon, self.language, self.lexicon)

    @property
    def can_write_all_words(self) -> bool:
        """Whether every word of the texts, and every further one, has an encoding."""
        return all(map(self.encodings, self.lexicon_))

    @property
    def space(self) -> int | None:
        """The id of the space between words, None where there is none."""
        return self._id(" ") or None

    def _id(self, token: str) -> int:
        """The id of a token, the blank's for an unknown one; the tokens are sorted."""
        place = bisect_left(self.tokens_, token)
        is_known = place < len(self.tokens_) and self.tokens_[place] == token
        return BLANK + 1 + place if is_known else BLANK

    def _lexicon(self, words: list[str], counts: Counter[str]) -> Lexicon:
        if self.units == PHONEMES:
            return look_up(words, self.language, self.lexicon)
        if self.units == WORD_PARTS:
            frequent = {word for word, _ in counts.most_common(MOST_IN_PARTS)}
            return {word: [_parts(word) if word in frequent else (OTHER,)] for word in words}
        return {word: [tuple(word) if self.units == CHARACTERS else (word,)] for word in words}

    def _tokens(self, text: str) -> Iterable[str]:
        if self.units == CHARACTERS:
            return normalise_spaces(text)
        return [token for word in text.split() for token in self.lexicon_.get(word, [(OTHER,)])[0]]


def _parts(word: str) -> tuple[str, ...]:
    return tuple(f"{word} {part}/{PARTS}" for part in range(1, PARTS + 1))


def normalise_spaces(text: str) -> str:
    """Text -> its words with one space between them."""
    return " ".join(text.split())


def ctc_rows_needed(ids: np.ndarray) -> int:
    """Token ids (tokens,) -> fewest rows of a CTC path: one each, and a blank between two that are equal."""
    return len(ids) + int((ids[1:] == ids[:-1]).sum())


def usable_targets(tokens: Sequence[np.ndarray | None], rows: np.ndarray) -> list[np.ndarray | None]:
    """Token ids (tokens,) or None, and output rows, of each clip -> the same, None where rows are too few."""
    pairs = zip(tokens, rows, strict=True)
    return [None if ids is None or length < ctc_rows_needed(ids) else ids for ids, length in pairs]
