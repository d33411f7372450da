"""Training clips -> how much the acoustic model weighs in the search, a word's cost, how sure words are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import clone

from components.speech.decoding.confidence import ConfidenceCalibrator
from components.speech.scoring import score

Weights = tuple[float, float]  # acoustic scale, word cost
USUAL: Weights = (0.1, 0.0)
# No lower scale: the model that chooses had fewer clips than the final one, which deserves no less trust.
GRID: list[Weights] = [USUAL, (0.15, 0.0), (0.1, 3.0), (0.15, 3.0), (0.2, 3.0)]
LEAST_CLIPS = 50  # fewer held-out words than these give cannot tell one weight from another
MOST_VOTED = 20  # clips to learn a temperature by, which takes longer than the weights
MOST_TRAINING, MOST_HELD_OUT = 300, 60  # the weights hardly change with more, the time does
USUAL_TEMPERATURE, SPREAD = 33.0, 0.25  # of log-likelihoods; 27 to 43 were best on three corpora

Heard = list[tuple[np.ndarray, str]]  # frames (frames, dims) and text of each held-out clip


def tune_decoding(
    recogniser: Any, frames: Sequence[np.ndarray], texts: Sequence[str], seed: int
) -> tuple[Weights, ConfidenceCalibrator]:
    """A PhoneRecogniser and its training clips -> what did best on held-out ones: weights, temperature.

    Some of the training clips (a fifth, at most MOST_HELD_OUT) are held out from a first training on others
    (at most MOST_TRAINING). The usual weights are left only for an advantage beyond chance, one standard error
    of their count, since the held-out words are few; isolated words and few clips keep them, and the usual
    temperature. seed: draws the clips.
    """
    if len(texts) < LEAST_CLIPS or all(len(text.split()) <= 1 for text in texts):
        return USUAL, default_calibrator(USUAL[0])
    drawn = np.random.default_rng(seed).permutation(len(texts))
    held = min(len(drawn) // 5, MOST_HELD_OUT)
    heard, taught = drawn[:held], drawn[held : held + MOST_TRAINING]
    trial = clone(recogniser).set_params(acoustic_scale=USUAL[0], word_cost=USUAL[1])
    trial.fit([frames[row] for row in taught], [texts[row] for row in taught])
    pairs = [(frames[row], texts[row]) for row in heard]
    trial.set_weights(*_best_weights(trial, pairs))
    votes = [trial.votes(rows) for rows, _ in pairs[:MOST_VOTED]]
    said = [text for _, text in pairs[:MOST_VOTED]]
    return (trial.acoustic_scale_, trial.word_cost_), default_calibrator(trial.acoustic_scale_).fit(
        votes, said
    )


def default_calibrator(acoustic_scale: float) -> ConfidenceCalibrator:
    """Weight of the acoustic model in the search -> how sure words are where no clips were held out."""
    return ConfidenceCalibrator(USUAL_TEMPERATURE * acoustic_scale, SPREAD).fit([], [])


def _best_weights(trial: Any, heard: Heard) -> Weights:
    errors = {weights: _errors(trial, weights, heard) for weights in GRID}
    best = min(GRID, key=lambda weights: errors[weights])
    return best if errors[best] < errors[USUAL] - np.sqrt(errors[USUAL]) else USUAL


def _errors(trial: Any, weights: Weights, heard: Heard) -> int:
    trial.set_weights(*weights)
    answers = trial.predict([rows for rows, _ in heard])
    return sum(score(text, answer).errors for (_, text), answer in zip(heard, answers, strict=True))
