"""A trained encoder, the tasks' codes and heads, and clips -> the answers to the tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from components.contract import Clip
from components.neural.inference import encoded_batches
from components.neural.model.network import Network
from components.neural.tasks.codes import Code
from components.neural.tasks.heads import Weights, trained_head
from components.neural.tasks.middle import close


@torch.no_grad()
def answer_tasks(
    network: Network, codes: Mapping[str, Code], weights: Mapping[str, Weights], clips: Sequence[Clip]
) -> dict[str, list[Any]]:
    """Network, code and head's weights by task, and clips -> task -> one answer a clip, in order."""
    if not len(clips):
        return {name: [] for name in codes}
    heads = {name: trained_head(code, network, weights[name]) for name, code in codes.items()}
    answers: dict[str, dict[int, Any]] = {name: {} for name in codes}
    features = network.front_end.extract(clips)
    for batch, encoded in encoded_batches(network, features, np.arange(len(clips))):
        for name, code in codes.items():
            answers[name].update(zip(batch.tolist(), code.answers(heads[name], encoded), strict=True))
    for head in heads.values():
        close(head)
    return {name: [by_clip[i] for i in range(len(clips))] for name, by_clip in answers.items()}
