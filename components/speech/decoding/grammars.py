"""Transcripts of one word each -> a grammar of exactly one of those words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import kaldifst
import numpy as np
from sklearn.base import BaseEstimator

from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.language_model import NgramModel


class OneWordGrammar(BaseEstimator):
    """Training texts of one word each -> exactly one of those words, by its smoothed relative frequency.

    For isolated words, where an n-gram model would allow no word or several.
    smoothing: added to the count of each word. vocabulary: words besides those of the texts.
    Learned: `vocabulary_`, sorted; `log_probs_`, (words,).
    """

    def __init__(self, smoothing: float = 1.0, vocabulary: Sequence[str] = ()) -> None:
        self.smoothing = smoothing
        self.vocabulary = vocabulary

    def fit(self, texts: Iterable[str], y: None = None) -> OneWordGrammar:
        """Count the words. Raises ValueError for a text that is not one word."""
        texts = list(texts)
        unfit = [text for text in texts if len(text.split()) != 1]
        if unfit or not texts:
            got = repr(unfit[0]) if unfit else "no text"
            raise ValueError(
                f"OneWordGrammar expected texts of one word, got {got}; use NgramModel for the others."
            )
        counts = Counter(text.strip() for text in texts)
        self.vocabulary_ = sorted({*counts, *self.vocabulary})
        smoothed = np.array([counts[word] + self.smoothing for word in self.vocabulary_])
        self.log_probs_ = np.log(smoothed / smoothed.sum())
        return self

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of one word, weighted by minus its log probability; there is nothing to back off to."""
        arcs = Arcs()
        for word, log_prob in zip(self.vocabulary_, self.log_probs_.tolist(), strict=True):
            arcs.add(0, word_ids[word], word_ids[word], -log_prob, 1)
        arcs.final(1)
        return arcs.fst()


def lm_without_grammar(
    texts: Iterable[str], order: int | None, vocabulary: Sequence[str] = ()
) -> OneWordGrammar | NgramModel:
    """Training texts -> a OneWordGrammar if each of them is one word, else an n-gram model.

    order, vocabulary: as of NgramModel.
    """
    texts = list(texts)
    single = all(len(text.split()) == 1 for text in texts)
    model = OneWordGrammar(vocabulary=vocabulary) if single else NgramModel(order, vocabulary=vocabulary)
    return model.fit(texts)
