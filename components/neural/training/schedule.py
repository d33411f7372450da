"""How long to train, and how fast: steps for the amount of data, and the learning rate at each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.neural.augmentation import BatchAugmentation, augmentation_for
from components.neural.training.precision import FLOAT32

WARM_UP, FALL = 0.1, 0.7  # of the steps
PATIENCE = 3  # checks
FLAT_START = 150  # steps; with fewer, short words in long clips were overfitted, aligned wrongly
STEPS_A_ROOT, FEWEST, MOST = 190, 800, 6000


@dataclass(frozen=True)
class Schedule:
    """steps: optimiser steps at most. batch_rows: feature rows in a batch. rate: highest learning rate.

    The rate rises over a tenth of the steps, holds, and falls to nothing over the last seven tenths; the
    fall begins earlier when the dev loss has stopped falling. The dev clips join when three fifths of the
    fall are over. augmentation: of the batches; its strength is the dropout's, too. concat_pairs: whether
    every other batch joins its clips two by two. precision: of the products. flat_start: steps in which CTC
    is compared with evenly spread tokens, too.
    """

    steps: int
    batch_rows: int
    rate: float
    weight_decay: float
    augmentation: BatchAugmentation
    concat_pairs: bool = True
    precision: str = FLOAT32
    flat_start: int = FLAT_START

    @property
    def fall(self) -> int:
        """Steps over which the rate falls."""
        return int(self.steps * FALL)

    @property
    def hold(self) -> int:
        """The step at which the rate begins to fall at the latest."""
        return max(1, self.steps - self.fall)


def schedule_for(settings: Any, batch_rows: int, feature_rows: int) -> Schedule:
    """Settings of a CtcRecogniser, feature rows in a batch and in all -> steps for the amount of speech, and
    augmentation for the number of passes."""
    batches = max(1.0, feature_rows / batch_rows)
    epochs = None if settings.epochs is None else max(1, round(settings.epochs * batches))
    steps = settings.steps or epochs or steps_for(batches)
    augmentation = augmentation_for(steps / batches, settings.augmentation)
    learning = settings.learning_rate, settings.weight_decay
    return Schedule(steps, batch_rows, *learning, augmentation, settings.concat_pairs, settings.precision)


def steps_for(batches: float) -> int:
    """Optimiser steps where a pass over the clips takes so many batches: 190 times the root of it.

    At least 800, at most 6,000, which 1,000 batches get. A step of log-mel on 12 s of speech costs about
    20 ms of one processor core.
    """
    return int(np.clip(STEPS_A_ROOT * batches**0.5, FEWEST, MOST))


def share_of_rate(step: int, steps: int, falls_from: int | None, fall: int) -> float:
    """Share of the highest learning rate at a step."""
    if falls_from is None:
        return min(1.0, (step + 1) / (WARM_UP * steps))
    return max(0.0, 1 - (step - falls_from) / fall)


def has_stalled(dev_losses: Sequence[float]) -> bool:
    """Dev losses so far -> whether the last three brought nothing below the best before them."""
    return len(dev_losses) > PATIENCE and min(dev_losses[-PATIENCE:]) >= min(dev_losses[:-PATIENCE])
