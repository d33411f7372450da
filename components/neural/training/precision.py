"""Which numbers a training multiplies: all 32 bits of them, or 16."""

from __future__ import annotations

import torch

from components.neural.model.encoders import Layer

FLOAT32, BFLOAT16 = "float32", "bfloat16"
PRECISIONS = (FLOAT32, BFLOAT16)


def take_precision(network: torch.nn.Module, precision: str) -> None:
    """A network's convolutions multiply with this precision in training; weights and sums keep 32 bits.

    Source: Kalamkar et al. (2019), A study of BFLOAT16 for deep learning training.
    """
    for layer in network.modules():
        if isinstance(layer, Layer):
            layer.halved = precision == BFLOAT16
