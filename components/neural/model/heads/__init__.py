"""Heads: what becomes of an encoder's rows. Each keeps the promise `Head`; a network has any number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor

from components.neural.hypothesis import Hypothesis
from components.neural.packing import PackedBatch

Targets = Sequence[np.ndarray | None]  # what a clip is labelled with, one a clip; None: no label


@runtime_checkable
class Head(Protocol):
    """A module that learns from labels of clips, some of which may lack them.

    of_one_clip, True: its labels cannot be joined as those of texts can, so that where clips are joined in
    pairs it reads the rows of each, and has a target or None for each.
    """

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Encoded rows (rows, channels), a target or None a clip -> the loss of each labelled clip, in order.

        A clip's loss does not depend on the clips beside it, and is finite for any target that fits.
        """
        ...


@runtime_checkable
class LabelDecoder(Head, Protocol):
    """A head that decodes one label after another, and scores what others decoded by its losses."""

    def greedy(self, encoded: PackedBatch) -> list[Hypothesis]:
        """Encoded rows -> the hypothesis of each clip, the likeliest label at each step."""
        ...


def labelled(batch: PackedBatch, targets: Targets) -> tuple[PackedBatch, list[np.ndarray]]:
    """A batch and its targets -> those of the clips that have a target."""
    chosen = np.array([i for i, target in enumerate(targets) if target is not None], dtype=np.int64)
    if len(chosen) == len(targets):
        return batch, list(targets)
    return batch.select(chosen), [targets[i] for i in chosen]
