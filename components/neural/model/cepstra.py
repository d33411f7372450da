"""A first layer that is born as cepstra and their slopes, and learns on from there."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from components.neural.packing import Tape
from components.speech.mel import dct_matrix

COEFFICIENTS = 13
SLOPE = np.array([-2, -1, 0, 1, 2]) / 10  # a line through five frames, by least squares
REACH = len(SLOPE) - 1  # frames on either side that the slope of a slope is measured over
WEIGHT_SIZE = 10.0


class CepstralLayer(nn.Module):
    """(frames, bands) -> (frames, 39) of one spread each: a convolution over frames, free to change.

    It starts as thirteen shapes of the spectrum, their slopes, and those' slopes. A network finds the like
    by itself from a thousand clips, but not from a hundred. Source: Davis and Mermelstein (1980) and Furui
    (1986), the start; that only a start is given, as Zeghidour et al. (2018) do with filters.
    """

    channels = 3 * COEFFICIENTS

    def __init__(self, bands: int) -> None:
        super().__init__()
        start = torch.from_numpy(cepstra_and_slopes(bands))
        # kept large, so that a step of the optimiser's size changes a weight by a small share of itself
        self.scale = float(start.square().mean().sqrt()) / WEIGHT_SIZE
        self.weight = nn.Parameter(start / self.scale)
        self.norm = nn.BatchNorm1d(self.channels, affine=False)

    def forward(self, tape: Tape) -> Tape:
        """(frames, bands) -> (frames, 39), silent between clips."""
        return tape.with_values(self.norm(tape.convolved(self.weight * self.scale)))


def cepstra_and_slopes(bands: int) -> np.ndarray:
    """Weights (9 frames, bands, 39): log energies -> cepstra, their slopes, and the slopes' slopes."""
    shapes = dct_matrix(bands, COEFFICIENTS)
    once = np.pad(SLOPE, REACH // 2)
    now = np.eye(2 * REACH + 1)[REACH]
    over_time = np.stack([now, once, np.convolve(SLOPE, SLOPE)])  # (3, 9 frames)
    weights = np.einsum("kt,bc->tbkc", over_time, shapes)
    return weights.reshape(2 * REACH + 1, bands, 3 * COEFFICIENTS).astype(np.float32)
