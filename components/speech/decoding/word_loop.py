"""Word loop: a lexicon without a language model; names of the conditions that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import kaldifst
from sklearn.base import BaseEstimator

from components.speech.decoding.build_lm import LanguageModel
from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.grammars import OneWordGrammar

LETTERS, LEXICON, LANGUAGE_MODEL = "letters", "lexicon", "language_model"


class WordLoop(BaseEstimator):
    """Words -> the acceptor of all their sequences, each word and the end equally likely everywhere.

    words: at least one. single: sequences of exactly one word.
    """

    def __init__(self, words: Sequence[str] = (), single: bool = False) -> None:
        self.words = words
        self.single = single

    @classmethod
    def from_lm(cls, lm: LanguageModel) -> WordLoop:
        """Trained language model -> its vocabulary in a loop; of one word if the model allows just one."""
        return cls(lm.vocabulary_, isinstance(lm, OneWordGrammar))

    @property
    def vocabulary_(self) -> list[str]:
        """The words, sorted."""
        return sorted(self.words)

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor with minus log probabilities as weights; there is nothing to back off to."""
        arcs, end = Arcs(), int(self.single)
        cost = log(len(self.words) + (not self.single))
        for word in self.vocabulary_:
            arcs.add(0, word_ids[word], word_ids[word], cost, end)
        arcs.final(end, 0.0 if self.single else cost)
        return arcs.fst()
