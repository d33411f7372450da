"""Parts of a network kept from another, frozen, or made anew: what fine-tuning and transfer need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from components.neural.model.heads.ctc import CtcHead
from components.neural.model.network import Network, is_within
from components.neural.tokenizer import Tokenizer
from components.neural.training.data import TrainingData
from components.neural.training.schedule import Schedule
from components.neural.training.trainer import Training

# an untrained network, its tokenizers, data, schedule, random numbers -> its training, which may have begun
Start = Callable[[Network, Mapping[str, Tokenizer], TrainingData, Schedule, np.random.Generator], Training]


@dataclass(frozen=True)
class WarmStart:
    """Names of the tensors that were taken over, and of those that were left as they are."""

    taken: tuple[str, ...]
    skipped: tuple[str, ...]


def from_scratch(
    network: Network,
    tokenizers: Mapping[str, Tokenizer],
    data: TrainingData,
    schedule: Schedule,
    rng: np.random.Generator,
) -> Training:
    """The Start of a network whose weights were drawn anew."""
    return Training(network, data, schedule, rng)


def warm_start(
    network: Network, weights: Mapping[str, np.ndarray], skip: Sequence[str] = ("heads",)
) -> WarmStart:
    """A network and weights by name (a recogniser's `weights_`) -> the network begins with them, in place.

    skip: prefixes of names that keep their fresh values, such as the heads of other labels.
    Raises ValueError, with the way out, for tensors outside skip that are missing or of another shape.
    """
    own = network.state_dict()
    skipped = tuple(name for name in own if any(is_within(name, prefix) for prefix in skip))
    taken = tuple(name for name in own if name not in skipped)
    unfit = [name for name in taken if np.shape(weights.get(name)) != own[name].shape or name not in weights]
    if unfit:
        shapes = ", ".join(f"{name} of shape {tuple(own[name].shape)}" for name in unfit[:4])
        came = ", ".join(str(np.shape(weights[name])) if name in weights else "none" for name in unfit[:4])
        raise ValueError(
            f"warm_start expected weights for {shapes}, got {came}; build the network with the settings of "
            f"the one that was trained, or name these parts in skip."
        )
    network.load_state_dict({name: torch.as_tensor(weights[name]) for name in taken}, strict=False)
    return WarmStart(taken, skipped)


def freeze(network: Network, prefix: str) -> None:
    """A network and the name of a part (encoder, encoder.stem, ...) -> the part is not trained, in place.

    Its weights and batch statistics stay, to the bit, and its dropout is off. Raises ValueError for a part
    that the network does not have.
    """
    names = [name for name, _ in network.named_modules() if name]
    if prefix not in names:
        raise ValueError(
            f"freeze expected a part of the network, got {prefix!r}; take one of {', '.join(names)}."
        )
    network.frozen = (*network.frozen, prefix)
    network.get_submodule(prefix).requires_grad_(False)
    network.train(network.training)


def keep_tokens(
    head: CtcHead, tokens: Sequence[str], old_tokens: Sequence[str], weights: Mapping[str, np.ndarray]
) -> None:
    """A new CTC head and an older one's tokens and weights -> what both have is taken over, in place.

    The blank, which is no token of either list, comes first in both. weights: of the head's parts by name.
    """
    places = {token: place for place, token in enumerate(old_tokens, start=1)}
    pairs = [(0, 0), *((i, places[token]) for i, token in enumerate(tokens, start=1) if token in places)]
    new, old = map(list, zip(*pairs, strict=True))
    with torch.no_grad():
        for name, own in head.output.named_parameters():
            known = torch.as_tensor(weights[f"output.{name}"]).unflatten(0, (head.rows_out, -1))
            own.unflatten(0, (head.rows_out, -1))[:, new] = known[:, old].to(own)
