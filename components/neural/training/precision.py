"""In which precision a training multiplies: float32, or bfloat16."""

from __future__ import annotations

import torch

from components.neural.model.layers import ConvBlock

FLOAT32, BFLOAT16 = "float32", "bfloat16"
PRECISIONS = (FLOAT32, BFLOAT16)


def set_precision(network: torch.nn.Module, precision: str) -> None:
    """Convolutions of a network multiply in this precision in training; weights and sums keep 32 bits.

    Source: Kalamkar et al. (2019), A study of BFLOAT16 for deep learning training.
    """
    for layer in network.modules():
        if isinstance(layer, ConvBlock):
            layer.use_bfloat16 = precision == BFLOAT16
