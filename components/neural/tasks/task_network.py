"""A network for one task alone: clips -> classes, numbers or texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.model.build import build_network, device_of
from components.neural.model.network import Network
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.answer import answer_tasks
from components.neural.tasks.heads import TaskHeads
from components.neural.training.data import TrainingData
from components.neural.training.dev_split import dev_mask
from components.neural.training.schedule import schedule_for
from components.neural.training.trainer import Training
from components.neural.transfer import warm_start
from components.study.task import TEXT, Task


class TaskNetwork(BaseEstimator):
    """Clips -> answers to one task, by a network with its head alone, trained on the clips with a label.

    Classes and numbers belong to whole clips, so that these are never joined in pairs.

    Parameters
    ----------
    recogniser : settings of the network and of its training (None: the usual ones).

    Attributes
    ----------
    codes_, heads_ : by task, its labels and its head's weights. weights_ : name -> array, of the encoder.
    rate_ : sample rate, Hz. history_ : notes of the training (see Training).
    """

    def __init__(self, recogniser: CtcRecogniser | None = None) -> None:
        self.recogniser = recogniser

    def check_settings(self) -> None:
        """Raises what the recogniser raises."""
        (self.recogniser or CtcRecogniser()).check_settings()

    def fit(
        self, clips: Sequence[Clip], task: Task, weights: Mapping[str, np.ndarray] | None = None
    ) -> TaskNetwork:
        """Clips and the task with their labels -> a trained network.

        weights: by name, of a network of the same settings, that its encoder begins with; None: drawn anew.
        Raises ValueError for unusable clips or no label at all, and what Training raises.
        """
        self.check_settings()
        _check_labels(clips, task)
        labelled = [i for i, label in enumerate(task.labels) if label is not None]
        clips, task = [clips[i] for i in labelled], task.at(labelled)
        self.rate_ = clips[0].rate
        check_clips(self, clips, rate=self.rate_)
        settings = self._settings(task)
        devices = [] if device_of(settings.device).type == "cpu" else None
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(settings.seed)
            network = encoder_alone(settings, self.rate_)
            if weights is not None:
                warm_start(network, weights)
            network = self._train(network, settings, clips, TaskHeads({task.name: task}))
        self.weights_ = {name: w.cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network
        return self

    def predict(self, clips: Sequence[Clip]) -> list[Any]:
        """Clips -> one answer each, in order."""
        check_is_fitted(self, "weights_")
        check_clips(self, clips, rate=self.rate_)
        (answers,) = answer_tasks(self._trained_network(), self.codes_, self.heads_, clips).values()
        return answers

    def _settings(self, task: Task) -> CtcRecogniser:
        settings = clone(self.recogniser or CtcRecogniser())
        return settings if task.kind == TEXT else settings.set_params(concat_pairs=False)

    def _train(
        self, network: Network, settings: CtcRecogniser, clips: Sequence[Clip], heads: TaskHeads
    ) -> Network:
        rng = np.random.default_rng(settings.seed)
        features = network.front_end.extract(clips)
        is_dev = dev_mask([clip.speaker for clip in clips], rng)
        sides = np.flatnonzero(~is_dev), np.flatnonzero(is_dev)
        data = heads.put_on(network, TrainingData(features, [clip.name for clip in clips], {}, *sides))
        schedule = schedule_for(settings, features.lengths, network.feature_rows(1))
        training = Training(network, data, schedule, rng)
        training.run_until_dev_joins()
        network = heads.take_off(training.run_to_end())
        self.codes_, self.heads_ = heads.codes, heads.weights
        self.history_ = training.progress.history({})
        return network

    def _trained_network(self) -> Network:
        """The network with the learned weights, built when first needed."""
        if not hasattr(self, "_network"):
            with torch.random.fork_rng(devices=[]):
                network = encoder_alone(self.recogniser or CtcRecogniser(), self.rate_)
            network.load_state_dict({name: torch.tensor(weight) for name, weight in self.weights_.items()})
            self._network = network.eval()
        return self._network

    def __getstate__(self) -> dict:
        """Settings and learned numbers; the network is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_network"}


def encoder_alone(settings: CtcRecogniser, rate: int) -> Network:
    """Settings of a recogniser and rate in Hz -> an untrained network without any head."""
    network = build_network(settings, rate, 0)
    network.heads.clear()
    network.loss_weights.clear()
    return network


def _check_labels(clips: Sequence[Clip], task: Task) -> None:
    if len(clips) != len(task.labels) or not task.present:
        raise ValueError(
            f"TaskNetwork expected a label of {task.name!r} or None for each clip, at least one, got "
            f"{len(clips)} clips and {len(task.present)} labels; give it both in the same order."
        )
