"""Heads that make the encoded rows of two domains alike; targets are 0 and 1, the domain of each clip."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from components.neural.model.heads import Targets, labelled
from components.neural.model.heads.pooled import ClassHead
from components.neural.packing import PackedBatch

LEAST_DEVIATION = 1e-3


class ReversalHead(ClassHead):
    """Learns to tell the domain of a clip, while the encoder learns to give it nothing to tell it by.

    strength: of the reversed gradient that the encoder gets.
    Source: Ganin and Lempitsky (2015), Unsupervised domain adaptation by backpropagation.
    """

    def __init__(self, channels: int, strength: float) -> None:
        super().__init__(channels, 2)
        self.register_buffer("strength", torch.tensor(strength))

    def forward(self, encoded: PackedBatch) -> Tensor:
        """(rows, channels) -> logits of the two domains, (clips, 2)."""
        return super().forward(encoded.with_values(reverse_gradient(encoded.values, self.strength)))


def reverse_gradient(values: Tensor, strength: Tensor) -> Tensor:
    """Values -> the same, whose gradient comes back times minus the strength."""
    return (1 + strength) * values.detach() - strength * values


class CoralHead(nn.Module):
    """The distance of two domains: of the means and of the covariances of their rows, in a batch.

    Rows are standardised over the batch first, so that smaller ones are no nearer. It learns nothing itself.
    strength: weight of the distance.
    Source: Sun and Saenko (2016), Deep CORAL: correlation alignment for deep domain adaptation.
    """

    of_one_clip = True

    def __init__(self, channels: int, strength: float) -> None:
        super().__init__()
        self.register_buffer("strength", torch.tensor(strength))

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """The distance, for each clip of a domain, (clips,); 0 where the batch has one domain alone."""
        encoded, targets = labelled(encoded, targets)
        domain = torch.from_numpy(np.concatenate(targets)).to(encoded.values.device)
        is_row = encoded.valid[:, 0]
        rows, domain_of_row = encoded.values[is_row], domain[encoded.clip_of_row[is_row]]
        rows = (rows - rows.mean(0)) / rows.std(0).clamp(min=LEAST_DEVIATION)
        sides = [rows[domain_of_row == side] for side in (0, 1)]
        distance = _distance(*sides) if min(map(len, sides)) > 1 else 0 * rows.sum()
        return (self.strength * distance).expand(len(targets))


def _distance(first: Tensor, second: Tensor) -> Tensor:
    """Rows (rows, channels) of two domains -> squared distance of means and covariances, a channel."""
    mean = (first.mean(0) - second.mean(0)).square().sum()
    return (mean + (first.T.cov() - second.T.cov()).square().sum()) / first.shape[1]
