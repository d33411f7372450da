"""A head on an encoder of its own, which hears the same frames as the network's."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from torch import Tensor, nn

from components.neural.model.heads import Targets
from components.neural.model.network import Network
from components.neural.packing import PackedBatch
from components.neural.tasks.codes import Code


class EncoderFrames:
    """The frames that an encoder was given last, kept by a forward hook."""

    def __init__(self, encoder: nn.Module) -> None:
        self.frames: PackedBatch | None = None
        self.hook = encoder.register_forward_pre_hook(self)

    def __call__(self, encoder: nn.Module, inputs: tuple[PackedBatch, ...]) -> None:
        (self.frames,) = inputs

    def close(self) -> None:
        """Keep no more."""
        self.hook.remove()
        self.frames = None


class OwnEncoderHead(nn.Module):
    """A head and its own encoder, of the frames that the network's encoder was given last.

    encoder: of the same shape as the network's, so that its rows have the same places. head: reads its rows.
    """

    def __init__(self, encoder: nn.Module, head: nn.Module, source: EncoderFrames) -> None:
        super().__init__()
        self.encoder, self.head, self.source = encoder, head, source
        self.of_one_clip = getattr(head, "of_one_clip", False)

    def forward(self, encoded: PackedBatch) -> Any:
        """Rows of the network's encoder, for their places -> what the head makes of its own encoder's."""
        return self.head(self.own_rows(encoded))

    def losses(self, encoded: PackedBatch, targets: Targets) -> Tensor:
        """As of every Head."""
        return self.head.losses(self.own_rows(encoded), targets)

    def own_rows(self, encoded: PackedBatch) -> PackedBatch:
        """Rows of the network's encoder -> those of this one, in the same places."""
        return encoded.with_values(self.encoder(self.source.frames).values)


class OwnEncoderCode(BaseEstimator):
    """A fitted code of a task, whose head has an encoder of its own."""

    def __init__(self, code: Code) -> None:
        self.code = code

    @property
    def joins(self) -> bool:
        """As of the code."""
        return self.code.joins

    def encode(self, label: Any) -> np.ndarray:
        """As of the code."""
        return self.code.encode(label)

    def head(self, network: Network) -> OwnEncoderHead:
        """A network -> an untrained head, whose encoder is a copy of the network's."""
        encoder = deepcopy(network.encoder)
        encoder._forward_pre_hooks.clear()  # those of other heads
        return OwnEncoderHead(encoder, self.code.head(network), EncoderFrames(network.encoder))

    def answers(self, head: OwnEncoderHead, encoded: PackedBatch) -> list[Any]:
        """As of the code."""
        return self.code.answers(head.head, head.own_rows(encoded))

    def exported(self, head: OwnEncoderHead, encoded: PackedBatch) -> Tensor:
        """As of the code."""
        return self.code.exported(head.head, head.own_rows(encoded))

    @property
    def about(self) -> dict[str, Any]:
        """As of the code."""
        return self.code.about
