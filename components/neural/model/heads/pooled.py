"""Pooled heads: encoded rows of a whole clip -> its class, or a number."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from components.neural.model.heads import Targets, labelled
from components.neural.packing import PackedBatch

LEAST_VARIANCE = 1e-5  # keeps the gradient of a deviation finite where a clip has one row


def pool(encoded: PackedBatch) -> Tensor:
    """Encoded rows (rows, channels) -> mean and standard deviation over each clip, (clips, 2 * channels).

    Those of a clip without any row are 0 and about 0.
    Source: Snyder et al. (2017), Deep neural network embeddings for text-independent speaker verification.
    """
    counts = encoded.counts(encoded.values).clamp(min=1)
    mean = encoded.sums(encoded.values) / counts
    centred = (encoded.values - mean[encoded.clip_of_row]) * encoded.valid
    variance = encoded.sums(centred.square()) / counts
    return torch.cat([mean, (variance + LEAST_VARIANCE).sqrt()], 1)


class ClassHead(nn.Module):
    """Encoded rows (rows, channels) -> logits of the classes of each clip, (clips, classes)."""

    of_one_clip = True

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.output = nn.Linear(2 * channels, classes)

    def forward(self, encoded: PackedBatch) -> Tensor:
        """(rows, channels) -> (clips, classes)."""
        return self.output(pool(encoded))

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Cross entropy of each labelled clip with its class, int64 (1,): (clips,)."""
        encoded, targets = labelled(encoded, targets)
        classes = torch.from_numpy(np.concatenate(targets)).to(encoded.values.device)
        return cross_entropy(self(encoded), classes, reduction="none")


class NumberHead(nn.Module):
    """Encoded rows (rows, channels) -> a standardised number of each clip, (clips,)."""

    of_one_clip = True

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.output = nn.Linear(2 * channels, 1)

    def forward(self, encoded: PackedBatch) -> Tensor:
        """(rows, channels) -> (clips,)."""
        return self.output(pool(encoded))[:, 0]

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """Squared error of each labelled clip against its standardised number, float32 (1,): (clips,)."""
        encoded, targets = labelled(encoded, targets)
        numbers = torch.from_numpy(np.concatenate(targets)).to(encoded.values.device)
        return (self(encoded) - numbers).square()
