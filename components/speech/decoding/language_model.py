"""Training texts -> a word n-gram model with interpolated Witten-Bell smoothing, and its acceptor."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import kaldifst
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from components.ranges import at_least, check_ranges
from components.speech.decoding.backoff_model import BackoffModel
from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.ngram_counts import (
    END,
    START,
    best_order,
    count_ngrams,
    histories,
    witten_bell,
)


class NgramModel(BaseEstimator):
    """Training texts -> P(word | the up to order - 1 words before it), a distribution for every history.

    Interpolated Witten-Bell: P(w|h) = (count(h w) + types(h) P(w|shorter h)) / (count(h) + types(h)), ending
    in a uniform distribution over the vocabulary and the sentence end. Chosen over modified Kneser-Ney, whose
    discounts need counts of counts that 20 sentences do not have and a closed command grammar never has; this
    is defined from one sentence up, and gives most to the word that always follows a history.

    order: of the n-grams; None takes the order from 1 to `max_order` of the highest leave-one-out likelihood
    of the training texts. vocabulary: words besides those of the texts.
    Learned: `order_`; `vocabulary_`, sorted; `counts_`, {history: {word: count}}, a history being its words
    joined by spaces; `totals_`, {history: count}.
    Source: Witten and Bell (1991), method C; interpolated as in Chen and Goodman (1999).
    """

    def __init__(self, order: int | None = 3, max_order: int = 5, vocabulary: Sequence[str] = ()):
        self.order = order
        self.max_order = max_order
        self.vocabulary = vocabulary

    def check_settings(self) -> None:
        """Raises ValueError for an order below 1."""
        check_ranges(self, order=at_least(1), max_order=at_least(1))

    def fit(self, texts: Iterable[str], y: None = None) -> NgramModel:
        """Count the n-grams of the texts, whose words are split at white space.

        Raises ValueError for an order below 1, no text at all, or <s> or </s> used as a word.
        """
        sentences = [text.split() for text in texts]
        self._check(sentences)
        self.vocabulary_ = sorted({word for words in sentences for word in words} | set(self.vocabulary))
        self.order_ = self.order or best_order(sentences, self.max_order, self._uniform())
        self.counts_ = count_ngrams(sentences, self.order_)
        self.totals_ = {history: sum(words.values()) for history, words in self.counts_.items()}
        return self

    def _check(self, sentences: Sequence[Sequence[str]]) -> None:
        if min(self.max_order, self.max_order if self.order is None else self.order) < 1:
            raise ValueError(
                f"NgramModel expected order >= 1 (or None) and max_order >= 1, "
                f"got order={self.order} and max_order={self.max_order}; order=3 suits most corpora."
            )
        if not sentences:
            raise ValueError("NgramModel expected at least one text, got none; give it the transcripts.")
        for mark in (START, END):
            if mark in self.vocabulary or any(mark in words for words in sentences):
                raise ValueError(
                    f"NgramModel expected words, got its own symbol {mark!r}; take it out of the texts."
                )

    def _uniform(self) -> float:
        return 1 / (len(self.vocabulary_) + 1)

    def word_log_prob(self, word: str, history: Sequence[str] = ()) -> float:
        """Natural log P(word | history), history from "<s>" on, word perhaps "</s>"; -inf if unknown."""
        check_is_fitted(self, "counts_")
        if not self._in_vocabulary(word):
            return -math.inf
        probability = self._uniform()
        for past in histories(list(history)[-(self.order_ - 1) :] if self.order_ > 1 else []):
            seen = self.counts_.get(past)
            if seen is None:
                break
            probability = witten_bell(seen.get(word, 0), self.totals_[past], len(seen), probability)
        return math.log(probability)

    def _in_vocabulary(self, word: str) -> bool:
        place = bisect_left(self.vocabulary_, word)
        return word == END or (place < len(self.vocabulary_) and self.vocabulary_[place] == word)

    def log_prob(self, sentence: str) -> float:
        """Natural log probability of the whole sentence with its end; -inf if it has an unknown word."""
        words = [START, *sentence.split(), END]
        return sum(self.word_log_prob(word, words[:i]) for i, word in enumerate(words) if i)

    def perplexity(self, texts: Iterable[str]) -> float:
        """exp(minus the mean log probability of words and sentence ends); inf if a word is unknown."""
        sentences = list(texts)
        if not sentences:
            raise ValueError("NgramModel.perplexity expected at least one text, got none; give it some.")
        words = sum(len(sentence.split()) + 1 for sentence in sentences)
        return math.exp(-sum(map(self.log_prob, sentences)) / words)

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Acceptor of sentences: words as labels, minus log probabilities as weights, ends as final weights.

        backoff: label read on the arcs to the shorter history; they write nothing.
        A sentence weighs at most -log_prob(sentence), and nearly always exactly that: its path may back off
        although the longer history was seen, where that costs less (as in every toolkit with back-off arcs
        that are epsilon arcs). Raises ValueError for a word of the model that has no id.
        """
        check_is_fitted(self, "counts_")
        missing = [word for word in self.vocabulary_ if word not in word_ids]
        if missing:
            raise ValueError(
                f"NgramModel.fst expected an id for each of its {len(self.vocabulary_)} words, "
                f"got none for {', '.join(missing[:5])}; add them to word_ids."
            )
        start = START if self.order_ > 1 else ""
        states = {
            past: i for i, past in enumerate([start, *(past for past in self.counts_ if past != start)])
        }
        arcs = Arcs()
        for history in states:
            self._add_words(arcs, history, states, word_ids)
            if history:
                weight = self._backoff_cost(history)
                arcs.add(states[history], backoff, EPSILON, weight, states[_shorter(history)])
        return arcs.fst()

    def with_backoffs(self) -> BackoffModel:
        """The same probabilities: of the words seen after a history, and its back-off for all others."""
        check_is_fitted(self, "counts_")
        model = BackoffModel()
        model.vocabulary_ = self.vocabulary_
        model.log_probs_ = {
            past: {word: self.word_log_prob(word, past.split()) for word in self._words_after(past)}
            for past in {"": {}, **self.counts_}
        }
        model.backoffs_ = {past: -self._backoff_cost(past) for past in self.counts_ if past}
        return model

    def _backoff_cost(self, history: str) -> float:
        return math.log1p(self.totals_[history] / len(self.counts_[history]))

    def _words_after(self, history: str) -> Iterable[str]:
        """The words seen after a history; after the empty one, every word and the end."""
        return self.counts_[history] if history else [*self.vocabulary_, END]

    def _add_words(
        self, arcs: Arcs, history: str, states: Mapping[str, int], word_ids: Mapping[str, int]
    ) -> None:
        """Add the arcs of the words seen after a history; after the empty one, of every word."""
        past = history.split()
        for word in self._words_after(history):
            cost = -self.word_log_prob(word, past)
            if word == END:
                arcs.final(states[history], cost)
            else:
                arcs.add(
                    states[history], word_ids[word], word_ids[word], cost, states[self._after(past, word)]
                )

    def _after(self, past: Sequence[str], word: str) -> str:
        """History and next word -> the longest seen history that ends in the word."""
        after = " ".join([*past, word][-(self.order_ - 1) :]) if self.order_ > 1 else ""
        while after not in self.counts_:
            after = _shorter(after)
        return after


def _shorter(history: str) -> str:
    return history.partition(" ")[2]
