"""A training that has not begun -> bytes that name all that its weights will depend on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from components.neural.model.network import Network
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule


def fingerprint_parts(
    network: Network, data: TrainingData, schedule: Schedule, rng: np.random.Generator
) -> Iterator[bytes]:
    """All besides code and machine: data, schedule, random state, first weights, which are frozen."""
    plain = [asdict(schedule), list(data.names), rng.bit_generator.state]
    yield json.dumps(plain, default=sorted).encode()
    yield str(data.features.values.device).encode()
    yield from (array.tobytes() for array in (data.train, data.dev, data.features.offsets, *data.scarce))
    yield data.features.sum().cpu().numpy().tobytes()
    yield json.dumps([_plain_targets(data), dict(data.separators), network.loss_weights]).encode()
    for name, weight in network.state_dict().items():
        yield name.encode()
        yield weight.cpu().numpy().tobytes()
    how = network.frozen, _untrained(network), network.rate_shares, type(network.weighting).__name__
    yield json.dumps(how).encode()


def _untrained(network: Network) -> list[str]:
    return [name for name, weight in network.named_parameters() if not weight.requires_grad]


def _plain_targets(data: TrainingData) -> dict[str, list]:
    return {
        head: [None if target is None else np.asarray(target).tolist() for target in targets]
        for head, targets in data.targets.items()
    }
