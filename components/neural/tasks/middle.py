"""A head at a middle layer: CTC over small units, such as phones, below what larger units are read from."""

from __future__ import annotations

from typing import Any

from torch import nn

from components.neural.model.heads.ctc import CtcHead
from components.neural.model.network import Network
from components.neural.packing import PackedBatch


class LayerRows:
    """The rows that a layer of an encoder put out last, kept by a forward hook."""

    def __init__(self, layer: nn.Module) -> None:
        self.rows: PackedBatch | None = None
        self.hook = layer.register_forward_hook(self)

    def __call__(self, layer: nn.Module, inputs: Any, rows: PackedBatch) -> None:
        self.rows = rows

    def close(self) -> None:
        """Keep no more."""
        self.hook.remove()
        self.rows = None


class MiddleCtcHead(CtcHead):
    """CTC's head on the rows of a layer below the last one, those of the batch that was encoded last.

    Source: Krishna et al. (2018), Hierarchical multitask learning for CTC-based speech recognition.
    """

    def __init__(self, channels: int, tokens: int, source: LayerRows) -> None:
        super().__init__(channels, tokens)
        self.source = source

    def forward(self, encoded: PackedBatch) -> PackedBatch:
        """Encoded rows, which are not read -> (2 * rows, tokens), natural log-probabilities."""
        return super().forward(self.source.rows)


def layers_of(network: Network) -> nn.ModuleList:
    """A network -> the layers of its encoder at 40 ms, all of as many channels."""
    return next(part for part in network.encoder.children() if isinstance(part, nn.ModuleList))


def close(head: nn.Module) -> None:
    """A head that is taken off -> it keeps no rows of another part any more."""
    if hasattr(head, "source"):
        head.source.close()
