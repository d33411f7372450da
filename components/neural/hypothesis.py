"""What a decoder says of a clip by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from components.neural.tokenizer import BLANK


@dataclass(frozen=True, eq=False)
class Said:
    """numbers: int64 (tokens,), none of them the blank. sure: float32 (tokens,), their log-probabilities."""

    numbers: np.ndarray
    sure: np.ndarray


def each_clip(turns: Sequence[tuple[Tensor, Tensor]], clips: int) -> list[Said]:
    """Each turn's tokens (clips,), blank where none is said, and log-probabilities -> those of each clip."""
    if not turns:
        return [Said(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))] * clips
    tokens, sure = (torch.stack(column).cpu().numpy().T for column in zip(*turns, strict=True))
    return [Said(one[one != BLANK], logs[one != BLANK]) for one, logs in zip(tokens, sure, strict=True)]
