"""The order of clips in training: batch after batch, the shortest first, then pass after pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from components.neural.packing import split_batches

SHORT_FIRST = 200  # steps, but at most a third of them
SHORTEST = 0.15  # of the clips, at the first step


class Batches:
    """Clips -> batches without end, whose state can be saved.

    lengths: feature rows of every clip. clips: indices of those to train on. The first batches hold the
    shortest clips only, later ones longer clips as well; then every pass has all clips once, in a random
    order. scarce: groups of further clips, of each of which every batch holds two first. corpora: number of
    the corpus that each clip is of; then those of one corpus lie side by side, so that pairs are of one.
    Few words leave few alignments: a network that met long sentences first often overfitted them, aligned
    wrongly. Source: Amodei et al. (2016), Deep Speech 2 (SortaGrad).
    """

    def __init__(
        self,
        lengths: np.ndarray,
        clips: np.ndarray,
        batch_rows: int,
        steps: int,
        rng: np.random.Generator,
        scarce: Sequence[np.ndarray] = (),
        corpora: np.ndarray | None = None,
    ) -> None:
        self.lengths, self.clips, self.batch_rows, self.rng = lengths, clips, batch_rows, rng
        self.shares = np.linspace(SHORTEST, 1, min(SHORT_FIRST, steps // 3))
        self.count, self.waiting, self.scarce, self.corpora = 0, [], scarce, corpora

    def next(self) -> np.ndarray:
        """The next batch: indices of clips."""
        if not self.waiting:
            self.waiting = self._more()
        self.count += 1
        some = [self.rng.choice(group, 2, replace=len(group) < 2) for group in self.scarce]
        return np.concatenate([*some, self._side_by_side(self.waiting.pop(0))])

    @property
    def concat_pairs(self) -> bool:
        """Whether to join the last batch's clips in pairs: every other one, after those of short clips."""
        return self.count > len(self.shares) and self.count % 2 == 0

    def widen(self, clips: np.ndarray) -> None:
        """Train on more clips, in passes that begin now."""
        self.clips, self.waiting = np.union1d(self.clips, clips), []

    def state(self) -> dict:
        """What `load_state` needs besides the generator's state and the clips."""
        return {"count": self.count, "waiting": [torch.from_numpy(batch) for batch in self.waiting]}

    def load_state(self, state: dict) -> None:
        """Go on where a state was saved."""
        self.count, self.waiting = state["count"], [batch.numpy() for batch in state["waiting"]]

    def _side_by_side(self, batch: np.ndarray) -> np.ndarray:
        return batch if self.corpora is None else batch[np.argsort(self.corpora[batch], kind="stable")]

    def _more(self) -> list[np.ndarray]:
        if self.count >= len(self.shares):
            return split_batches(self.rng.permutation(self.clips), self.lengths, self.batch_rows)
        order = self.clips[np.argsort(self.lengths[self.clips], kind="stable")]
        shortest = order[: max(1, round(self.shares[self.count] * len(order)))]
        return split_batches(self.rng.permutation(shortest), self.lengths, self.batch_rows)[:1]
