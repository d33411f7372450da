"""Training transcripts of one word -> a grammar that allows those words, one at a time, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import kaldifst
import numpy as np
from sklearn.base import BaseEstimator

from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.language_model import NgramModel


class OneWordGrammar(BaseEstimator):
    """Training texts of one word each -> exactly one of those words, as likely as it was said.

    For isolated words, in the place of an n-gram model, which would allow no word or several.
    raised: added to the count of each word. vocabulary: words that may be said besides the texts' own.
    Learned: `vocabulary_`, sorted; `log_probs_`, (words,).
    """

    def __init__(self, raised: float = 1.0, vocabulary: Sequence[str] = ()) -> None:
        self.raised = raised
        self.vocabulary = vocabulary

    def fit(self, texts: Iterable[str], y: None = None) -> OneWordGrammar:
        """Counts the words. Raises ValueError for a text that is not one word."""
        texts = list(texts)
        other = [text for text in texts if len(text.split()) != 1]
        if other or not texts:
            came = repr(other[0]) if other else "no text"
            raise ValueError(
                f"OneWordGrammar expected texts of one word, got {came}; use NgramModel for the others."
            )
        counts = Counter(text.strip() for text in texts)
        self.vocabulary_ = sorted({*counts, *self.vocabulary})
        raised = np.array([counts[word] + self.raised for word in self.vocabulary_])
        self.log_probs_ = np.log(raised / raised.sum())
        return self

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of one word, minus its log probability as weight; there is nothing to back off to."""
        arcs = Arcs()
        for word, log_prob in zip(self.vocabulary_, self.log_probs_.tolist(), strict=True):
            arcs.add(0, word_ids[word], word_ids[word], -log_prob, 1)
        arcs.final(1)
        return arcs.fst()


def lm_without_grammar(
    texts: Iterable[str], order: int | None, vocabulary: Sequence[str] = ()
) -> OneWordGrammar | NgramModel:
    """Training texts -> the grammar of one word if each of them is one word, else an n-gram model.

    order, vocabulary: as of NgramModel.
    """
    texts = list(texts)
    single = all(len(text.split()) == 1 for text in texts)
    model = OneWordGrammar(vocabulary=vocabulary) if single else NgramModel(order, vocabulary=vocabulary)
    return model.fit(texts)
