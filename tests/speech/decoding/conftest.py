"""The weight of a sentence in the back-off acceptor, worked out without it."""

import math

import pytest


def lightest(lm, words, history):
    """Least cost of the words and the end: at each step take a listed word or shorten the history."""
    word = words[0] if words else "</s>"
    counts = lm.counts_[" ".join(history)]
    best = math.inf
    if word in counts or not history:
        after = [*history, word][-(lm.order_ - 1) :] if lm.order_ > 1 else []
        while " ".join(after) not in lm.counts_:
            after = after[1:]
        best = -lm.word_log_prob(word, history) + (lightest(lm, words[1:], after) if words else 0.0)
    if history:
        types, total = len(counts), sum(counts.values())
        best = min(best, lightest(lm, words, history[1:]) - math.log(types / (total + types)))
    return best


@pytest.fixture(scope="session")
def grammar_cost():
    """(model, words) -> weight of the words' lightest path."""
    return lambda lm, words: lightest(lm, list(words), ["<s>"] if lm.order_ > 1 else [])
