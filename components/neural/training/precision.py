"""In which precision a training multiplies: float32, or bfloat16."""

from __future__ import annotations

import torch

FLOAT32, BFLOAT16 = "float32", "bfloat16"
PRECISIONS = (FLOAT32, BFLOAT16)


def set_precision(network: torch.nn.Module, precision: str) -> None:
    """Layers that say `use_bfloat16` multiply in this precision in training; weights and sums keep 32 bits.

    Source: Kalamkar et al. (2019), A study of BFLOAT16 for deep learning training.
    """
    for layer in network.modules():
        if hasattr(layer, "use_bfloat16"):
            layer.use_bfloat16 = precision == BFLOAT16
