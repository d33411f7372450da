"""What a network is taught: clips on a shelf, and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.neural.tape import Shelf


@dataclass(frozen=True)
class Lessons:
    """What is to be learned. names, spelt: of each shelved clip. used: clips to learn from. dev: clips kept
    back, to see when the learning rate may fall and how to decode, and learned from towards the end.
    alphabet: what the texts are spelt with."""

    shelf: Shelf
    names: Sequence[str]
    spelt: Sequence[np.ndarray]
    used: np.ndarray
    dev: np.ndarray
    alphabet: Sequence[str]
