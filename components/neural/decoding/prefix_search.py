"""Log-probabilities of tokens -> the likeliest text by spelling alone: no lexicon, no language model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.neural.decoding.words import aligned_words
from components.neural.tokenizer import Spelling
from components.speech.decoding.confidence import Votes, sentence_votes
from components.speech.decoding.n_best import Sentence
from components.speech.decoding.prefix_beam import BEAM, prefix_beam_search
from components.speech.decoding.search import Path

WITHIN = 16.0  # nats: dearer sentences are not looked for


class PrefixSearch:
    """What SpellingSearch is to Answers, for networks that know nothing but how to spell."""

    beams, lm_scale = (WITHIN,), 1.0

    def __init__(self, spelling: Spelling, beam: int = BEAM) -> None:
        self.spelling, self.beam = spelling, beam

    def text(self, heard: np.ndarray) -> str:
        """Natural log-probabilities (rows, 1 + tokens) -> the likeliest text."""
        return self.spelling.unspell(prefix_beam_search(heard, self.beam)[0][0])

    def decode(self, heard: np.ndarray) -> Path:
        """The same as a path: words, and the rows of each, where they fit best."""
        best = self.n_best(heard, 1)[0]
        spoken = aligned_words(heard, self.spelling, best.text)
        spans = [(first, end) for _, first, end in spoken]
        return Path([word for word, *_ in spoken], spans, np.zeros(0, dtype=int), best.cost, True)

    def n_best(self, heard: np.ndarray, n: int, beams: Sequence[float] = beams) -> list[Sentence]:
        """At most n different texts with their costs, likeliest first, of those that the beam carries.

        beams: the last, how much dearer than the first they may be.
        """
        costs: dict[str, float] = {}
        for spelt, chance in prefix_beam_search(heard, self.beam):
            costs.setdefault(self.spelling.unspell(spelt), -chance)  # spaces may be all that differs
        dearest = min(costs.values()) + beams[-1]
        near = [Sentence(tuple(text.split()), cost) for text, cost in costs.items() if cost <= dearest]
        return near[:n]

    def votes(self, heard: np.ndarray) -> Votes:
        """For and against the words of the likeliest text."""
        return sentence_votes(self.n_best(heard, self.beam), self.beams[-1])
