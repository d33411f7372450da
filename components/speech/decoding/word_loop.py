"""What a search may know of language: letters alone, a lexicon, or a lexicon and how words follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import kaldifst
from sklearn.base import BaseEstimator

from components.speech.decoding.build_lm import LanguageModel
from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.grammars import OneWordGrammar

LETTERS, LEXICON, LANGUAGE_MODEL = "letters", "lexicon", "language_model"


class AnyWords(BaseEstimator):
    """Words become a grammar of all their sequences, each word and the end as likely as any other.

    words: at least one. single: exactly one word is said.
    """

    def __init__(self, words: Sequence[str] = (), single: bool = False) -> None:
        self.words = words
        self.single = single

    @property
    def vocabulary_(self) -> list[str]:
        """The words, sorted."""
        return sorted(self.words)

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of the sequences, minus log probabilities as weights; there is nothing to back off to."""
        arcs, end = Arcs(), int(self.single)
        cost = log(len(self.words) + (not self.single))
        for word in self.vocabulary_:
            arcs.add(0, word_ids[word], word_ids[word], cost, end)
        arcs.final(end, 0.0 if self.single else cost)
        return arcs.fst()


def in_any_order(model: LanguageModel) -> AnyWords:
    """Trained language model -> its words in any order; one of them, where it allows one word only."""
    return AnyWords(model.vocabulary_, isinstance(model, OneWordGrammar))
