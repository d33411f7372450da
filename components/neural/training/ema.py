"""The exponential moving average of a network's weights, which is what training returns."""

from __future__ import annotations

from copy import deepcopy

import torch

from components.neural.model.network import Network

DECAY = 0.98


class AveragedNetwork:
    """A copy of a network whose weights and batch statistics follow those of the network.

    Source: Polyak and Juditsky (1992), Acceleration of stochastic approximation by averaging.
    """

    def __init__(self, network: Network) -> None:
        self.network = deepcopy(network)
        followed = network.state_dict()
        pairs = [(average, followed[name]) for name, average in self.network.state_dict().items()]
        pairs = [pair for pair in pairs if pair[0].is_floating_point()]
        self.averages, self.followed = map(list, zip(*pairs, strict=True))

    def update(self, step: int) -> None:
        """Move towards the network's weights, quickly in the first steps."""
        share = 1 - min(DECAY, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, self.followed, share)

    def at(self, weights: dict[str, torch.Tensor]) -> Network:
        """Weights of an earlier step -> a network with them, for evaluation."""
        network = deepcopy(self.network)
        network.load_state_dict(weights)
        return network.eval()
