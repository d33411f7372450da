"""Sentences -> n-gram counts, Witten-Bell estimates from these, and the best order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

START, END = "<s>", "</s>"

Counts = Mapping[str, Mapping[str, int]]


def count_ngrams(sentences: Iterable[Sequence[str]], order: int) -> dict[str, dict[str, int]]:
    """Sentences (lists of words) -> {history: {word: count}}, histories of 0 to order - 1 words."""
    pairs = Counter(pair for words in sentences for pair in _ngrams(words, order))
    counts: dict[str, dict[str, int]] = {}
    for (history, word), count in pairs.items():
        counts.setdefault(history, {})[word] = count
    return counts


def _ngrams(words: Sequence[str], order: int) -> Iterator[tuple[str, str]]:
    """Sentence -> all its (history, word) pairs, the sentence end included."""
    marked = [START, *words, END]
    for i in range(1, len(marked)):
        for length in range(min(order - 1, i) + 1):
            yield " ".join(marked[i - length : i]), marked[i]


def histories(words: Sequence[str]) -> Iterator[str]:
    """History -> its suffixes, from no word to all words."""
    return (" ".join(words[len(words) - length :]) for length in range(len(words) + 1))


def witten_bell(count: int, total: int, types: int, shorter: float) -> float:
    """P(word | history) from its count, the history's count and types, and P(word | shorter history)."""
    return (count + types * shorter) / (total + types)


def best_order(sentences: Sequence[Sequence[str]], max_order: int, uniform: float) -> int:
    """Sentences -> the order from 1 to max_order of the highest leave-one-out likelihood.

    Exact and in one pass: the counts of a sentence are subtracted before it is scored. The lowest order wins
    ties, so a single sentence, which leaves no counts, gives order 1.
    """
    log_probs = np.zeros(max_order)
    for rows, count in _left_out(sentences, max_order, uniform).values():
        log_probs += count * np.log(rows).sum(0)
    return int(np.argmax(np.round(log_probs, 6))) + 1


def left_out_probabilities(sentences: Sequence[Sequence[str]], order: int, uniform: float) -> np.ndarray:
    """Sentences -> the probability of each word and sentence end, its sentence left out of the counts."""
    rows = _left_out(sentences, order, uniform)
    return np.concatenate([rows[tuple(words)][0][:, -1] for words in sentences])


def _left_out(
    sentences: Sequence[Sequence[str]], max_order: int, uniform: float
) -> dict[tuple[str, ...], tuple[np.ndarray, int]]:
    """Sentences -> {sentence: (its probabilities (words + 1, max_order), how often it is there)}."""
    counts = count_ngrams(sentences, max_order)
    totals = {history: sum(words.values()) for history, words in counts.items()}
    return {
        words: (_left_out_sentence(words, counts, totals, max_order, uniform), count)
        for words, count in Counter(map(tuple, sentences)).items()
    }


def _left_out_sentence(
    words: Sequence[str], counts: Counts, totals: Mapping[str, int], max_order: int, uniform: float
) -> np.ndarray:
    """Sentence and counts -> probabilities (words + 1, max_order), left out of the counts."""
    own = count_ngrams([words], max_order)
    left = {history: _subtract(counts[history], totals[history], own[history]) for history in own}
    marked = [START, *words, END]
    probabilities = np.zeros((len(marked) - 1, max_order))
    for i in range(1, len(marked)):
        probability = uniform
        for length in range(max_order):
            history = " ".join(marked[i - length : i])
            if length <= i and left[history][0]:
                count = counts[history][marked[i]] - own[history][marked[i]]
                probability = witten_bell(count, *left[history], probability)
            probabilities[i - 1, length] = probability
    return probabilities


def _subtract(seen: Mapping[str, int], total: int, own: Mapping[str, int]) -> tuple[int, int]:
    """Counts of a history and of one sentence in it -> total and types without the sentence."""
    return total - sum(own.values()), len(seen) - sum(seen[word] == count for word, count in own.items())
