"""States of one phone in many contexts -> tied states, by a phonetic decision tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import linkage

from components.speech.acoustic.units import Context

WORD_EDGE = frozenset([""])  # the context before the first and after the last phone of a word
PRIOR_FRAMES = 20.0  # weight of the pooled variance, as variance_prior of StateMixtures


@dataclass(frozen=True, eq=False)
class StateStatistics:
    """Sufficient statistics: frame counts (states,), sums of frames and of their squares (states, dims)."""

    counts: np.ndarray
    sums: np.ndarray
    squares: np.ndarray

    def select(self, states: np.ndarray) -> StateStatistics:
        """Row numbers (rows,) -> the statistics of these states."""
        return StateStatistics(self.counts[states], self.sums[states], self.squares[states])

    def pool(self, members: np.ndarray) -> StateStatistics:
        """Members float (groups, states), 1 where a state is in a group -> the statistics of the groups."""
        return StateStatistics(members @ self.counts, members @ self.sums, members @ self.squares)

    def log_likelihoods(self, pooled: np.ndarray) -> np.ndarray:
        """Variances (dims,) for smoothing -> log-likelihood (rows,) of each row's frames under its Gaussian.

        Up to a constant times the counts.
        """
        counts = np.maximum(self.counts, 1)[:, None]
        scatter = np.maximum(self.squares - self.sums**2 / counts, 0)
        variances = (scatter + PRIOR_FRAMES * pooled) / (self.counts[:, None] + PRIOR_FRAMES)
        return -0.5 * (self.counts[:, None] * np.log(variances) + scatter / variances).sum(axis=1)


def phone_clusters(phones: Sequence[str], means: np.ndarray) -> list[frozenset[str]]:
    """Phones and their means (phones, dims) -> sets of similar phones for questions, single phones first.

    All clusters of Ward's agglomerative clustering (1963) but the last, which is all phones: data-driven
    questions need no phonetic knowledge of the language (Beulen and Ney, 1998).
    """
    sets = [frozenset([phone]) for phone in phones]
    if len(phones) < 2:
        return sets
    for first, second, *_ in linkage(means, "ward")[:-1]:
        sets.append(sets[int(first)] | sets[int(second)])
    return sets


def question_answers(contexts: Sequence[Context], sets: Sequence[frozenset[str]]) -> np.ndarray:
    """Contexts and phone sets -> answers, bool (questions, contexts).

    Questions: is the left phone in a set, is the right phone in a set, is the word this one? The last kind
    lets a frequent word have states of its own.
    """
    questions = (
        *sets[::-1],
        WORD_EDGE,
    )  # large sets first: among equal splits they generalise to more unseen contexts
    answers = [[context.left in phones for context in contexts] for phones in questions]
    answers += [[context.right in phones for context in contexts] for phones in questions]
    words = dict.fromkeys(context.word for context in contexts)
    answers += [[context.word == word for context in contexts] for word in words]
    return np.array(answers, dtype=bool)


def tree_leaves(
    answers: np.ndarray,
    statistics: StateStatistics,
    pooled: np.ndarray,
    least_frames: float,
    least_gain: float,
) -> np.ndarray:
    """Answers (questions, states) and statistics of the states -> their leaves, int (states,), from 0.

    A leaf is split by the question that raises the log-likelihood of its frames most, one Gaussian per leaf.
    A state without frames falls into the leaf that its answers lead to.

    Parameters
    ----------
    answers : bool (questions, states).
    statistics : of the states.
    pooled : variances (dims,) for smoothing.
    least_frames : frames that both sides of a split have at least.
    least_gain : gain in log-likelihood that a split exceeds.

    Source: Young, Odell and Woodland (1994).
    """
    leaves = np.zeros(answers.shape[1], dtype=int)
    leaf = 0
    while leaf <= leaves.max():
        members = np.flatnonzero(leaves == leaf)
        split = _best_split(answers[:, members], statistics.select(members), pooled, least_frames, least_gain)
        if split is None:
            leaf += 1
        else:
            leaves[members[split]] = leaves.max() + 1
    return leaves


def _best_split(
    answers: np.ndarray,
    statistics: StateStatistics,
    pooled: np.ndarray,
    least_frames: float,
    least_gain: float,
) -> np.ndarray | None:
    """One leaf -> the answers (states,) to its best question; None if no split is good enough."""
    yes = statistics.pool(answers.astype(float))
    no = statistics.pool((~answers).astype(float))
    unsplit = statistics.pool(np.ones((1, answers.shape[1])))
    gains = yes.log_likelihoods(pooled) + no.log_likelihoods(pooled) - unsplit.log_likelihoods(pooled)
    gains[np.minimum(yes.counts, no.counts) < max(1, least_frames)] = -np.inf
    best = gains.argmax()
    return answers[best] if gains[best] > least_gain else None
