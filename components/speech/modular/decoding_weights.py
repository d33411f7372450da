"""Held-out training clips -> acoustic scale and word cost of the search, and calibrated confidences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import clone

from components.speech.decoding.confidence import ConfidenceCalibrator
from components.speech.decoding.effort import MOST_LINKS, MOST_TOKENS, TUNING_ACTIVE, affordable
from components.speech.scoring import score

Weights = tuple[float, float]  # acoustic scale, word cost
DEFAULT: Weights = (0.1, 0.0)
# No lower scale: the model of the tuning has fewer clips than the final one, whose scores are better.
GRID: list[Weights] = [DEFAULT, (0.15, 0.0), (0.1, 3.0), (0.15, 3.0), (0.2, 3.0)]
LEAST_CLIPS = 50  # to tune on: of fewer, the held-out words are too few to compare weights
MOST_CALIBRATION = 20  # clips for the temperature, whose n-best lists take longer than the weights
MOST_TRAINING, MOST_HELD_OUT = 300, 60  # clips; with more the weights hardly change
ROUND = 20  # clips
TEMPERATURE, SPREAD = 33.0, 0.25  # of unscaled log-likelihoods; 27 to 43 were best on three corpora

HeldOut = list[tuple[np.ndarray, str]]  # frames (frames, dims) and transcript of each held-out clip


def tune_decoding(
    recogniser: Any, frames: Sequence[np.ndarray], texts: Sequence[str], seed: int
) -> tuple[Weights, ConfidenceCalibrator]:
    """PhoneRecogniser and its training clips -> decoding weights and calibrator, tuned on held-out clips.

    A fifth of the clips (at most MOST_HELD_OUT) is held out from a training on others (at most
    MOST_TRAINING). Other weights than DEFAULT are taken only where they make fewer errors by more than the
    standard error of the count, its square root. Of many words or long clips fewer are held out (see
    effort.affordable). Isolated words and few clips keep the defaults. seed: draws the clips.
    """
    if len(texts) < LEAST_CLIPS or all(len(text.split()) <= 1 for text in texts):
        return DEFAULT, default_calibrator(DEFAULT[0])
    drawn = np.random.default_rng(seed).permutation(len(texts))
    count = min(len(drawn) // 5, MOST_HELD_OUT)
    held_out, train = drawn[:count], drawn[count : count + MOST_TRAINING]
    model = clone(recogniser).set_params(acoustic_scale=DEFAULT[0], word_cost=DEFAULT[1])
    model.fit([frames[row] for row in train], [texts[row] for row in train])
    pairs = [(frames[row], texts[row]) for row in held_out]
    lengths = [len(rows) for rows, _ in pairs]
    taken = affordable((model.graph.most_tokens(rows, TUNING_ACTIVE) for rows in lengths), MOST_TOKENS)
    model.set_weights(*_best_weights(model, pairs[:taken]))
    taken = affordable(map(model.graph.tokens.most_links, lengths[:MOST_CALIBRATION]), MOST_LINKS)
    votes = [model.votes(rows) for rows, _ in pairs[:taken]]
    references = [text for _, text in pairs[:taken]]
    calibrator = default_calibrator(model.acoustic_scale_).fit(votes, references)
    return (model.acoustic_scale_, model.word_cost_), calibrator


def default_calibrator(acoustic_scale: float) -> ConfidenceCalibrator:
    """Acoustic scale of the search -> calibrator for where no clips were held out."""
    return ConfidenceCalibrator(TEMPERATURE * acoustic_scale, SPREAD).fit([], [])


def _best_weights(model: Any, held_out: HeldOut) -> Weights:
    """Those of GRID with the fewest errors, if clearly fewer than DEFAULT's.

    After each ROUND of clips those that are not ahead of DEFAULT are left out: of them none wins clearly.
    """
    errors = dict.fromkeys(GRID, 0)
    for first in range(0, len(held_out), ROUND):
        for weights in errors:
            errors[weights] += _errors(model, weights, held_out[first : first + ROUND])
        ahead = {weights: count for weights, count in errors.items() if count < errors[DEFAULT]}
        if not ahead:
            return DEFAULT
        errors = {DEFAULT: errors[DEFAULT], **ahead}
    best = min(errors, key=errors.__getitem__)
    return best if errors[best] < errors[DEFAULT] - np.sqrt(errors[DEFAULT]) else DEFAULT


def _errors(model: Any, weights: Weights, held_out: HeldOut) -> int:
    model.set_weights(*weights)
    hypotheses = [" ".join(model.decode(frames, TUNING_ACTIVE).words) for frames, _ in held_out]
    return sum(
        score(text, hypothesis).errors for (_, text), hypothesis in zip(held_out, hypotheses, strict=True)
    )
