"""From scratch or from a source, and how far from it: chosen on dev clips."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from components.neural.model.network import Network
from components.neural.start_from_source import LAST_LAYER, StartFromSource
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.evaluate import dev_losses
from components.neural.training.progress import Progress
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training
from components.neural.transfer import from_scratch
from components.study.choices import Choice, simplest_within_luck

SCRATCH = "from scratch"
SHARES = {"all layers by a quarter": 0.25, "all layers by half": 0.5, "all layers by three quarters": 0.75}
ALL_LAYERS = "all layers"
LEAST_CLIPS = 20  # to compare on some of them
HELD_OUT = 0.25  # of the clips, where too few are labelled for dev clips in every training
DEV_LOSS = "loss on dev clips, nats a clip"


class MixedTraining:
    """A training whose network is mixed, number by number, with the one that it started from.

    training : of the network. before: the weights that it started from. share: of what is trained; 1 is the
    trained network, 0 the one before.
    Source: Wortsman et al. (2022), Robust fine-tuning of zero-shot models.
    """

    def __init__(self, training: Training, before: Mapping[str, torch.Tensor], share: float) -> None:
        self.training, self.before, self.share = training, before, share

    @property
    def data(self) -> TrainingData:
        """What it is trained on."""
        return self.training.data

    @property
    def progress(self) -> Progress:
        """Where it stands."""
        return self.training.progress

    @property
    def augmented_passes(self) -> float:
        """How often each clip was augmented and trained on."""
        return self.training.augmented_passes

    @property
    def network(self) -> Network:
        """The network under training, not mixed."""
        return self.training.network

    def run_until_dev_joins(self) -> Network:
        """As of a Training."""
        return self._mixed(self.training.run_until_dev_joins())

    def run_to_end(self) -> Network:
        """As of a Training."""
        return self._mixed(self.training.run_to_end())

    def _mixed(self, network: Network) -> Network:
        after = network.state_dict()
        network = deepcopy(network)
        network.load_state_dict({name: self._between(name, weight) for name, weight in after.items()})
        return network

    def _between(self, name: str, weight: torch.Tensor) -> torch.Tensor:
        return torch.lerp(self.before[name], weight, self.share) if weight.is_floating_point() else weight


@dataclass
class ChooseStart:
    """The Start of a network from scratch or from a source, whichever does better on dev clips.

    Trained until the dev clips join are the last layer alone on those of the source, from there all layers,
    and the network from scratch; compared are these, and what lies between the first two. Then the one chosen
    is trained to its end. The simplest is chosen whose dev loss is no more than one standard error above the
    least: nearest to the source first, from scratch last. Where fewer than LEAST_CLIPS clips are labelled it
    is the last layer.
    Source: Breiman et al. (1984), Classification and regression trees (the standard error).

    Attributes
    ----------
    last_layer : the start from the source, of which the last layer alone is trained.
    choice : what was chosen, and the mean dev losses of all, once it was called.
    taken, left_out, trained_numbers : as FineTuned's attributes.
    """

    last_layer: StartFromSource
    choice: Choice = field(init=False)

    def __call__(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> Training | MixedTraining:
        """As of every Start."""
        few = len(data.train) + len(data.dev) < LEAST_CLIPS
        data = data if few or len(data.dev) else _with_dev_clips(data, rng)
        last = self.last_layer(deepcopy(network), tokenizers, data, schedule, deepcopy(rng))
        compared: dict[str, Training | MixedTraining] = {LAST_LAYER: last}
        if not few:
            compared |= _all_layers(deepcopy(network), last, schedule, deepcopy(rng))
            compared[SCRATCH] = from_scratch(network, tokenizers, data, schedule, rng)
        chosen = self._choose(compared)
        self._describe(chosen.network)
        return chosen

    def _choose(self, trainings: Mapping[str, Training | MixedTraining]) -> Training | MixedTraining:
        losses = {}
        if len(trainings) > 1:
            losses = {
                name: dev_losses(one.run_until_dev_joins(), one.data) for name, one in trainings.items()
            }
        chosen = simplest_within_luck(losses) if losses else next(iter(trainings))
        self.choice = Choice(
            "start", chosen, DEV_LOSS, {name: float(own.mean()) for name, own in losses.items()}
        )
        return trainings[chosen]

    def _describe(self, network: Network) -> None:
        is_new = self.choice.chosen == SCRATCH
        self.taken = 0 if is_new else self.last_layer.taken
        self.left_out = {} if is_new else self.last_layer.left_out
        self.trained_numbers = sum(w.numel() for w in network.parameters() if w.requires_grad)


def _all_layers(
    network: Network, last: Training, schedule: Schedule, rng: np.random.Generator
) -> dict[str, Training | MixedTraining]:
    """A training of the last layer -> trainings of all layers from there, nearest to the source first."""
    before = last.run_until_dev_joins().state_dict()
    network.load_state_dict(before)
    training = Training(network, last.data, replace(schedule, flat_start=0), rng)
    return {name: MixedTraining(training, before, share) for name, share in SHARES.items()} | {
        ALL_LAYERS: training
    }


def _with_dev_clips(data: TrainingData, rng: np.random.Generator) -> TrainingData:
    """Training data without dev clips -> the same with some of the clips held out until late in training."""
    order = rng.permutation(data.train)
    count = round(HELD_OUT * len(order))
    return replace(data, train=np.sort(order[count:]), dev=np.sort(order[:count]))
