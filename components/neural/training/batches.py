"""The order of clips in training: batch after batch, the shortest first, then pass after pass."""

from __future__ import annotations

import numpy as np
import torch

SHORT_FIRST = 200  # steps, but at most a third of them
SHORTEST = 0.15  # of the clips, at the first step


class Batches:
    """Clips -> batches without end, whose state can be kept.

    lengths: rows of every shelved clip. clips: those to learn from. The first batches hold the shortest clips
    only, later ones longer clips as well; then every pass has all clips once, in a random order.
    Few words leave few ways to align them: a network that met long sentences first often learned them by
    heart, aligned wrongly. Source: Amodei et al. (2016), Deep Speech 2 (SortaGrad).
    """

    def __init__(
        self, lengths: np.ndarray, clips: np.ndarray, batch_rows: int, steps: int, rng: np.random.Generator
    ) -> None:
        self.lengths, self.clips, self.batch_rows, self.rng = lengths, clips, batch_rows, rng
        self.shares = np.linspace(SHORTEST, 1, min(SHORT_FIRST, steps // 3))
        self.given, self.waiting = 0, []

    def next(self) -> np.ndarray:
        """The next batch: positions on the shelf."""
        if not self.waiting:
            self.waiting = self._more()
        self.given += 1
        return self.waiting.pop(0)

    @property
    def paired(self) -> bool:
        """Whether to hear the batch given last in pairs: every other one, after those of short clips."""
        return self.given > len(self.shares) and self.given % 2 == 0

    def widen(self, clips: np.ndarray) -> None:
        """Learn from more clips, in passes that begin now."""
        self.clips, self.waiting = np.union1d(self.clips, clips), []

    def state(self) -> dict:
        """What `restore` needs besides the generator's state and the clips."""
        return {"given": self.given, "waiting": [torch.from_numpy(batch) for batch in self.waiting]}

    def restore(self, state: dict) -> None:
        """Go on where a state was taken."""
        self.given, self.waiting = state["given"], [batch.numpy() for batch in state["waiting"]]

    def _more(self) -> list[np.ndarray]:
        if self.given >= len(self.shares):
            return cut(self.rng.permutation(self.clips), self.lengths, self.batch_rows)
        order = self.clips[np.argsort(self.lengths[self.clips], kind="stable")]
        shortest = order[: max(1, round(self.shares[self.given] * len(order)))]
        return cut(self.rng.permutation(shortest), self.lengths, self.batch_rows)[:1]


def cut(clips: np.ndarray, lengths: np.ndarray, batch_rows: int) -> list[np.ndarray]:
    """Clips -> batches in order, as even as may be, of about batch_rows rows."""
    before = np.cumsum(lengths[clips]) - lengths[clips]
    total = before[-1] + lengths[clips[-1]]
    batches = max(1, round(total / batch_rows))
    batch_of = np.minimum(before * batches // total, batches - 1)
    return np.split(clips, np.flatnonzero(np.diff(batch_of)) + 1)
