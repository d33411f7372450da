"""The CTC head: encoded rows every 40 ms -> log-probabilities of the tokens every 20 ms, and the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import ctc_loss

from components.neural.model.heads import Targets, labelled
from components.neural.packing import PackedBatch
from components.neural.tokenizer import BLANK


class CtcHead(nn.Module):
    """Encoded rows -> log-probabilities of CTC's tokens, two rows for each.

    Twice the encoder's rate leaves room for words said quickly. tokens: how many, the blank among them.
    Source: Graves et al. (2006), Connectionist temporal classification.
    """

    rows_out = 2

    def __init__(self, channels: int, tokens: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.output = nn.Linear(channels, self.rows_out * tokens)

    def forward(self, encoded: PackedBatch) -> PackedBatch:
        """(rows, channels) -> (2 * rows, tokens), natural log-probabilities."""
        logits = replace(encoded, values=self.output(encoded.values)).unstacked(self.rows_out)
        # over so few tokens a fifth of the time of torch's log_softmax
        return logits.with_values(logits.values - logits.values.logsumexp(-1, keepdim=True))

    def losses(self, encoded: PackedBatch, targets: Targets, log_probs: PackedBatch | None = None) -> Tensor:
        """Encoded rows and token ids -> minus the log-probability of each labelled clip's tokens, (clips,).

        log_probs: what forward makes of the same rows, if it is at hand.
        """
        return ctc_losses(*labelled(self(encoded) if log_probs is None else log_probs, targets))


def ctc_losses(log_probs: PackedBatch, targets: Sequence[np.ndarray]) -> Tensor:
    """CTC loss of each clip, (clips,), zero for one that its speed made too short for its tokens."""
    lengths = torch.as_tensor(log_probs.lengths)
    counts = torch.tensor([len(tokens) for tokens in targets])
    tokens = torch.from_numpy(np.concatenate(targets)).to(log_probs.values.device)
    return ctc_loss(log_probs.padded(), tokens, lengths, counts, BLANK, reduction="none", zero_infinity=True)


def flat_start_loss(log_probs: PackedBatch, targets: Targets) -> Tensor:
    """Cross entropy against tokens spread evenly over each labelled clip: summed per clip, mean over clips.

    CTC alone emits nothing but blanks for its first hundred steps; a rough alignment cuts them short.
    """
    log_probs, targets = labelled(log_probs, targets)
    return -log_probs.values[evenly_spread(log_probs, targets)].sum() / len(targets)


def evenly_spread(batch: PackedBatch, targets: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """A batch and tokens of each clip -> all rows of clips (rows,), and the token in the place of each."""
    rows, columns = [], []
    for start, length, tokens in zip(batch.starts, batch.lengths, targets, strict=True):
        rows.append(start + np.arange(length))
        columns.append(tokens[np.arange(length) * len(tokens) // length])
    device = batch.values.device
    rows, columns = (torch.as_tensor(np.concatenate(one), device=device) for one in (rows, columns))
    return rows, columns
