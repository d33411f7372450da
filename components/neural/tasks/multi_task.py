"""One network for the words and all other tasks of a study: a shared encoder, a head each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.model.weighting import EQUAL, check_weighting
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.answer import answer_tasks
from components.neural.tasks.heads import TaskHeads
from components.neural.transfer import Start, from_scratch
from components.neural.wrapper import CtcWrapper
from components.ranges import above, between, check_ranges
from components.speech.missing_labels import LABELS, check_missing_by, tasks_to_learn
from components.study.task import Task, label_counts


class MultiTask(CtcWrapper, BaseEstimator):
    """Clips -> texts, and the answers to further tasks, by one network that learns all of them at once.

    All heads read the last rows of one encoder: words by CTC as the recogniser's, further texts by CTC over
    their symbols, classes and numbers by a linear layer on mean and deviation over the clip (cross entropy,
    squared error of the standardised number). The loss is the weighted sum over tasks of the mean over the
    labels that a batch has; a task without any adds nothing, and its head is left as it is. Of a task with
    labels for fewer than a tenth of the clips every batch holds two clips more.
    Source: Caruana (1997), Multitask learning.

    Parameters
    ----------
    recogniser : settings of the network and of its training (None: the usual ones).
    task_weight : of the loss of each further task; that of the words is 1.
    text_layer : layer of the encoder, from 1 on, that further texts such as phones are read from, words from
        those above it (None: all from the last rows).
    task_weights : how losses are weighted besides: "equal"; "uncertainty", by a learned variance of each;
        "surgery", gradients of the encoder that oppose each other lose that part (needs TorchJD).
    learns : names of the further tasks that it learns, joined by "+"; "": all that it is given.
    missing : share of the labels of each further task that it is not given, drawn by the recogniser's seed.
    missing_by : what is not given: "labels" of each task, whole "recordings", whole "speakers", or all but
        "parts", one for each task; see components.speech.missing_labels.

    Attributes
    ----------
    recogniser_ : the trained network of the words.
    codes_, heads_ : by task, its labels and the weights of its head.
    labels_ : task -> how many labels it learned from.
    """

    def __init__(
        self,
        recogniser: CtcRecogniser | None = None,
        task_weight: float = 1.0,
        text_layer: int | None = None,
        task_weights: Literal["equal", "uncertainty", "surgery"] = EQUAL,
        learns: str = "",
        missing: float = 0.0,
        missing_by: str = LABELS,
    ) -> None:
        self.recogniser = recogniser
        self.task_weight = task_weight
        self.text_layer = text_layer
        self.task_weights = task_weights
        self.learns = learns
        self.missing = missing
        self.missing_by = missing_by

    def check_settings(self) -> None:
        """Raises ValueError for numbers out of range, without TorchJD for surgery, and what the recogniser
        raises."""
        recogniser = self.recogniser or CtcRecogniser()
        recogniser.check_settings()
        check_weighting(self.task_weights)
        ranges = {"text_layer": between(1, recogniser.layers), "missing": between(0, 1)}
        check_ranges(self, task_weight=above(0), **ranges)
        check_missing_by(self.missing_by)

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], tasks: Mapping[str, Task] | None = None
    ) -> MultiTask:
        """Clips, their texts and labels of further tasks -> a trained recogniser; as CtcRecogniser.fit."""
        self.check_settings()
        recogniser = clone(self.recogniser or CtcRecogniser())
        tasks = tasks_to_learn(self, tasks, clips, recogniser.seed)
        heads = TaskHeads(tasks, self.task_weight, self.text_layer, task_weights=self.task_weights)
        return self._fit(recogniser, clips, texts, heads)

    def predict_tasks(self, clips: Sequence[Clip]) -> dict[str, list[Any]]:
        """Clips -> task -> one answer each, in order; of the tasks that had a label in training."""
        check_is_fitted(self, "heads_")
        check_clips(self, clips, rate=self.recogniser_.rate_)
        return answer_tasks(self.recogniser_._trained_network(), self.codes_, self.heads_, clips)

    def _fit(
        self,
        recogniser: CtcRecogniser,
        clips: Sequence[Clip],
        texts: Sequence[str],
        heads: TaskHeads,
        start: Start = from_scratch,
    ) -> MultiTask:
        self.recogniser_ = recogniser.fit(clips, texts, start, addition=heads)
        self.codes_, self.heads_, self.labels_ = heads.codes, heads.weights, label_counts(heads.tasks)
        return self
