"""Token hypotheses of one clip, and the count of word errors of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from components.neural.tokenizer import BLANK
from components.speech.scoring import score


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """Token ids, int64 (tokens,), no blank among them, and their log-probabilities, float32 (tokens,)."""

    tokens: np.ndarray
    log_probs: np.ndarray


def hypotheses_of(steps: Sequence[tuple[Tensor, Tensor]], clips: int) -> list[Hypothesis]:
    """Each decoding step's tokens and log-probabilities, (clips,) each, blank for none -> one a clip."""
    if not steps:
        return [Hypothesis(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))] * clips
    tokens, log_probs = (torch.stack(column).cpu().numpy().T for column in zip(*steps, strict=True))
    pairs = zip(tokens, log_probs, strict=True)
    return [Hypothesis(row[row != BLANK], logs[row != BLANK]) for row, logs in pairs]


def word_errors(expected: Iterable[str], texts: Iterable[str]) -> int:
    """Reference texts and recognised texts -> substituted, inserted and deleted words in all."""
    return sum(score(*pair).errors for pair in zip(expected, texts, strict=True))
