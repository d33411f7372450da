"""Windows to train a network on: with the keyword at the end, and without it, some of them hard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from components.keywords.detector import Span

WINDOW = 200  # frames
AFTER = 20  # frames after the keyword that a window may have, besides those that the network looks ahead
SEARCHED, HARD = 1500, 150  # windows looked at when mining, and kept
CHUNK = 256  # windows scored at once
KEYWORDS = 1 / 3  # of a batch


class Windows:
    """Streams with the keyword and without it -> batches of windows of WINDOW frames."""

    def __init__(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        lookahead: int,
        rng: np.random.Generator,
    ) -> None:
        self.keywords, self.spans, self.lookahead, self.rng = keywords, spans, lookahead, rng
        self.background = np.concatenate([_at_least(frames) for frames in background])
        self.hard = np.zeros(0, dtype=int)  # first frames

    def draw(self, batch: int) -> tuple[np.ndarray, np.ndarray]:
        """Number of windows -> frames (WINDOW, batch, bands); 1 with the keyword, 0 without, (batch,)."""
        positive = max(1, round(KEYWORDS * batch))
        with_keyword = [self._with_keyword(row) for row in self.rng.integers(0, len(self.keywords), positive)]
        hard = min(len(self.hard), (batch - positive) // 2)
        firsts = [*self._random(batch - positive - hard), *self.rng.permutation(self.hard)[:hard]]
        windows = [*with_keyword, *(self.background[first : first + WINDOW] for first in firsts)]
        return np.stack(windows, axis=1), np.repeat(np.float32([1, 0]), [positive, batch - positive])

    def mine(self, greatest: Callable[[np.ndarray], np.ndarray]) -> None:
        """A function of windows that gives their scores -> the hard ones are those that score highest."""
        firsts = np.unique(np.concatenate([self._random(SEARCHED), self.hard]))
        parts = np.array_split(firsts, -(-len(firsts) // CHUNK))
        scores = [
            greatest(np.stack([self.background[first : first + WINDOW] for first in part], 1))
            for part in parts
        ]
        self.hard = firsts[np.argsort(-np.concatenate(scores), kind="stable")[:HARD]]

    def _random(self, count: int) -> np.ndarray:
        return self.rng.integers(0, len(self.background) - WINDOW + 1, count)

    def _with_keyword(self, row: int) -> np.ndarray:
        """A window that ends behind the keyword, after as much as the network looks ahead."""
        after = self.lookahead + int(self.rng.integers(0, AFTER))
        end = min(len(self.keywords[row]), self.spans[row][1] + after)
        return _at_least(self.keywords[row][max(0, end - WINDOW) : end])


def _at_least(frames: np.ndarray) -> np.ndarray:
    """Frames -> the same, zeros before them where there are fewer than WINDOW."""
    missing = max(0, WINDOW - len(frames))
    return np.pad(frames, ((missing, 0), (0, 0))) if missing else frames
