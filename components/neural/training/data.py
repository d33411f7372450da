"""What a network is taught: clips on a shelf, and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.neural.packing import Shelf
from components.neural.tokenizer import Spelling


@dataclass(frozen=True)
class Lessons:
    """What is to be learned. names, spelt: of each shelved clip. used: clips to learn from. dev: clips kept
    back, to see when the learning rate may fall and how to decode, and learned from towards the end.
    spelling: of the texts."""

    shelf: Shelf
    names: Sequence[str]
    spelt: Sequence[np.ndarray]
    used: np.ndarray
    dev: np.ndarray
    spelling: Spelling

    def hear(self, chosen: np.ndarray, paired: bool) -> tuple[Shelf, np.ndarray, list[np.ndarray]]:
        """Chosen clips -> a shelf, which of its clips to hear, and what is said in each.

        paired: the first clip with the second as if said at once, the third with the fourth, and so on. From
        few clips a network learns whole words by heart; in pairs none has the same neighbours twice.
        """
        spelt = [self.spelt[i] for i in chosen]
        if not paired:
            return self.shelf, chosen, spelt
        between = [] if self.spelling.space is None else [self.spelling.space]
        pairs = [_joined(spelt[i : i + 2], between) for i in range(0, len(spelt), 2)]
        return self.shelf.in_pairs(chosen), np.arange(len(pairs)), pairs


def _joined(texts: Sequence[np.ndarray], between: Sequence[int]) -> np.ndarray:
    """One or two texts' tokens -> those of the text of both."""
    parts = [texts[0], *(part for text in texts[1:] for part in (between, text))]
    return np.concatenate(parts).astype(np.int64)
