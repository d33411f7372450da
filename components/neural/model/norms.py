"""Batch norm over the rows of a packed batch: over all, or over those of each corpus by themselves."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from components.neural.packing import PackedBatch


class BatchNorm(nn.BatchNorm1d):
    """Batch norm over all rows, whatever corpus they are of."""

    def forward(self, values: Tensor, batch: PackedBatch) -> Tensor:
        """Values (rows, channels) of the rows of a batch -> the same, normalised."""
        return super().forward(values)


class NormsApart(nn.Module):
    """A batch norm for each of two corpora, over its own rows: statistics, scale and shift of its own.

    norm: what both begin as. Padding after a clip counts to the clip's corpus, as zeros.
    Source: Chang et al. (2019), Domain-specific batch normalization for unsupervised domain adaptation.
    """

    def __init__(self, norm: BatchNorm) -> None:
        super().__init__()
        self.norms = nn.ModuleList([norm, deepcopy(norm)])

    def forward(self, values: Tensor, batch: PackedBatch) -> Tensor:
        """As of BatchNorm; a batch that says nothing of corpora is of the first."""
        if batch.corpora is None:
            return self.norms[0](values, batch)
        corpus_of_row = torch.as_tensor(batch.corpora, device=values.device)[batch.clip_of_row]
        values = values * batch.valid  # what reached the padding may be of a clip of the other corpus
        normalised = torch.zeros_like(values)
        for corpus, norm in enumerate(self.norms):
            rows = (corpus_of_row == corpus).nonzero()[:, 0]
            if len(rows):
                normalised = normalised.index_copy(0, rows, norm(values[rows], batch))
        return normalised


def set_norms_apart(network: nn.Module) -> None:
    """A network -> each of its batch norms becomes one for each of two corpora, in place."""
    _replace(network, BatchNorm, NormsApart)


def keep_first_norms(network: nn.Module) -> None:
    """A network -> where norms are apart, those of the first corpus alone are left, in place."""
    _replace(network, NormsApart, lambda apart: apart.norms[0])


def _replace(network: nn.Module, kind: type[nn.Module], made: Callable[[Any], nn.Module]) -> None:
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, kind):
                setattr(module, name, made(child))
