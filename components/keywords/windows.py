"""Windows to train a network on: with the keyword at the end, and without it, some of them hard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from components.keywords.detector import Span

WINDOW = 200  # frames
AFTER = 20  # frames after the keyword that a window may have, besides those that the network looks ahead
SEARCHED, HARD = 1500, 150  # windows looked at when mining, and kept
CHUNK = 256  # windows scored at once
KEYWORDS = 1 / 3  # of a batch


class Batch(NamedTuple):
    """Windows to train on.

    frames : float32 (WINDOW, windows, bands).
    keyword : (rows, windows), whether the keyword may be heard at a row: not before it begins.
    other : (rows, windows), whether it must not be: all rows of the background, those before the keyword.
    """

    frames: np.ndarray
    keyword: np.ndarray
    other: np.ndarray


class Windows:
    """Streams with the keyword and without it -> batches of windows of WINDOW frames.

    step, lookahead : frames to a row, and ahead of it that the network looks. behind: frames behind a row
    that it must not lack; rows with too few on either side are in neither mask, as no stream has such.
    """

    def __init__(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        rows: RowShape,
        rng: np.random.Generator,
    ) -> None:
        self.keywords, self.spans, self.rows, self.rng = keywords, spans, rows, rng
        self.background = np.concatenate([_at_least(frames) for frames in background])
        self.hard = np.zeros(0, dtype=int)  # first frames

    def draw(self, batch: int) -> Batch:
        """Number of windows -> so many, a third of them with the keyword."""
        positive = max(1, round(KEYWORDS * batch))
        drawn = [self._with_keyword(row) for row in self.rng.integers(0, len(self.keywords), positive)]
        hard = min(len(self.hard), (batch - positive) // 2)
        firsts = [*self._random(batch - positive - hard), *self.rng.permutation(self.hard)[:hard]]
        windows = [frames for frames, _ in drawn]
        windows += [self.background[first : first + WINDOW] for first in firsts]
        begins = np.array([begin for _, begin in drawn] + [WINDOW] * len(firsts))
        keyword, before = self.rows.masks(begins)
        other = np.where(begins == WINDOW, self.rows.whole[:, None], before)
        return Batch(np.stack(windows, axis=1), keyword, other)

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

    def _with_keyword(self, row: int) -> tuple[np.ndarray, int]:
        """A window that ends after the keyword, by what the network looks ahead; where the keyword begins."""
        after = self.rows.lookahead + int(self.rng.integers(0, AFTER))
        end = min(len(self.keywords[row]), self.spans[row][1] + after)
        return _at_least(self.keywords[row][max(0, end - WINDOW) : end]), WINDOW - end + self.spans[row][0]


class RowShape(NamedTuple):
    """What a network makes of frames: a row every `step`, of those `lookahead` after and `behind` before."""

    step: int
    lookahead: int
    behind: int

    @property
    def ends(self) -> np.ndarray:
        """The frame after each row of a window (rows,)."""
        return np.arange(self.step, WINDOW + 1, self.step)

    @property
    def whole(self) -> np.ndarray:
        """Whether a row of a window has all the frames that it depends on (rows,)."""
        return (self.ends - self.step >= self.behind) & (self.ends + self.lookahead <= WINDOW)

    def masks(self, begins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First frames of the keyword (windows,) -> rows at or after it, rows that see nothing of it."""
        ends, whole = self.ends[:, None], self.whole[:, None]
        return whole & (ends > begins), whole & (ends + self.lookahead <= begins)


def _at_least(frames: np.ndarray) -> np.ndarray:
    """Frames -> the same, zeros before them where there are fewer than WINDOW."""
    missing = max(0, WINDOW - len(frames))
    return np.pad(frames, ((missing, 0), (0, 0))) if missing else frames
