"""Tasks with few labels: their clips once more, so that every batch holds some of each such task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from components.neural.training.data import TrainingData

SCARCE = 0.1  # of the training clips: a task with labels for fewer is drawn into every batch


def with_scarce(data: TrainingData, heads: Sequence[str]) -> TrainingData:
    """Data and names of heads -> the same; labelled training clips of a scarce head are there once more.

    The copies have a target for that head alone, so that they change nothing of what other heads see.
    """
    for head in heads:
        labelled = np.array([i for i in data.train if data.targets[head][i] is not None], dtype=np.int64)
        if 0 < len(labelled) < SCARCE * len(data.train):
            data = _with_copies(data, head, labelled)
    return data


def _with_copies(data: TrainingData, head: str, clips: np.ndarray) -> TrainingData:
    names, targets = [data.names[i] for i in clips], data.targets_of(clips)[head]
    copied = data.followed_by(data.features.take(clips), names, {head: targets})
    return replace(copied, scarce=[*data.scarce, len(data.names) + np.arange(len(clips))])
