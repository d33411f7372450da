"""A first layer that is initialised as cepstra, deltas and double deltas, and trained on from there."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from components.neural.model.norms import BatchNorm
from components.neural.packing import PackedBatch
from components.speech.mel import dct_matrix

COEFFICIENTS = 13
SLOPE = np.array([-2, -1, 0, 1, 2]) / 10  # a line through five frames, by least squares
REACH = len(SLOPE) - 1  # frames on either side that double deltas depend on
WEIGHT_SIZE = 10.0


class CepstralLayer(nn.Module):
    """(frames, bands) -> (frames, 39), each of unit variance: a trained convolution over frames.

    It starts as thirteen cepstral coefficients, their deltas and double deltas. A network learns the like
    by itself from a thousand clips, but not from a hundred. Source: Davis and Mermelstein (1980) and Furui
    (1986), the start; that only a start is given, as Zeghidour et al. (2018) do with filters.
    """

    channels = 3 * COEFFICIENTS

    def __init__(self, bands: int) -> None:
        super().__init__()
        start = torch.from_numpy(cepstra_and_slopes(bands))
        # scaled up, so that a step of the optimiser's size changes a weight by a small share of itself
        self.scale = float(start.square().mean().sqrt()) / WEIGHT_SIZE
        self.weight = nn.Parameter(start / self.scale)
        self.norm = BatchNorm(self.channels, affine=False)

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, bands) -> (frames, 39)."""
        return batch.with_values(self.norm(batch.convolved(self.weight * self.scale), batch))


def cepstra_and_slopes(bands: int) -> np.ndarray:
    """Number of bands -> weights (9 frames, bands, 39): log energies -> cepstra, deltas, double deltas."""
    cosines = dct_matrix(bands, COEFFICIENTS)
    deltas = np.pad(SLOPE, REACH // 2)
    now = np.eye(2 * REACH + 1)[REACH]
    over_time = np.stack([now, deltas, np.convolve(SLOPE, SLOPE)])  # (3, 9 frames)
    weights = np.einsum("kt,bc->tbkc", over_time, cosines)
    return weights.reshape(2 * REACH + 1, bands, 3 * COEFFICIENTS).astype(np.float32)
