"""The likeliest sentences of a clip -> how sure each word is, at a temperature learned on held-out clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.base import BaseEstimator

from components.speech.decoding.n_best import Sentence
from components.speech.scoring import word_pairs

SENTENCES = 100  # among which the probability is shared out
LOWEST, HIGHEST = 0.05, 20.0  # of the usual temperature
HIGHEST_CONFIDENCE = 0.999  # of a thousand words one is wrong in a way that no score shows


@dataclass(frozen=True, eq=False)
class Votes:
    """words: of the first answer. agreed: bool (answers, words), whether each answer has that word there.

    costs: float (answers, words), minus the log probability of each answer where that word is asked for.
    """

    words: tuple[str, ...]
    agreed: np.ndarray
    costs: np.ndarray

    def shares(self, temperature: float = 1.0) -> np.ndarray:
        """For each word the share of probability that agrees, 0 to 1, costs divided by the temperature."""
        shared = softmax(-self.costs / temperature, axis=0)
        return np.minimum((shared * self.agreed).sum(axis=0), 1.0)


class ConfidenceCalibrator(BaseEstimator):
    """Votes of one clip's answers -> the probability that each word of the first is right.

    A search adds up frames, or a network rows, as if each were heard anew, and at its own scale nearly every
    word is sure. One temperature divides its costs: the likeliest one of held-out clips, drawn towards the
    usual one, so that few clips move it little. usual: the temperature where nothing was held out.
    spread: by how much, as a natural logarithm, corpora differ from what is usual, one standard deviation.

    Learned: `temperature_`.
    Sources: Guo et al. (2017), On calibration of modern neural networks; Evermann and Woodland (2000),
    Large vocabulary decoding and confidence estimation using word posterior probabilities.
    """

    def __init__(self, usual: float = 1.0, spread: float = 0.3) -> None:
        self.usual = usual
        self.spread = spread

    def fit(self, votes: Sequence[Votes], texts: Sequence[str]) -> ConfidenceCalibrator:
        """Learns from held-out clips: the votes on the answer to each, and what was said in it."""
        pairs = zip(votes, texts, strict=True)
        heard = [(one, correct_words(text, one.words)) for one, text in pairs if one.words]

        def surprise(log_ratio: float) -> float:
            temperature = self.usual * np.exp(log_ratio)
            prior = (log_ratio / self.spread) ** 2 / 2
            return prior + sum(_surprise(one.shares(temperature), said) for one, said in heard)

        found = minimize_scalar(surprise, bounds=np.log([LOWEST, HIGHEST]), method="bounded")
        self.temperature_ = float(self.usual * np.exp(found.x)) if heard else float(self.usual)
        return self

    def confidences(self, votes: Votes) -> list[float]:
        """Votes of one clip -> for each word of the first answer the probability that it is right."""
        return np.minimum(votes.shares(self.temperature_), HIGHEST_CONFIDENCE).tolist()


def _surprise(shares: np.ndarray, right: np.ndarray) -> float:
    """Minus the log-likelihood of which words were right."""
    shares = np.clip(shares, 1 - HIGHEST_CONFIDENCE, HIGHEST_CONFIDENCE)
    return float(-np.log(np.where(right, shares, 1 - shares)).sum())


def sentence_votes(sentences: Sequence[Sentence], within: float) -> Votes:
    """The likeliest sentences, the answer first -> their votes on its words, aligned by edit distance.

    within: how much dearer than the answer a sentence could be to be found. One more votes against every
    word at that cost, for all that were not found: words without a rival are not certain.
    Source: Rueber (1997), Obtaining confidence measures from sentence probabilities.
    """
    words, least = sentences[0].words, sentences[0].cost
    if not words:
        return Votes((), np.zeros((1, 0), dtype=bool), np.zeros((1, 0)))
    agreed = np.stack([correct_words(sentence.text, words) for sentence in sentences])
    agreed = np.append(agreed, np.zeros((1, len(words)), dtype=bool), axis=0)
    costs = np.array([*(sentence.cost - least for sentence in sentences), within])
    return Votes(words, agreed, np.repeat(costs[:, None], len(words), axis=1))


def correct_words(text: str, words: Sequence[str]) -> np.ndarray:
    """What was said and the words heard -> bool (words,), whether each was said in its place."""
    pairs = word_pairs(" ".join(words), text)
    return np.array([heard == said for heard, said in pairs if heard], dtype=bool)
