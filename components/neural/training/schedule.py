"""How long to train, and how fast: steps for the amount of data, and the learning rate at each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.neural.augmentation import BatchAugmentation, augmentation_for
from components.neural.training.precision import FLOAT32
from components.study.choices import Choice

WARM_UP, FALL = 0.1, 0.7  # of the steps
PATIENCE = 3  # checks
FLAT_START = 150  # steps; with fewer, short words in long clips were overfitted, aligned wrongly
STEPS_A_ROOT, FEWEST, MOST = 190, 800, 20_000
BATCH_SECONDS, MORE_SECONDS, MOST_SECONDS = 12.0, 14.0, 120.0  # see batch_seconds_for
RATE, LONG_CLIP = 1e-2, 1.7  # learning rate of clips up to so long, in seconds


@dataclass(frozen=True)
class Schedule:
    """steps: optimiser steps at most. batch_rows: feature rows in a batch. rate: highest learning rate.

    The rate rises over a tenth of the steps, holds, and falls to nothing over the last seven tenths; the
    fall begins earlier when the dev loss has stopped falling. The dev clips join when three fifths of the
    fall are over. augmentation: of the batches; its strength is the dropout's, too. concat_pairs: whether
    every other batch joins its clips two by two. precision: of the products. flat_start: steps in which CTC
    is compared with evenly spread tokens, too. wanted_steps: what so much speech asks for; more than steps
    where MOST bounds them.
    """

    steps: int
    batch_rows: int
    rate: float
    weight_decay: float
    augmentation: BatchAugmentation
    concat_pairs: bool = True
    precision: str = FLOAT32
    flat_start: int = FLAT_START
    wanted_steps: int = 0

    @property
    def fall(self) -> int:
        """Steps over which the rate falls."""
        return int(self.steps * FALL)

    @property
    def hold(self) -> int:
        """The step at which the rate begins to fall at the latest."""
        return max(1, self.steps - self.fall)

    @property
    def limits(self) -> list[Choice]:
        """The number of steps, where a bound made it less than what so much speech asks for."""
        if self.steps >= self.wanted_steps:
            return []
        limit = f"{MOST:,} steps at most, where so much speech asks for {self.wanted_steps:,}"
        return [Choice("training steps", f"{self.steps:,}", "amount of speech", limit=limit)]


def schedule_for(settings: Any, rows: np.ndarray, rows_a_second: int) -> Schedule:
    """Settings of a CtcRecogniser, feature rows of each clip -> batches and learning rate for the length of
    the clips, steps for the amount of speech, and augmentation for the number of passes."""
    clip_seconds = float(rows.mean()) / rows_a_second
    batch_seconds = settings.batch_seconds or batch_seconds_for(clip_seconds)
    batch_rows = max(1, round(batch_seconds * rows_a_second))
    batches = max(1.0, int(rows.sum()) / batch_rows)
    epochs = None if settings.epochs is None else max(1, round(settings.epochs * batches))
    given, wanted = settings.steps or epochs, wanted_steps(batches, batch_seconds)
    steps = given or min(wanted, MOST)
    augmentation = augmentation_for(steps / batches, settings.augmentation)
    learning = settings.learning_rate or rate_for(clip_seconds), settings.weight_decay
    how = settings.concat_pairs, settings.precision
    return Schedule(steps, batch_rows, *learning, augmentation, *how, wanted_steps=given or wanted)


def wanted_steps(batches: float, batch_seconds: float = BATCH_SECONDS) -> int:
    """Optimiser steps where a pass over the clips takes so many batches: 190 times the root of it.

    At least 800. More for larger batches, by the fourth root, which is that of their speech in fewer steps.
    A step of log-mel on 12 s of speech costs about 20 ms of one processor core.
    """
    root = (batches * (batch_seconds / BATCH_SECONDS) ** 0.5) ** 0.5
    return max(FEWEST, int(STEPS_A_ROOT * root))


def batch_seconds_for(clip_seconds: float) -> float:
    """Mean length of a clip -> seconds of speech in a batch: 12, and 14 for each one above 1.7; up to 120.

    From three sentences at a time CTC over characters learned nothing but how often each occurs.
    """
    more = MORE_SECONDS * max(0.0, clip_seconds - LONG_CLIP)
    return min(BATCH_SECONDS + more, MOST_SECONDS)


def rate_for(clip_seconds: float) -> float:
    """Mean length of a clip in seconds -> highest learning rate: lower for long ones, whose alignments give
    less certain gradients."""
    return RATE * min(1.0, LONG_CLIP / clip_seconds)


def share_of_rate(step: int, steps: int, falls_from: int | None, fall: int) -> float:
    """Share of the highest learning rate at a step."""
    if falls_from is None:
        return min(1.0, (step + 1) / (WARM_UP * steps))
    return max(0.0, 1 - (step - falls_from) / fall)


def has_stalled(dev_losses: Sequence[float]) -> bool:
    """Dev losses so far -> whether the last three brought nothing below the best before them."""
    return len(dev_losses) > PATIENCE and min(dev_losses[-PATIENCE:]) >= min(dev_losses[:-PATIENCE])
