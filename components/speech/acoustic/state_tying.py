"""One sound's states in many contexts -> which of them share a model, by a decision tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import linkage

from components.speech.acoustic.units import Context

EDGE = frozenset([""])  # what is beside the first and the last phone of a word
PRIOR_FRAMES = 20.0  # frames of pooled variance seen beforehand, as in StateMixtures


@dataclass(frozen=True, eq=False)
class StateStatistics:
    """Of states: counts (states,) of their frames, the frames' sums and sums of squares (states, dims)."""

    counts: np.ndarray
    sums: np.ndarray
    squares: np.ndarray

    def of(self, states: np.ndarray) -> StateStatistics:
        """Those of some states."""
        return StateStatistics(self.counts[states], self.sums[states], self.squares[states])

    def added(self, members: np.ndarray) -> StateStatistics:
        """Those of groups; members: float (groups, states), 1 where a state is in a group."""
        return StateStatistics(members @ self.counts, members @ self.sums, members @ self.squares)

    def likelihoods(self, pooled: np.ndarray) -> np.ndarray:
        """Log-likelihood of each row's frames under one Gaussian, (rows,), but for a factor of the counts."""
        counts = np.maximum(self.counts, 1)[:, None]
        scatter = np.maximum(self.squares - self.sums**2 / counts, 0)
        variances = (scatter + PRIOR_FRAMES * pooled) / (self.counts[:, None] + PRIOR_FRAMES)
        return -0.5 * (self.counts[:, None] * np.log(variances) + scatter / variances).sum(axis=1)


def phone_clusters(phones: Sequence[str], means: np.ndarray) -> list[frozenset[str]]:
    """Phones and where they lie (phones, dims) -> sets of phones that sound phone_clusters, from each alone upwards.

    All clusters that Ward's agglomeration (1963) passes through but the last, which is all phones: questions
    that suit any language and any lexicon (Beulen and Ney, 1998), not only those with a phonetician's table.
    """
    sets = [frozenset([phone]) for phone in phones]
    if len(phones) < 2:
        return sets
    for one, other, *_ in linkage(means, "ward")[:-1]:
        sets.append(sets[int(one)] | sets[int(other)])
    return sets


def question_answers(contexts: Sequence[Context], sets: Sequence[frozenset[str]]) -> np.ndarray:
    """Contexts -> bool (questions, contexts): is the left, the right neighbour in a set; is it this word?

    A question about a word is what gives it models of its own.
    """
    broad = (*sets[::-1], EDGE)  # first: where questions part phone_clusters, it answers for more new contexts
    asked = [[context.left in phones for context in contexts] for phones in broad]
    asked += [[context.right in phones for context in contexts] for phones in broad]
    words = dict.fromkeys(context.word for context in contexts)
    asked += [[context.word == word for context in contexts] for word in words]
    return np.array(asked, dtype=bool)


def tree_leaves(
    asked: np.ndarray, sums: StateStatistics, pooled: np.ndarray, least_frames: float, least_gain: float
) -> np.ndarray:
    """Answers (questions, states) and the states' sums -> the leaf of each state, int (states,), from 0.

    A leaf is parted by the question after which its frames are likeliest under a Gaussian each, as long as
    that gains more than least_gain and leaves least_frames on both sides (Young, Odell and Woodland, 1994).
    A state without frames is where the answers lead. pooled: variances (dims,) to lean on.
    """
    found = np.zeros(asked.shape[1], dtype=int)
    leaf = 0
    while leaf <= found.max():
        own = np.flatnonzero(found == leaf)
        parted = _parted(asked[:, own], sums.of(own), pooled, least_frames, least_gain)
        if parted is None:
            leaf += 1
        else:
            found[own[parted]] = found.max() + 1
    return found


def _parted(
    asked: np.ndarray, sums: StateStatistics, pooled: np.ndarray, least_frames: float, least_gain: float
) -> np.ndarray | None:
    """The answers (states,) to the best question of one leaf; None if it is better left whole."""
    yes = sums.added(asked.astype(float))
    no = sums.added((~asked).astype(float))
    whole = sums.added(np.ones((1, asked.shape[1])))
    gains = yes.likelihoods(pooled) + no.likelihoods(pooled) - whole.likelihoods(pooled)
    gains[np.minimum(yes.counts, no.counts) < max(1, least_frames)] = -np.inf
    best = gains.argmax()
    return asked[best] if gains[best] > least_gain else None
