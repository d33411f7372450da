"""What a network said on a tape, and what it should have said -> losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import ctc_loss

from components.neural.packing import Tape
from components.neural.tokenizer import BLANK


def clip_losses(said: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
    """CTC loss of each clip, (clips,), zero for one that its tempo made too short for its characters."""
    lengths = torch.as_tensor(said.lengths)
    counts = torch.tensor([len(one) for one in spelt])
    targets = torch.from_numpy(np.concatenate(spelt)).to(said.values.device)
    return ctc_loss(said.padded(), targets, lengths, counts, BLANK, reduction="none", zero_infinity=True)


def evenly_spread_loss(said: Tape, spelt: Sequence[np.ndarray]) -> Tensor:
    """Cross entropy, summed per clip, against each text spread evenly over its clip: CTC's flat start.

    CTC alone spends its first hundred steps saying nothing but blanks; a rough alignment cuts them short.
    """
    rows, characters = [], []
    for start, length, one in zip(said.starts, said.lengths, spelt, strict=True):
        rows.append(start + np.arange(length))
        characters.append(one[np.arange(length) * len(one) // length])
    device = said.values.device
    rows = torch.as_tensor(np.concatenate(rows), device=device)
    characters = torch.as_tensor(np.concatenate(characters), device=device)
    return -said.values[rows, characters].sum() / len(spelt)
