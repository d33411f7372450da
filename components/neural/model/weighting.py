"""The losses of all heads of a network -> gradients: with equal weights, learned ones, or by surgery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.util import find_spec

import torch
from torch import Tensor, nn

EQUAL, UNCERTAINTY, SURGERY = "equal", "uncertainty", "surgery"


class EqualWeights(nn.Module):
    """The gradients of the sum of the losses."""

    def total(self, losses: Mapping[str, Tensor], network: nn.Module) -> Tensor:
        """Losses by head, scalars -> the scalar whose gradients are followed."""
        return sum(losses.values())

    def backward(self, losses: Mapping[str, Tensor], network: nn.Module, share: float) -> None:
        """Losses by head, scalars, of a share of a batch -> gradients in the network grow by theirs."""
        (self.total(losses, network) * share).backward()


class UncertaintyWeights(EqualWeights):
    """Each loss L weighs exp(-s), and s / 2 is added; the s of every head is learned with the network.

    Source: Kendall et al. (2018), Multi-task learning using uncertainty to weigh losses.
    """

    def __init__(self, heads: Collection[str]) -> None:
        super().__init__()
        self.log_variances = nn.ParameterDict({name: torch.zeros(()) for name in heads})

    def total(self, losses: Mapping[str, Tensor], network: nn.Module) -> Tensor:
        """As of EqualWeights; heads without a loss add nothing."""
        known = [(loss, self.log_variances[name]) for name, loss in losses.items()]
        return sum(loss * torch.exp(-s) + s / 2 for loss, s in known)


class SurgeryWeights(EqualWeights):
    """Gradients of the shared weights that oppose each other lose the part that is against the other.

    Needs TorchJD. Each head has the gradient of its own loss alone.
    Source: Yu et al. (2020), Gradient surgery for multi-task learning.
    """

    def backward(self, losses: Mapping[str, Tensor], network: nn.Module, share: float) -> None:
        """As of EqualWeights."""
        from torchjd.aggregation import PCGrad
        from torchjd.autojac import backward, jac_to_grad

        trained = [pair for pair in network.named_parameters() if pair[1].requires_grad]
        own = [weight for name, weight in trained if name.startswith("heads.")]
        shared = [weight for name, weight in trained if not name.startswith("heads.")]
        scaled = [loss * share for loss in losses.values()]
        sum(scaled).backward(inputs=own, retain_graph=bool(shared))
        if shared:
            backward(scaled, inputs=shared, parallel_chunk_size=1)
            jac_to_grad(shared, PCGrad())


def check_weighting(name: str) -> None:
    """Raises ValueError where the package that a weighting needs is not installed."""
    if name == SURGERY and find_spec("torchjd") is None:
        raise ValueError(
            'task_weights="surgery" expected the package TorchJD, got none; install it with pip install '
            f'\'crossover[surgery]\', or take task_weights="{EQUAL}" or "{UNCERTAINTY}".'
        )


def weighting(name: str, heads: Collection[str]) -> nn.Module:
    """ "equal", "uncertainty" or "surgery", and names of heads -> the module."""
    made = {EQUAL: EqualWeights, UNCERTAINTY: lambda: UncertaintyWeights(heads), SURGERY: SurgeryWeights}
    return made[name]()
