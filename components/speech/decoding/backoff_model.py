"""Back-off n-grams, as an ARPA file has them: probabilities, and their acceptor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import kaldifst

from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.ngram_counts import END, START

LogProbs = dict[str, dict[str, float]]  # {history: {word: natural log probability}}


class BackoffModel:
    """P(word | history): that of the longest history which has the word, times the back-offs to it.

    Attributes: `vocabulary_`, sorted; `log_probs_`, {history: {word: natural log probability}}, a history
    being its words joined by spaces, "" the empty one, which has every word and the sentence end;
    `backoffs_`, {history: natural log of its back-off weight}, 0 for others.
    """

    vocabulary_: list[str]
    log_probs_: LogProbs
    backoffs_: dict[str, float]

    def word_log_prob(self, word: str, history: Sequence[str] = ()) -> float:
        """Natural log P(word | history), history from "<s>" on, word perhaps "</s>"; -inf if unknown."""
        cost = 0.0
        past = self._state(history)
        while word not in self.log_probs_[past]:
            if not past:
                return -math.inf
            cost += self.backoffs_.get(past, 0.0)
            past = self._state(past.split()[1:])
        return cost + self.log_probs_[past][word]

    def log_prob(self, sentence: str) -> float:
        """Natural log probability of the whole sentence with its end; -inf if it has an unknown word."""
        words = [START, *sentence.split(), END]
        return sum(self.word_log_prob(word, words[:i]) for i, word in enumerate(words) if i)

    def perplexity(self, texts: Iterable[str]) -> float:
        """exp(minus the mean log probability of words and sentence ends); inf if a word is unknown."""
        sentences = list(texts)
        words = sum(len(sentence.split()) + 1 for sentence in sentences)
        return math.exp(-sum(map(self.log_prob, sentences)) / words)

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of sentences, as NgramModel.fst; n-grams with a word that has no id are left out."""
        start = self._state([START])
        states = {
            past: i for i, past in enumerate([start, *(past for past in self.log_probs_ if past != start)])
        }
        arcs = Arcs()
        for past, state in states.items():
            words = past.split()
            for word, log_prob in self.log_probs_[past].items():
                if word == END:
                    arcs.final(state, -log_prob)
                elif word in word_ids:
                    after = states[self._state([*words, word])]
                    arcs.add(state, word_ids[word], word_ids[word], -log_prob, after)
            if past:
                shorter = states[self._state(words[1:])]
                arcs.add(state, backoff, EPSILON, -self.backoffs_.get(past, 0.0), shorter)
        return arcs.fst()

    def _state(self, history: Sequence[str]) -> str:
        """History -> its longest end that is a history of the model."""
        words = list(history)[-self._longest :] if self._longest else []
        while (past := " ".join(words)) not in self.log_probs_:
            words = words[1:]
        return past

    @property
    def _longest(self) -> int:
        """Words in the longest history."""
        if "longest_history_" not in vars(self):
            self.longest_history_ = max(len(past.split()) for past in self.log_probs_)
        return self.longest_history_
