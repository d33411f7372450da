"""A network for each task of a study: what one network for all of them is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sklearn.base import BaseEstimator, clone

from components.contract import Clip
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.size import SAME_IN_ALL, sized
from components.neural.tasks.task_network import TaskNetwork
from components.neural.wrapper import CtcWrapper
from components.ranges import between, check_ranges
from components.speech.missing_labels import LABELS, check_missing_by, tasks_to_learn
from components.study.task import Task, label_counts

SCRATCH, WORDS = "scratch", "words"


class Apart(CtcWrapper, BaseEstimator):
    """Clips -> texts, and the answers to further tasks, by a network for the words and one for each task.

    Parameters
    ----------
    recogniser : settings of each network and of its training (None: the usual ones).
    size : "same-in-all": of so few channels that all networks together learn at most as many weights as one
        network for all tasks of the recogniser's channels; "same-each": each has the recogniser's channels.
    start : of the networks of further tasks: "scratch"; "words", from the trained network of the words, of
        which all layers are trained on.
    learns, missing, missing_by : as MultiTask's.

    Attributes
    ----------
    recogniser_ : the trained network of the words. networks_ : task -> its trained network.
    channels_ : of each network. labels_ : task -> how many labels its network learned from.
    """

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        size: Literal["same-in-all", "same-each"] = SAME_IN_ALL,
        start: Literal["scratch", "words"] = SCRATCH,
        learns: str = "",
        missing: float = 0.0,
        missing_by: str = LABELS,
    ) -> None:
        self.recogniser = recogniser
        self.size = size
        self.start = start
        self.learns = learns
        self.missing = missing
        self.missing_by = missing_by

    def check_settings(self) -> None:
        """Raises ValueError for a share out of range, and what the recogniser raises."""
        (self.recogniser or CtcRecogniser()).check_settings()
        check_ranges(self, missing=between(0, 1))
        check_missing_by(self.missing_by)

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], tasks: Mapping[str, Task] | None = None
    ) -> Apart:
        """Clips, their texts and labels of further tasks -> trained networks; as CtcRecogniser.fit."""
        self.check_settings()
        settings = clone(self.recogniser or CtcRecogniser())
        tasks = tasks_to_learn(self, tasks, clips, settings.seed)
        settings = sized(settings, self.size, clips, texts, tasks)
        self.channels_, self.labels_ = settings.channels, label_counts(tasks)
        self.recogniser_ = clone(settings).fit(clips, texts)
        weights = self.recogniser_.weights_ if self.start == WORDS else None
        self.networks_ = {
            name: TaskNetwork(clone(settings)).fit(clips, task, weights) for name, task in tasks.items()
        }
        return self

    def predict_tasks(self, clips: Sequence[Clip]) -> dict[str, list[Any]]:
        """Clips -> task -> one answer each, in order; of the tasks that had a label in training."""
        return {name: network.predict(clips) for name, network in self.networks_.items()}
