"""What a network hears in a clip -> text, words with their rows, votes, and other sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from components.neural.decoding.graph_decoder import SpellingSearch
from components.neural.decoding.word_times import Spoken, aligned_words, greedy_words, said_words
from components.neural.inference import Heard
from components.neural.model.encoders import Network
from components.neural.packing import shelve
from components.neural.tokenizer import Spelling
from components.speech.decoding.confidence import Votes, sentence_votes
from components.speech.decoding.greedy import collapse
from components.speech.decoding.n_best import Sentence

JUDGED = 20  # sentences


@dataclass(frozen=True, eq=False)
class Answers:
    """How to answer: greedily (search None), or by a search through CTC's tokens.

    Where the network has a decoder that speaks by itself it answers greedily, and judges the likeliest
    sentences of a search: its log-probability of each counts as much as CTC's.
    Source: Sainath et al. (2019), Two-pass end-to-end speech recognition.
    """

    network: Network
    spelling: Spelling
    search: SpellingSearch | None

    def text(self, heard: Heard) -> str:
        """The answer."""
        if self.search is None:
            alone = collapse(heard.log_probabilities.argmax(1)) if heard.said is None else heard.said.numbers
            return self.spelling.unspell(alone)
        if heard.said is None:
            return self.search.text(heard.log_probabilities)
        return self._judged(heard)[0].text

    def spoken(self, heard: Heard) -> list[Spoken]:
        """The answer's words, and the rows of 20 ms in which they are said."""
        if heard.said is not None:
            return aligned_words(heard.log_probabilities, self.spelling, self.text(heard))
        if self.search is None:
            return greedy_words(heard.log_probabilities, self.spelling)[0]
        path = self.search.decode(heard.log_probabilities)
        return [(word, *rows) for word, rows in zip(path.words, path.word_frames, strict=True)]

    def votes(self, heard: Heard) -> Votes:
        """For and against the answer's words."""
        if self.search is None and heard.said is not None:
            return said_words(heard.said, self.spelling)
        if self.search is None:
            return greedy_words(heard.log_probabilities, self.spelling)[1]
        if heard.said is None:
            return self.search.votes(heard.log_probabilities)
        return sentence_votes(self._judged(heard), self.search.beams[-1])

    def n_best(self, heard: Heard, n: int) -> list[Sentence]:
        """At most n sentences, the answer first; none where nothing is searched."""
        if self.search is None:
            return []
        if heard.said is None:
            return self.search.n_best(heard.log_probabilities, n)
        return self._judged(heard)[:n]

    @torch.no_grad()
    def _judged(self, heard: Heard) -> list[Sentence]:
        """The search's likeliest sentences, in the order of what they cost it and the decoder."""
        found = self.search.n_best(heard.log_probabilities, JUDGED, self.search.beams)
        if not found[0].words:  # nothing was found
            return found
        costs = self._costs(heard.encoded, [self.spelling.spell(one.text) for one in found])
        costs = costs / self.search.lm_scale  # as the search weighs its own
        judged = [replace(one, cost=one.cost + cost) for one, cost in zip(found, costs.tolist(), strict=True)]
        return sorted(judged, key=lambda one: one.cost)

    def _costs(self, encoded: np.ndarray, spelt: Sequence[np.ndarray]) -> np.ndarray:
        """Minus the decoder's log-probability of each of several spellings of one clip."""
        device = next(self.network.parameters()).device
        once = torch.from_numpy(encoded).to(device)
        tape = shelve([once] * len(spelt)).lay(np.arange(len(spelt)), None, 0, 1)
        return self.network.decoder.losses(tape, spelt).cpu().numpy()
