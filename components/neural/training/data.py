"""What a network is trained on: features of clips and, for each head, their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from components.neural.model.heads import Targets
from components.neural.packing import RaggedFeatures
from components.neural.tokenizer import Tokenizer


@dataclass(frozen=True)
class TrainingData:
    """Features and targets, and which of the clips are for training and which for development.

    Attributes
    ----------
    features, names : of every clip.
    targets : head -> a target or None a clip.
    train, dev : indices of clips to train on, and of those that show when the learning rate may fall and how
        to decode, and are trained on as well towards the end.
    separators : head -> tokens between the targets of two clips that are joined; a head that is left out has
        a target for each of the two.
    tokenizer : of the targets of CTC, None without them.
    scarce : groups of clips, in neither train nor dev, of each of which every batch holds two; one
        that is there several times gives as many times two.
    """

    features: RaggedFeatures
    names: Sequence[str]
    targets: Mapping[str, Targets]
    train: np.ndarray
    dev: np.ndarray
    separators: Mapping[str, Sequence[int]] = field(default_factory=dict)
    tokenizer: Tokenizer | None = None
    scarce: Sequence[np.ndarray] = ()

    @property
    def trained_on(self) -> np.ndarray:
        """Indices of all clips that are trained on, sooner or later, in order."""
        return np.unique(np.concatenate([self.train, self.dev, *self.scarce]))

    @property
    def rows(self) -> np.ndarray:
        """Feature rows of each clip of train and dev, (clips,)."""
        return self.features.lengths[np.union1d(self.train, self.dev)]

    def of_first(self, count: int) -> TrainingData:
        """The same with no clips in train and dev but the first ones, so many."""
        return replace(self, train=self.train[self.train < count], dev=self.dev[self.dev < count])

    def followed_by(
        self, features: RaggedFeatures, names: Sequence[str], targets: Mapping[str, Targets]
    ) -> TrainingData:
        """These clips, then further ones, in neither train nor dev.

        targets: head -> a target or None for each further clip; every other clip and head has None.
        """
        before, after = [None] * len(self.names), [None] * len(names)
        return replace(
            self,
            features=self.features.followed_by(features),
            names=[*self.names, *names],
            targets={
                head: [*self.targets.get(head, before), *targets.get(head, after)]
                for head in {**self.targets, **targets}
            },
        )

    def targets_of(self, clips: np.ndarray) -> dict[str, Targets]:
        """Clips (indices) -> head -> a target or None for each of them."""
        return {head: [targets[i] for i in clips] for head, targets in self.targets.items()}

    def examples(
        self, clips: np.ndarray, concat_pairs: bool
    ) -> tuple[RaggedFeatures, np.ndarray, dict[str, Targets]]:
        """Clips (indices) -> features, which of their clips to take, and the targets of these.

        concat_pairs: the first clip is joined with the second, the third with the fourth, and so on. A
        network overfits the whole words of few clips; in pairs none has the same neighbours twice.
        """
        targets = self.targets_of(clips)
        if not concat_pairs:
            return self.features, clips, targets
        pairs = {head: self._joined(head, targets[head]) for head in targets}
        return self.features.concat_pairs(clips), np.arange(-(-len(clips) // 2)), pairs

    def shares(self, clips: np.ndarray) -> np.ndarray:
        """Clips (indices), joined two by two -> the share of the first in the rows of each two, (pairs,)."""
        lengths = np.append(self.features.lengths[clips], [0] * (len(clips) % 2)).reshape(-1, 2)
        return lengths[:, 0] / lengths.sum(1)

    def _joined(self, head: str, targets: Targets) -> Targets:
        """A head's targets -> those of each two clips, None where one is missing; or two for each two."""
        if head not in self.separators:
            return [*targets, *[None] * (len(targets) % 2)]
        pairs = [targets[i : i + 2] for i in range(0, len(targets), 2)]
        return [_concatenated(pair, self.separators[head]) for pair in pairs]


def _concatenated(targets: Targets, separator: Sequence[int]) -> np.ndarray | None:
    if any(target is None for target in targets):
        return None
    if len(targets) == 1:
        return targets[0]
    return np.concatenate([targets[0], np.array(separator, dtype=np.int64), targets[1]]).astype(np.int64)
