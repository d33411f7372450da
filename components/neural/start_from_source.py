"""Transfer learning: how a network starts from one that was trained on another corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from components.neural.model.network import CTC, Network, is_within
from components.neural.tokenizer import CHARACTERS, Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training
from components.neural.transfer import freeze, keep_tokens, warm_start

LAST_LAYER, LAST_THEN_ALL, ALL_LAYERS = "last-layer", "last-then-all", "all-layers"
OLD_HEAD, FIRST_LAYERS = "old-head", "first-layers"
BODY = ("front_end", "encoder")  # the parts of a network that are not its last layer
SIZE = ("front_end", "bands", "channels", "layers", "kernel_size", "encoder")  # settings that shape a network
HEAD_STEPS = 0.25  # of the steps, for the new last layer alone, before all layers are trained


@dataclass
class StartFromSource:
    """The Start of a network that takes weights from a source, by one of the methods of FineTuned.

    weights: of the source, by name. tokens, units: of its last layer; a new one of the same units begins with
    what the old one knows of the tokens that both have, all others begin anew. learned_texts: whether the
    source did; one that did not knows no alignment of tokens, which networks without one are helped to.
    taken, left_out, trained_numbers: as FineTuned's attributes, once it was called.
    """

    weights: Mapping[str, np.ndarray]
    method: str
    kept_layers: int = 0
    rate_share: float = 1.0
    tokens: Sequence[str] = ()
    units: str = CHARACTERS
    learned_texts: bool = True

    def __call__(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> Training:
        """As of every Start."""
        left_out = self._left_out(network)
        start = warm_start(network, self.weights, tuple(left_out))
        self.taken = len(start.taken)
        self.left_out = {name: _reason(name, left_out) for name in start.skipped}
        known = [name for name, own in tokenizers.items() if self.tokens and own.units == self.units]
        for name in known:
            keep_tokens(network.heads[name], tokenizers[name].tokens_, self.tokens, self._old_head())
        if self.method != FIRST_LAYERS:  # there what was trained before is frozen, and all else is new
            network.rate_shares = dict.fromkeys(BODY, self.rate_share)
        for part in self._frozen():
            freeze(network, part)
        # evenly spread tokens would undo what a source knows of alignments
        aligned = replace(schedule, flat_start=0) if self.learned_texts else schedule
        alone = aligned if len(known) == len(tokenizers) else schedule
        if self.method == LAST_THEN_ALL:
            train_last_layer(network, data, alone, rng)
        self.trained_numbers = sum(w.numel() for w in network.parameters() if w.requires_grad)
        return Training(network, data, alone if self._frozen() else aligned, rng)

    def _left_out(self, network: Network) -> dict[str, str]:
        """Prefixes of names of tensors that start anew, and why."""
        left_out = {"heads": "the last layer is made anew for the tokens of these texts"}
        if self.method == FIRST_LAYERS:
            layers = range(self.kept_layers, len(network.encoder.layers))
            left_out |= {f"encoder.layers.{i}": f"only {self.kept_layers} layers are kept" for i in layers}
        return left_out

    def _frozen(self) -> tuple[str, ...]:
        if self.method == LAST_LAYER:
            return BODY
        if self.method != FIRST_LAYERS:
            return ()
        lowest = ("front_end", "encoder.cepstral", "encoder.stem")
        return (*lowest, *(f"encoder.layers.{i}" for i in range(self.kept_layers)))

    def _old_head(self) -> dict[str, np.ndarray]:
        """The weights of the source's CTC head by name."""
        prefix = f"heads.{CTC}."
        return {
            name.removeprefix(prefix): weight
            for name, weight in self.weights.items()
            if name.startswith(prefix)
        }


def _reason(name: str, left_out: Mapping[str, str]) -> str:
    return next(reason for prefix, reason in left_out.items() if is_within(name, prefix))


def train_last_layer(
    network: Network, data: TrainingData, schedule: Schedule, rng: np.random.Generator
) -> None:
    """Train the heads alone, without the dev clips, in a part of the steps; the network changes in place."""
    head = deepcopy(network)  # a training scales dropout, which the next one would scale again
    for part in BODY:
        freeze(head, part)
    steps = max(1, int(schedule.steps * HEAD_STEPS))
    trained = Training(head, data, replace(schedule, steps=steps), rng).run_until_dev_joins()
    network.load_state_dict(trained.state_dict())
