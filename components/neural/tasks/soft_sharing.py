"""A network for each task, whose encoders are pulled towards each other while all are trained at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np
import torch
from sklearn.base import clone
from torch import Tensor, nn

from components.contract import Clip
from components.neural.model.network import Network
from components.neural.model.weighting import EqualWeights
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.heads import TaskHeads
from components.neural.tasks.multi_task import MultiTask
from components.neural.tasks.size import SAME_IN_ALL, sized
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.evaluate import dev_losses
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training
from components.ranges import above, between, check_ranges
from components.speech.missing_labels import LABELS, check_missing_by, tasks_to_learn
from components.study.choices import Choice
from components.study.task import Task

PENALTIES = (0.0001, 0.001, 0.01)  # of a squared distance
WITHOUT_DEV = 0.001
DEV_LOSS = "loss on dev clips, summed over tasks, nats a clip"


class SoftSharing(MultiTask):
    """Clips -> texts, and the answers to further tasks, by a network each, which are alike as far as it pays.

    All are trained at once, from the same first weights; to their losses is added the penalty times the
    squared distance of every two encoders. The penalty is the one of PENALTIES with the least loss on dev
    clips; below 50 clips, which have none, it is 0.001.
    Source: Duong et al. (2015), Low resource dependency parsing: cross-lingual parameter sharing.

    Parameters
    ----------
    recogniser : settings of each network and of its training (None: the usual ones).
    size : "same-in-all": of so few channels that all networks together learn at most as many weights as one
        network for all tasks of the recogniser's channels; "same-each": each has the recogniser's channels.
    task_weight, learns, missing, missing_by : as MultiTask's.

    Attributes
    ----------
    recogniser_, codes_, heads_, labels_ : as MultiTask's; a head's weights are those of its encoder as well.
    choices_ : the penalty, and the dev losses of all. channels_ : of each network.
    """

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        size: Literal["same-in-all", "same-each"] = SAME_IN_ALL,
        task_weight: float = 1.0,
        learns: str = "",
        missing: float = 0.0,
        missing_by: str = LABELS,
    ) -> None:
        self.recogniser = recogniser
        self.size = size
        self.task_weight = task_weight
        self.learns = learns
        self.missing = missing
        self.missing_by = missing_by

    def check_settings(self) -> None:
        """Raises ValueError for numbers out of range, and what the recogniser raises."""
        (self.recogniser or CtcRecogniser()).check_settings()
        check_ranges(self, task_weight=above(0), missing=between(0, 1))
        check_missing_by(self.missing_by)

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], tasks: Mapping[str, Task] | None = None
    ) -> SoftSharing:
        """Clips, their texts and labels of further tasks -> trained networks; as CtcRecogniser.fit."""
        self.check_settings()
        recogniser = clone(self.recogniser or CtcRecogniser())
        tasks = tasks_to_learn(self, tasks, clips, recogniser.seed)
        recogniser = sized(recogniser, self.size, clips, texts, tasks)
        start, self.channels_ = ChoosePenalty(), recogniser.channels
        heads = TaskHeads(tasks, self.task_weight, own_encoders=True)
        self._fit(recogniser, clips, texts, heads, start)
        self.choices_ = [start.choice] if start.choice else []
        return self


class PulledTogether(EqualWeights):
    """The gradients of the sum of the losses and of the penalty times the squared distances of encoders."""

    def __init__(self, penalty: float) -> None:
        super().__init__()
        self.register_buffer("penalty", torch.tensor(penalty))

    def total(self, losses: Mapping[str, Tensor], network: nn.Module) -> Tensor:
        """As of EqualWeights, and the penalty."""
        encoders = [network.encoder, *(head.encoder for head in network.heads.values() if _has_own(head))]
        distances = [_squared_distance(*pair) for pair in combinations(encoders, 2)]
        return super().total(losses, network) + self.penalty * sum(distances)


def _has_own(head: nn.Module) -> bool:
    return hasattr(head, "encoder")


def _squared_distance(one: nn.Module, other: nn.Module) -> Tensor:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return sum((own - others).square().sum() for own, others in pairs)


@dataclass
class ChoosePenalty:
    """The Start of networks that are pulled together, by the penalty with the least loss on dev clips.

    choice : the penalty, and the mean dev losses of all, once it was called; None without tasks or dev clips.
    """

    choice: Choice | None = field(default=None, init=False)

    def __call__(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> Training:
        """As of every Start."""
        if not any(map(_has_own, network.heads.values())):
            return Training(network, data, schedule, rng)
        penalties = PENALTIES if len(data.dev) else [WITHOUT_DEV]
        trainings = {
            penalty: Training(_pulled(network, penalty), data, schedule, deepcopy(rng))
            for penalty in penalties
        }
        if len(trainings) == 1:
            return trainings[WITHOUT_DEV]
        losses = {
            f"{penalty:g}": float(dev_losses(one.run_until_dev_joins(), data).mean())
            for penalty, one in trainings.items()
        }
        best = min(losses, key=losses.__getitem__)
        self.choice = Choice("penalty", best, DEV_LOSS, losses)
        return trainings[float(best)]


def _pulled(network: Network, penalty: float) -> Network:
    network = deepcopy(network)
    network.weighting = PulledTogether(penalty).to(next(network.parameters()).device)
    return network
