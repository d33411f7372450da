"""An n-gram model with back-off -> the text of its ARPA file, which any toolkit reads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from components.speech.decoding.arpa_model import ArpaModel
from components.speech.decoding.backoff_model import BackoffModel
from components.speech.decoding.build_lm import MOST_WORDS
from components.speech.decoding.interpolated_model import InterpolatedModel
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.ngram_counts import START

NEVER = -99.0  # log10: written for <s>, which no word comes before
Ngram = tuple[str, ...]


def build_ngrams(
    texts: Sequence[str], lm_text: str = "", lm: str = "", most_words: int = MOST_WORDS
) -> BackoffModel:
    """Texts, with at least one word in all -> an n-gram model, also where each is a single word.

    lm_text, lm, most_words: as of build_lm.
    """
    if lm:
        return ArpaModel(lm, most_words).fit(texts)
    if lm_text:
        return InterpolatedModel(lm_text, most_words=most_words).fit(texts)
    return NgramModel(order=None).fit(texts).with_backoffs()


def arpa_text(model: BackoffModel) -> str:
    """A model -> its n-grams, by order, with logarithms to base 10."""
    by_order: dict[int, list[Ngram]] = {}
    for ngram in sorted(_ngrams(model)):
        by_order.setdefault(len(ngram), []).append(ngram)
    sizes = [f"ngram {order}={len(ngrams)}" for order, ngrams in sorted(by_order.items())]
    sections = [
        "\n".join([f"\\{order}-grams:", *(_line(model, ngram) for ngram in ngrams)])
        for order, ngrams in sorted(by_order.items())
    ]
    return "\n\n".join(["\n".join(["\\data\\", *sizes]), *sections, "\\end\\\n"])


def _ngrams(model: BackoffModel) -> set[Ngram]:
    """All that have a probability, all that are histories, and the start, which decoders look for."""
    histories = {(START,), *(tuple(past.split()) for past in model.log_probs_ if past)}
    return histories | {(*past.split(), word) for past, row in model.log_probs_.items() for word in row}


def _line(model: BackoffModel, ngram: Ngram) -> str:
    return "\t".join(_fields(model, ngram))


def _fields(model: BackoffModel, ngram: Ngram) -> Iterator[str]:
    """Its log probability, its words, and its back-off where it is a history."""
    *past, word = ngram
    yield f"{NEVER if word == START else model.word_log_prob(word, past) / math.log(10):.6f}"
    yield " ".join(ngram)
    if " ".join(ngram) in model.log_probs_:
        yield f"{model.backoffs_.get(' '.join(ngram), 0.0) / math.log(10):.6f}"
