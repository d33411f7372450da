"""How the training of a network that starts from another's goes: which of its layers are trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from components.neural.model.network import Network
from components.neural.pretrained.weights import PretrainedWeights
from components.neural.start_from_source import BODY, LAST_LAYER, LAST_THEN_ALL, train_last_layer
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training
from components.neural.transfer import freeze, warm_start

FRONT_END, ENCODER = BODY
NAMES = {  # of torchaudio's tensors -> where the network has them
    "feature_extractor.": "front_end.extractor.",
    "encoder.feature_projection.": "encoder.projection.",
    "encoder.transformer.": "encoder.transformer.",
}


@dataclass
class StartFromPretrained:
    """The Start of a network whose front end and encoder are another's.

    method, rate_share: as of SslCtc. trained_numbers: how many are trained, once it was called.
    """

    weights: PretrainedWeights
    method: str
    rate_share: float

    def __call__(
        self,
        network: Network,
        tokenizers: Mapping[str, Tokenizer],
        data: TrainingData,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> Training:
        """As of every Start."""
        warm_start(network, {_name(name): tensor for name, tensor in self.weights.tensors.items()})
        network.rate_shares = {ENCODER: self.rate_share}
        if self.method == LAST_THEN_ALL:
            train_last_layer(network, data, schedule, rng)
            schedule = replace(schedule, flat_start=0)
        freeze(network, FRONT_END)
        if self.method == LAST_LAYER:
            freeze(network, ENCODER)
        self.trained_numbers = sum(one.numel() for one in network.parameters() if one.requires_grad)
        return Training(network, data, schedule, rng)


def _name(name: str) -> str:
    part = next(part for part in NAMES if name.startswith(part))
    return NAMES[part] + name.removeprefix(part)
