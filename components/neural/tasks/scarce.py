"""Tasks with few labels: their clips once more, so that every batch holds some of each such task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from components.neural.model.heads import Targets
from components.neural.packing import RaggedFeatures
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
    values, offsets = data.features.values, data.features.offsets
    rows = np.concatenate([np.arange(offsets[i], offsets[i + 1]) for i in clips])
    copied = values[torch.as_tensor(rows, device=values.device)]
    copies = RaggedFeatures(copied, np.cumsum([0, *data.features.lengths[clips]]))
    return replace(
        data,
        features=data.features.followed_by(copies),
        names=[*data.names, *(data.names[i] for i in clips)],
        targets={name: [*own, *_of_copies(own, clips, name == head)] for name, own in data.targets.items()},
        scarce=[*data.scarce, len(data.names) + np.arange(len(clips))],
    )


def _of_copies(targets: Targets, clips: np.ndarray, labelled: bool) -> Targets:
    return [targets[i] if labelled else None for i in clips]
