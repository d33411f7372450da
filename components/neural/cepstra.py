"""Cepstra: log energies of bands -> shapes of the spectrum, how they move, and how that changes."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from components.neural.tape import Tape

COEFFICIENTS = 13
REACH = 2  # frames on either side that a slope is measured over


class Cepstra(nn.Module):
    """(frames, bands) -> (frames, 39): thirteen shapes, their slopes, and those' slopes, all of one spread.

    A network could learn them by itself; from a hundred clips it does not. Wide shapes leave out the voice's
    harmonics, slopes its colour.
    Source: Davis and Mermelstein (1980); Furui (1986), slopes.
    """

    channels = 3 * COEFFICIENTS

    def __init__(self, bands: int) -> None:
        super().__init__()
        self.register_buffer("shapes", torch.from_numpy(_cosines(bands)), persistent=False)
        self.norm = nn.BatchNorm1d(self.channels, affine=False)

    def forward(self, tape: Tape) -> Tape:
        """(frames, bands) -> (frames, 39), silent between clips."""
        cepstra = tape.with_values(tape.values @ self.shapes)
        slopes = _slopes(cepstra)
        all_three = torch.cat([cepstra.values, slopes.values, _slopes(slopes).values], 1)
        return tape.with_values(self.norm(all_three))


def _slopes(tape: Tape) -> Tape:
    """The slope at each frame, by least squares over five frames."""
    rows = len(tape.values)
    padded = nn.functional.pad(tape.values, (0, 0, REACH, REACH))
    slopes = torch.zeros_like(tape.values)
    for far in range(1, REACH + 1):
        ahead, behind = padded[REACH + far :][:rows], padded[REACH - far :][:rows]
        slopes = slopes + far * (ahead - behind)
    return tape.with_values(slopes / (2 * sum(far**2 for far in range(1, REACH + 1))))


def _cosines(bands: int) -> np.ndarray:
    """(bands, 13): the discrete cosine transform's first thirteen shapes, the flat one first."""
    turns = np.arange(COEFFICIENTS) * (np.arange(bands)[:, None] + 0.5) / bands
    return (np.cos(np.pi * turns) * (2 / bands) ** 0.5).astype(np.float32)
