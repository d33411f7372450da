"""The optimiser of a network's trainable weights."""

from __future__ import annotations

import torch

from components.neural.model.network import Network
from components.neural.training.schedule import Schedule

BETAS = (0.9, 0.98)


def build_optimiser(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW over all weights that require a gradient; decay for matrices, none for biases and scales."""
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    groups = [
        {"params": [w for w in trained if w.ndim > 1], "weight_decay": schedule.weight_decay},
        {"params": [w for w in trained if w.ndim <= 1], "weight_decay": 0.0},
    ]
    # fused: a tenth of the step otherwise
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=BETAS, fused=True)
