"""How long to train: the number of steps after which recordings that were held out are told best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from components.keywords.detector import Detector, scores_of
from components.keywords.examples import Examples, hold_out
from components.keywords.track import LATE, REFRACTORY
from components.study.choices import Choice

CHECK, USUAL_STEPS, MOST_STEPS = 100, 400, 1200  # steps
PATIENCE = 2  # checks without a gain
LEAST_RECORDINGS = 4  # of the keyword, to hold one out
HELD_OUT_SEED = 1
SIDE_BY_SIDE = 60  # streams
FRAMES_A_SECOND = 100
Trained = Callable[[int], Detector]  # number of steps in all, no fewer than before -> the detector then
BY = "false alarms an hour of held-out background where a held-out recording is heard, geometric mean"


def choose_steps(begin: Callable[[Examples], Trained], examples: Examples, seed: int) -> Choice:
    """What begins a training, and all examples -> the choice, by one that learns from a part of them.

    USUAL_STEPS at least are compared, and more while they are of use; of equals the most are taken. With
    fewer than LEAST_RECORDINGS of the keyword, or a single stream of background, there is nothing to hold
    out, and USUAL_STEPS are taken.
    """
    if examples.recordings < LEAST_RECORDINGS or len(set(examples.groups.background)) < 2:
        return Choice("training steps", str(USUAL_STEPS), BY, limit="too few recordings to hold some out")
    kept, held_out = hold_out(examples, np.random.default_rng([seed, HELD_OUT_SEED]))
    compared = _compare(begin(kept), held_out)
    best = max(_least(compared))
    limit = f"{MOST_STEPS:,} steps at most" if best == MOST_STEPS else ""
    return Choice("training steps", str(best), BY, {str(n): rate for n, rate in compared.items()}, limit)


def _compare(trained: Trained, held_out: Examples) -> dict[int, float]:
    """A training and held-out examples -> number of steps -> what BY says, as far as it was of use to go."""
    compared: dict[int, float] = {}
    for steps in range(CHECK, MOST_STEPS + 1, CHECK):
        compared[steps] = float(np.exp(alarm_rates(trained(steps), held_out).mean()))
        if steps >= USUAL_STEPS and steps - min(_least(compared)) >= PATIENCE * CHECK:
            break
    return compared


def _least(compared: Mapping[int, float]) -> list[int]:
    """The numbers of steps with the least value."""
    least = min(compared.values())
    return [steps for steps, value in compared.items() if value == least]


def alarm_rates(detector: Detector, examples: Examples) -> np.ndarray:
    """Trained detector and examples -> for each recording of the keyword the natural log of the false alarms
    an hour that a threshold lets pass at which it is still heard, (streams,); half an alarm is the least."""
    tracks = _scored(detector, examples.keywords)
    heard = [_peak(detector, *pair) for pair in zip(tracks, examples.spans, strict=True)]
    others = [_greatest_each_second(detector, own) for own in _scored(detector, examples.background)]
    ranked = np.sort(np.concatenate(others))
    above = len(ranked) - np.searchsorted(ranked, heard)
    hours = sum(map(len, examples.background)) / FRAMES_A_SECOND / 3600
    return np.log((above + 0.5) / hours)


def _scored(detector: Detector, frames: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Frames of streams -> scores of each, in order."""
    order = sorted(range(len(frames)), key=lambda place: len(frames[place]))
    scores: dict[int, np.ndarray] = {}
    for first in range(0, len(order), SIDE_BY_SIDE):
        places = order[first : first + SIDE_BY_SIDE]
        scores.update(zip(places, scores_of(detector, [frames[p] for p in places]), strict=True))
    return [scores[place] for place in range(len(frames))]


def _peak(detector: Detector, scores: np.ndarray, span: tuple[int, int]) -> float:
    """The greatest score that counts for the keyword; the least there is where none does."""
    known = np.arange(1, 1 + len(scores)) * detector.step + detector.lookahead
    counts = (known >= span[0]) & (known <= span[1] + LATE * FRAMES_A_SECOND)
    return float(scores[counts].max(initial=-np.inf))


def _greatest_each_second(detector: Detector, scores: np.ndarray) -> np.ndarray:
    """Scores of a stream -> the greatest of each second, for what is heard once is not heard again in it."""
    block = max(1, round(REFRACTORY * FRAMES_A_SECOND / detector.step))
    return np.array([part.max() for part in np.split(scores, range(block, len(scores), block)) if len(part)])
