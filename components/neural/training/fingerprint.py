"""A training under way <-> plain numbers and tensors, from which it goes on to the same weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from components.neural.training.trainer import Training

KEPT = ("step", "falls_from", "losses", "dev_losses", "heard", "pieces", "left_out", "notes", "joining")


def key_of(training: Training) -> Iterator[bytes]:
    """A training that has not begun -> all that its weights will depend on, besides code and machine."""
    lessons, weights = training.lessons, training.network.state_dict()
    plain = [asdict(training.schedule), list(lessons.names), training.rng.bit_generator.state]
    yield json.dumps(plain, default=sorted).encode()
    yield str(_device(training)).encode()
    for array in (lessons.used, lessons.dev, lessons.shelf.offsets, np.concatenate(lessons.spelt)):
        yield array.tobytes()
    yield lessons.shelf.values.sum(0).cpu().numpy().tobytes()
    yield from (weight.cpu().numpy().tobytes() for weight in weights.values())


def state_of(training: Training) -> dict:
    """A training -> everything that changes while it goes on."""
    device = _device(training)
    return {
        "network": training.network.state_dict(),
        "averaged": training.averaged.state_dict(),
        "optimiser": training.optimiser.state_dict(),
        "batches": training.batches.state(),
        "chance": training.rng.bit_generator.state,
        "torch_chance": torch.get_rng_state(),
        "cuda_chance": torch.cuda.get_rng_state(device) if device.type == "cuda" else None,
        "standing": {name: getattr(training, name) for name in KEPT},
    }


def restore(training: Training, state: dict | None) -> None:
    """Bring a training that has not begun to where a state was taken; None leaves it at the beginning.

    Whoever watches it is told again what was noted before.
    """
    if state is None:
        return
    vars(training).update(state["standing"])
    _tell_again(training)
    training.network.load_state_dict(state["network"])
    training.averaged.load_state_dict(state["averaged"])
    training.optimiser.load_state_dict(state["optimiser"])
    training.batches.restore(state["batches"])
    training.rng.bit_generator.state = state["chance"]
    torch.set_rng_state(state["torch_chance"])
    if state["cuda_chance"] is not None:
        torch.cuda.set_rng_state(state["cuda_chance"], _device(training))


def _tell_again(training: Training) -> None:
    """The notes, and between them, where it was, that the dev clips join."""
    joining = training.joining
    until = len(training.notes) if joining is None else joining["notes"]
    for note in training.notes[:until]:
        training.watch(note)
    if joining is None:
        return
    training.averaged.load_state_dict(joining["weights"])
    training.admit_dev()
    for note in training.notes[until:]:
        training.watch(note)


def _device(training: Training) -> torch.device:
    return training.lessons.shelf.values.device
