"""Training texts and further sentences -> two n-gram models interpolated into one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from sklearn.base import BaseEstimator

from components.ranges import at_least, check_ranges
from components.speech.decoding.backoff_model import BackoffModel
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.ngram_counts import END, START, count_ngrams, left_out_probabilities

ORDER = 3  # of the further sentences' n-grams
MOST_NGRAMS = 100_000  # of these: more make graphs of minutes, and the rarest tell least
ROUNDS = 50  # of expectation maximisation
SMALL = 1e-9


class InterpolatedModel(BackoffModel, BaseEstimator):
    """P(word | history) = weight P(training texts) + (1 - weight) P(further sentences).

    The weight has the highest likelihood of the training texts, each left out of its own model: pooled counts
    would let many sentences of another kind outvote few training texts, or few of the right kind be outvoted.

    text: further sentences, one a line, written like the transcripts. order: of the n-grams of the training
    texts; None chooses it. most_words: words of the further sentences that enter the vocabulary, the most
    frequent ones. only: words that may enter it; None: any.
    Learned: `weight_`, of the training texts; `vocabulary_`, `log_probs_`, `backoffs_` as of BackoffModel.
    Source: Jelinek and Mercer (1980); in back-off form as in Stolcke (2002), SRILM.
    """

    def __init__(
        self,
        text: str = "",
        order: int | None = None,
        most_words: int = 5000,
        only: Collection[str] | None = None,
    ) -> None:
        self.text = text
        self.order = order
        self.most_words = most_words
        self.only = only

    def check_settings(self) -> None:
        """Raises ValueError for numbers out of range."""
        check_ranges(self, order=at_least(1), most_words=at_least(0))

    def fit(self, texts: Iterable[str], y: None = None) -> InterpolatedModel:
        """Learn both models and the weight between them."""
        texts = list(texts)
        further = [line.split() for line in self.text.splitlines() if line.strip()]
        words = self._words(further)
        own = NgramModel(self.order, vocabulary=words).fit(texts)
        other = _counted(further, own.vocabulary_, self.order or ORDER)
        self.vocabulary_ = own.vocabulary_
        self.weight_ = _best_weight(own, other, [text.split() for text in texts])
        self.log_probs_ = _mixed(own, other, self.weight_)
        self.backoffs_ = _backoffs(self.log_probs_)
        self.__dict__.pop("longest_history_", None)
        return self

    def _words(self, sentences: Iterable[Sequence[str]]) -> list[str]:
        """The most frequent words of the further sentences that may enter the vocabulary."""
        counts = Counter(word for words in sentences for word in words if word not in (START, END))
        allowed = counts if self.only is None else counts.keys() & set(self.only)
        return sorted(allowed, key=lambda word: (-counts[word], word))[: self.most_words]


def _counted(sentences: Sequence[Sequence[str]], vocabulary: Sequence[str], order: int) -> NgramModel:
    """Sentences -> the model of their n-grams inside the vocabulary, the rarest left out if too many."""
    known = {START, END, *vocabulary}
    counts = {
        past: {word: count for word, count in row.items() if word in known}
        for past, row in count_ngrams(sentences, order).items()
        if all(word in known for word in past.split())
    }
    counts = _thinned(counts)
    model = NgramModel(order)
    model.vocabulary_, model.order_ = list(vocabulary), order
    model.counts_ = {past: row for past, row in counts.items() if row} or {"": {END: 1}}
    model.totals_ = {past: sum(row.values()) for past, row in model.counts_.items()}
    return model


def _thinned(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Counts -> the same without the rarest n-grams of two words or more, so that MOST_NGRAMS are left."""
    seen = Counter(count for past, row in counts.items() if past for count in row.values())
    left, least = seen.total(), 1
    while left > MOST_NGRAMS:
        left -= seen[least]
        least += 1
    return {
        past: {word: count for word, count in row.items() if not past or count >= least}
        for past, row in counts.items()
    }


def _best_weight(own: NgramModel, other: NgramModel, sentences: Sequence[Sequence[str]]) -> float:
    """Two models and training sentences -> the weight of the first, by expectation maximisation."""
    uniform = 1 / (len(own.vocabulary_) + 1)
    first = left_out_probabilities(sentences, own.order_, uniform)
    second = np.concatenate([_probabilities(other, words) for words in sentences])
    weight = 0.5
    for _ in range(ROUNDS):
        mixed = weight * first
        weight = float(np.mean(mixed / (mixed + (1 - weight) * second)))
    return weight


def _probabilities(model: NgramModel, words: Sequence[str]) -> np.ndarray:
    """Sentence -> the probability (words + 1,) of each word and of the end."""
    marked = [START, *words, END]
    return np.array([math.exp(model.word_log_prob(marked[i], marked[:i])) for i in range(1, len(marked))])


def _mixed(own: NgramModel, other: NgramModel, weight: float) -> dict[str, dict[str, float]]:
    """Two models -> log probabilities of every n-gram that either has seen, and of every word."""
    table = {"": dict.fromkeys([*own.vocabulary_, END], 0.0)}
    for model in (own, other):
        for past, row in model.counts_.items():
            table.setdefault(past, {}).update(dict.fromkeys(row, 0.0))
    for past, row in table.items():
        history = past.split()
        for word in row:
            pair = (math.exp(model.word_log_prob(word, history)) for model in (own, other))
            first, second = pair
            row[word] = math.log(weight * first + (1 - weight) * second)
    return table


def _backoffs(table: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Log probabilities -> log back-off weights with which each history's probabilities add up to one."""
    model = BackoffModel()
    model.log_probs_, model.backoffs_ = table, {}
    for past in sorted(filter(None, table), key=lambda past: past.count(" ")):
        shorter = past.split()[1:]
        left = 1 - sum(map(math.exp, table[past].values()))
        of = 1 - sum(math.exp(model.word_log_prob(word, shorter)) for word in table[past])
        model.backoffs_[past] = math.log(max(left, SMALL) / max(of, SMALL))
    return model.backoffs_
