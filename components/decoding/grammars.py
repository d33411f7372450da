"""Training transcripts of one word -> a grammar that allows those words, one at a time, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import kaldifst
import numpy as np
from sklearn.base import BaseEstimator

from components.decoding.transducers import EPSILON, Arcs


class OneWordGrammar(BaseEstimator):
    """Training texts of one word each -> exactly one of those words, as likely as it was said.

    For isolated words, in the place of an n-gram model, which would allow no word or several.
    raised: added to the count of each word. Learned: `vocabulary_`, sorted; `log_probs_`, (words,).
    """

    def __init__(self, raised: float = 1.0) -> None:
        self.raised = raised

    def fit(self, texts: Iterable[str], y: None = None) -> OneWordGrammar:
        """Counts the words. Raises ValueError for a text that is not one word."""
        texts = list(texts)
        other = [text for text in texts if len(text.split()) != 1]
        if other or not texts:
            came = repr(other[0]) if other else "no text"
            raise ValueError(
                f"OneWordGrammar wanted texts of one word, got {came}; use NgramModel for the others."
            )
        counts = Counter(text.strip() for text in texts)
        self.vocabulary_ = sorted(counts)
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
