"""The optimiser of a network's trainable weights."""

from __future__ import annotations

import torch

from components.neural.model.network import Network, is_within
from components.neural.training.schedule import Schedule

BETAS = (0.9, 0.98)


def build_optimiser(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW over all weights that require a gradient; decay for matrices, none for biases and scales.

    A group's "share" is that of the learning rate which its weights are trained at, see Network.rate_shares.
    """
    trained = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    groups: dict[tuple[float, bool], list[torch.nn.Parameter]] = {}
    for name, weight in trained:
        groups.setdefault((_share(network, name), weight.ndim <= 1), []).append(weight)
    ordered = [(*key, groups[key]) for key in sorted(groups, key=lambda key: (-key[0], key[1]))]
    # fused: a tenth of the step otherwise
    return torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": 0.0 if flat else schedule.weight_decay, "share": share}
            for share, flat, weights in ordered
        ],
        lr=schedule.rate,
        betas=BETAS,
        fused=True,
    )


def _share(network: Network, name: str) -> float:
    return next((share for part, share in network.rate_shares.items() if is_within(name, part)), 1.0)
