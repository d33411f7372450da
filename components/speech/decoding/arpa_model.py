"""The text of an ARPA file -> its n-gram model, over words as transcripts write them."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from sklearn.base import BaseEstimator

from components.ranges import at_least, check_ranges
from components.speech.corpus.text import normalise
from components.speech.decoding.backoff_model import BackoffModel, LogProbs
from components.speech.decoding.ngram_counts import END, START

UNKNOWN = ("<unk>", "<UNK>", "[unk]")
MARKS = {"<s>": START, "</s>": END, "<S>": START, "</S>": END, **dict.fromkeys(UNKNOWN, UNKNOWN[0])}
NEVER = -90.0  # log10: written for what has no probability, such as <s>
SECTION = re.compile(r"\\(\d+)-grams:$")


class ArpaModel(BackoffModel, BaseEstimator):
    """The n-grams of an ARPA file, in place of a model learned from training texts.

    text: of the file. most_words: its likeliest words, so many, besides those of the training texts. only:
    words that may be among them; None: any. Words
    are written like transcripts, in lower case; n-grams of what is no word there are left out. Words of the
    training texts that the file lacks share the probability of its <unk>; without one each gets that of its
    least likely word.
    """

    def __init__(self, text: str = "", most_words: int = 5000, only: Collection[str] | None = None) -> None:
        self.text = text
        self.most_words = most_words
        self.only = only

    def check_settings(self) -> None:
        """Raises ValueError, naming the line, for a text that is no ARPA file."""
        check_ranges(self, most_words=at_least(0))
        read_arpa(self.text)

    def fit(self, texts: Iterable[str], y: None = None) -> ArpaModel:
        """Take the n-grams of the file; of the training texts only the words are used."""
        log_probs, backoffs = read_arpa(self.text)
        unigrams = log_probs[""]
        own = {word for text in texts for word in text.split()}
        words = unigrams.keys() - {END, UNKNOWN[0]}
        words = words if self.only is None else words & set(self.only)
        likeliest = heapq.nlargest(self.most_words, sorted(words), key=unigrams.__getitem__)
        known = own.union(likeliest)
        kept = {START, END, *known}
        self.log_probs_ = {
            past: {word: value for word, value in row.items() if word in kept}
            for past, row in log_probs.items()
            if all(word in kept for word in past.split())
        }
        missing = sorted(own - unigrams.keys())
        floor = unigrams.get(UNKNOWN[0])
        each = min(unigrams.values()) if floor is None else floor - math.log(max(len(missing), 1))
        self.log_probs_[""] |= dict.fromkeys(missing, each)
        self.backoffs_ = {past: value for past, value in backoffs.items() if past in self.log_probs_}
        self.vocabulary_ = sorted(known)
        self.__dict__.pop("longest_history_", None)
        return self


@lru_cache(maxsize=1)
def read_arpa(text: str) -> tuple[LogProbs, dict[str, float]]:
    """Text of an ARPA file -> natural log probabilities by history and word, and of back-offs by history.

    Raises ValueError, naming the line, for what is no ARPA file, and for one without an end of sentences.
    """
    log_probs: LogProbs = {"": {}}
    backoffs: dict[str, float] = {}
    for number, order, fields in _ngrams(text):
        words = _written(fields[1 : 1 + order])
        if words is None:
            continue
        log_prob, weight = (_number(number, field) for field in (fields[0], (*fields, "0")[1 + order]))
        *past, word = words
        row = log_probs.setdefault(" ".join(past), {})
        if log_prob > NEVER and word != START:
            value = log_prob * math.log(10)
            row[word] = max(value, row.get(word, value))
        if len(fields) > 1 + order:
            log_probs.setdefault(" ".join(words), {})
            backoffs[" ".join(words)] = weight * math.log(10)
    if END not in log_probs[""]:
        raise ValueError("an ARPA file expected \\1-grams: with </s>, got none; give a file of n-grams.")
    empty = [past for past, row in log_probs.items() if not row and past]
    for past in empty:  # without n-grams of its own a history only leads to the shorter one
        if not backoffs.get(past):
            del log_probs[past]
    return log_probs, backoffs


def _ngrams(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Text of an ARPA file -> (line number, order, fields) of each n-gram."""
    order, began = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if section := SECTION.match(stripped):
            order = int(section[1])
        elif stripped == "\\data\\":
            began = True
        elif stripped == "\\end\\":
            return
        elif order and stripped:
            fields = stripped.split()
            if len(fields) not in (1 + order, 2 + order):
                raise _error(number, f"a log probability, {order} words and perhaps a back-off", stripped)
            yield number, order, fields
    expected = "\\end\\ after the n-grams" if began else "\\data\\, the beginning of an ARPA file"
    raise _error(text.count("\n") + 1, expected, "the end of the file")


@lru_cache(maxsize=200_000)
def _one(word: str) -> str:
    """A word of the file -> as transcripts write it; "" if that is not one word."""
    written = MARKS.get(word) or normalise(word)
    return "" if " " in written else written


def _written(words: Iterable[str]) -> list[str] | None:
    written = [_one(word) for word in words]
    return written if all(written) else None


def _number(line: int, field: str) -> float:
    try:
        return float(field)
    except ValueError:
        raise _error(line, "a number", field) from None


def _error(line: int, expected: str, got: str) -> ValueError:
    return ValueError(f"line {line} expected {expected}, got {got!r}; give an ARPA file of n-grams.")
