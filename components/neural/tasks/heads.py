"""Heads for the tasks of a training: put onto a network before it, taken off with their weights after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from components.neural.model.heads import Targets
from components.neural.model.network import Network
from components.neural.model.weighting import EQUAL, EqualWeights, weighting
from components.neural.tasks.codes import Code, fit_code
from components.neural.tasks.middle import close
from components.neural.tasks.own_encoder import OwnEncoderCode
from components.neural.tasks.scarce import with_scarce
from components.neural.tokenizer import usable_targets
from components.neural.training.addition import Addition
from components.neural.training.data import TrainingData
from components.study.task import Task

Weights = Mapping[str, np.ndarray]


class TaskHeads(Addition):
    """A head for each task that has any label, on one encoder or each on an encoder of its own.

    Where clips are joined two by two, texts are joined as well, and classes and numbers are read from the
    rows of each of the two.

    Parameters
    ----------
    tasks : by name, with the labels of the training clips.
    weight : of the loss of each task beside the network's other losses.
    text_layer : of the encoder, from 1 on, that texts are read from; None: from its last rows.
    own_encoders : whether each task has an encoder of its own, which begins as the network's.
    task_weights : how the losses are weighted besides: "equal", "uncertainty" or "surgery".

    Attributes
    ----------
    codes, heads : task -> its code, and the name of its head among the network's.
    weights : task -> weights of its trained head by name, once taken off.
    """

    def __init__(
        self,
        tasks: Mapping[str, Task] | None = None,
        weight: float = 1.0,
        text_layer: int | None = None,
        own_encoders: bool = False,
        task_weights: str = EQUAL,
    ) -> None:
        self.tasks = {name: task for name, task in (tasks or {}).items() if task.present}
        self.weight = weight
        self.task_weights = task_weights
        codes = {name: fit_code(task, text_layer) for name, task in self.tasks.items()}
        self.codes: dict[str, Code | OwnEncoderCode] = {
            name: OwnEncoderCode(code) if own_encoders else code for name, code in codes.items()
        }
        self.heads = {name: f"task_{place}" for place, name in enumerate(self.codes)}
        self.weights: dict[str, Weights] = {}

    def put_on(self, network: Network, data: TrainingData) -> TrainingData:
        """A network, to which heads are added in place, and its data -> the data with targets for them."""
        device = data.features.values.device
        rows = network.output_rows(data.features.lengths)
        targets, separators = dict(data.targets), dict(data.separators)
        for name, code in self.codes.items():
            head = self.heads[name]
            network.heads[head] = code.head(network).to(device)
            network.loss_weights[head] = self.weight
            targets[head] = _targets(code, self.tasks[name], rows)
            if code.joins:
                separators[head] = []
        if self.codes:
            network.weighting = weighting(self.task_weights, network.heads).to(device)
        return with_scarce(replace(data, targets=targets, separators=separators), [*self.heads.values()])

    def take_off(self, network: Network) -> Network:
        """A trained network -> itself without these heads, whose weights are kept."""
        network.weighting = EqualWeights()
        for name, own in self.heads.items():
            head = network.heads.pop(own)
            close(head)
            network.loss_weights.pop(own)
            self.weights[name] = {key: w.cpu().numpy().copy() for key, w in head.state_dict().items()}
        return network


def _targets(code: Code | OwnEncoderCode, task: Task, rows: np.ndarray) -> Targets:
    """A target or None a clip; None as well where a clip has too few rows for the symbols of its text."""
    encoded = [None if label is None else code.encode(label) for label in task.labels]
    return usable_targets(encoded, rows) if code.joins else encoded


def trained_head(code: Code | OwnEncoderCode, network: Network, weights: Weights) -> nn.Module:
    """A code, the network and a head's weights by name -> the head, for evaluation; `close` it after use."""
    with torch.random.fork_rng(devices=[]):
        head = code.head(network)
    head.load_state_dict({name: torch.as_tensor(weight) for name, weight in weights.items()})
    return head.to(next(network.parameters()).device).eval()
