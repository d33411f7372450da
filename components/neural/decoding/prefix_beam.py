"""Log-probabilities of tokens -> the likeliest text, all alignments summed: no lexicon, no language model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.neural.decoding.word_times import align_words
from components.neural.tokenizer import Tokenizer
from components.speech.decoding.confidence import Votes, sentence_votes
from components.speech.decoding.n_best import NBest, Sentence
from components.speech.decoding.prefix_beam import BEAM, prefix_beam_search
from components.speech.decoding.search import Path

COST_BEAM = 16.0  # nats above the cheapest text


class PrefixBeamDecoder:
    """As GraphDecoder, but any sequence of tokens may come out; beam: prefixes kept from row to row."""

    beams, lm_scale = (COST_BEAM,), 1.0

    def __init__(self, tokenizer: Tokenizer, beam: int = BEAM) -> None:
        self.tokenizer, self.beam = tokenizer, beam

    def text(self, log_probs: np.ndarray) -> str:
        """Natural log-probabilities (rows, 1 + tokens) -> the likeliest text."""
        return self.tokenizer.decode(prefix_beam_search(log_probs, self.beam)[0][0])

    def decode(self, log_probs: np.ndarray) -> Path:
        """The same as a path: words, and the rows of each, by forced alignment."""
        best = self.n_best(log_probs, 1)[0]
        words = align_words(log_probs, self.tokenizer, best.text)
        spans = [(first, end) for _, first, end in words]
        return Path([word for word, *_ in words], spans, np.zeros(0, dtype=int), best.cost, True)

    def n_best(self, log_probs: np.ndarray, n: int, beams: Sequence[float] = beams) -> NBest:
        """At most n different texts with their costs, likeliest first, of the prefixes kept.

        beams: the last, how far above the first cost the others' may be.
        """
        costs: dict[str, float] = {}
        for tokens, log_prob in prefix_beam_search(log_probs, self.beam):
            costs.setdefault(self.tokenizer.decode(tokens), -log_prob)  # spaces may be all that differs
        highest = min(costs.values()) + beams[-1]
        sentences = [Sentence(tuple(text.split()), cost) for text, cost in costs.items() if cost <= highest]
        return NBest(sentences[:n])

    def votes(self, log_probs: np.ndarray) -> Votes:
        """Votes on the words of the likeliest text."""
        return sentence_votes(self.n_best(log_probs, self.beam), self.beams[-1])
