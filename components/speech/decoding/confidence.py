"""N-best list of a clip -> a confidence for each word, calibrated by a temperature on held-out clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.base import BaseEstimator

from components.speech.decoding.n_best import NBest, Sentence
from components.speech.scoring import align_words

SENTENCES = 100  # length of the n-best lists that posteriors are normalised over
TEMPERATURE_RATIOS = 0.05, 20.0  # bounds of the learned temperature over the prior one
HIGHEST_CONFIDENCE = 0.999  # some errors show in no score: about one word in a thousand


@dataclass(frozen=True, eq=False)
class Votes:
    """Votes of the sentences of an n-best list on the words of the first one.

    words: of the first sentence. agreed: bool (sentences, words), whether a sentence has that word there.
    costs: float (sentences, words), minus the log probability of each sentence, for each word.
    """

    words: tuple[str, ...]
    agreed: np.ndarray
    costs: np.ndarray

    def posteriors(self, temperature: float = 1.0) -> np.ndarray:
        """Temperature, which divides the costs -> posterior of each word, (words,), 0 to 1."""
        probabilities = softmax(-self.costs / temperature, axis=0)
        return np.minimum((probabilities * self.agreed).sum(axis=0), 1.0)


class ConfidenceCalibrator(BaseEstimator):
    """Votes of a clip's n-best list -> the probability that each word of the first sentence is correct.

    Scores of successive frames are not independent, so their sum is overconfident. One temperature divides
    the costs: the maximum a posteriori estimate from held-out clips under a log-normal prior. temperature:
    median of the prior, taken where nothing was held out. spread: standard deviation of the prior, of the
    natural logarithm.

    Learned: `temperature_`.
    Sources: Guo et al. (2017), On calibration of modern neural networks; Evermann and Woodland (2000),
    Large vocabulary decoding and confidence estimation using word posterior probabilities.
    """

    def __init__(self, temperature: float = 1.0, spread: float = 0.3) -> None:
        self.temperature = temperature
        self.spread = spread

    def fit(self, votes: Sequence[Votes], texts: Sequence[str]) -> ConfidenceCalibrator:
        """Votes and transcripts of held-out clips -> itself, with a temperature."""
        pairs = zip(votes, texts, strict=True)
        examples = [(vote, correct_words(text, vote.words)) for vote, text in pairs if vote.words]

        def loss(log_ratio: float) -> float:
            temperature = self.temperature * np.exp(log_ratio)
            prior = (log_ratio / self.spread) ** 2 / 2
            return prior + sum(
                _cross_entropy(vote.posteriors(temperature), correct) for vote, correct in examples
            )

        result = minimize_scalar(loss, bounds=np.log(TEMPERATURE_RATIOS), method="bounded")
        self.temperature_ = (
            float(self.temperature * np.exp(result.x)) if examples else float(self.temperature)
        )
        return self

    def confidences(self, votes: Votes) -> list[float]:
        """Votes of one clip -> the probability that each word of the first sentence is correct."""
        return np.minimum(votes.posteriors(self.temperature_), HIGHEST_CONFIDENCE).tolist()


def _cross_entropy(posteriors: np.ndarray, correct: np.ndarray) -> float:
    """Posteriors and correctness of words -> minus the log-likelihood (cross entropy, summed)."""
    posteriors = np.clip(posteriors, 1 - HIGHEST_CONFIDENCE, HIGHEST_CONFIDENCE)
    return float(-np.log(np.where(correct, posteriors, 1 - posteriors)).sum())


def sentence_votes(sentences: Sequence[Sentence], beam: float) -> Votes:
    """N-best list -> its votes on the words of the first sentence, aligned by edit distance.

    beam: the most by which the cost of a sentence in the list can exceed the first one's; an NBest of a lower
    beam has its own. A vote against every word at that cost stands for all sentences beyond the list: a list
    of one is no certainty.
    Source: Rueber (1997), Obtaining confidence measures from sentence probabilities.
    """
    words, lowest = sentences[0].words, sentences[0].cost
    if not words:
        return Votes((), np.zeros((1, 0), dtype=bool), np.zeros((1, 0)))
    agreed = np.stack([correct_words(sentence.text, words) for sentence in sentences])
    agreed = np.append(agreed, np.zeros((1, len(words)), dtype=bool), axis=0)
    beam = min(beam, sentences.beam) if isinstance(sentences, NBest) else beam
    costs = np.array([*(sentence.cost - lowest for sentence in sentences), beam])
    return Votes(words, agreed, np.repeat(costs[:, None], len(words), axis=1))


def correct_words(text: str, words: Sequence[str]) -> np.ndarray:
    """Reference text and hypothesis words -> bool (words,), whether each hypothesis word is correct."""
    pairs = align_words(" ".join(words), text)
    return np.array([hypothesis == reference for hypothesis, reference in pairs if hypothesis], dtype=bool)
