"""Encoders of a stream: frames every 10 ms -> rows every 40 ms, which need few frames or none ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from components.neural.model.cepstra import REACH
from components.neural.model.encoders import ConvolutionalEncoder
from components.neural.packing import RaggedFeatures

STEP = 4  # frames to a row


class ConvolutionalRows(nn.Module):
    """The convolutional encoder of all our networks, which sees as many frames ahead as behind.

    context: frames on either side of a row that it depends on.
    """

    def __init__(self, bands: int, channels: int, layers: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.encoder = ConvolutionalEncoder(bands, channels, layers, kernel_size, dropout)
        self.context = context_of(layers, kernel_size)
        self.channels = channels

    def forward(self, frames: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """(frames, streams, bands) -> (rows, streams, channels); there is no state, but context."""
        features = RaggedFeatures.from_list(list(frames.unbind(1)))
        packed = features.batch(np.arange(frames.shape[1]), None, self.encoder.padding, STEP)
        return self.encoder(packed).padded(), None


class RecurrentRows(nn.Module):
    """Gated recurrent units, which look at nothing ahead and carry a state from row to row."""

    context = 0

    def __init__(self, bands: int, channels: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.recurrent = nn.GRU(STEP * bands, channels, layers, dropout=dropout if layers > 1 else 0.0)
        self.channels = channels

    def forward(self, frames: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(frames, streams, bands) and a state -> (rows, streams, channels), and the state after them."""
        rows, (streams, bands) = len(frames) // STEP, frames.shape[1:]
        stacked = frames[: rows * STEP].reshape(rows, STEP, streams, bands).transpose(1, 2)
        return self.recurrent(stacked.reshape(rows, streams, STEP * bands), state)


def context_of(layers: int, kernel_size: int) -> int:
    """Size of a convolutional encoder -> frames on either side of a row that it depends on, whole rows."""
    frames = REACH + 2 * (kernel_size // 2) + STEP * layers * (kernel_size // 2)
    return -(-frames // STEP) * STEP


class KeywordNetwork(nn.Module):
    """An encoder and one logit a row: whether the keyword ends about there.

    rows : the encoder. span: rows up to its own that a logit is made of.
    behind : frames behind a row that its logit depends on. body_share: learning rate of the encoder, as a
    share of that of the last layer; 0: it is frozen, its batch statistics too.
    """

    def __init__(self, rows: nn.Module, dropout: float, span: int = 1) -> None:
        super().__init__()
        self.rows, self.dropout, self.span = rows, nn.Dropout(dropout), span
        self.output = nn.Linear(span * rows.channels, 1)
        self.behind = rows.context + STEP * (span - 1)
        self.body_share = 1.0

    def train(self, mode: bool = True) -> KeywordNetwork:
        """As of every module, but a frozen encoder stays in evaluation."""
        super().train(mode)
        if not self.body_share:
            self.rows.eval()
        return self

    def forward(self, frames: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """(frames, streams, bands) -> logits (rows, streams), and the encoder's state."""
        rows, state = self.rows(frames, state)
        rows = nn.functional.pad(self.dropout(rows).permute(1, 2, 0), (self.span - 1, 0))
        weight = self.output.weight.view(1, -1, self.span)
        return nn.functional.conv1d(rows, weight, self.output.bias)[:, 0].T, state


def masked(windows: Tensor, rng: np.random.Generator) -> Tensor:
    """Windows (frames, windows, bands) -> with masks over time and bands."""
    from components.neural.augmentation import spec_mask

    features = RaggedFeatures.from_list(list(windows.unbind(1)))
    return spec_mask(features.batch(np.arange(windows.shape[1]), None, 0, 1), rng, 1.0).padded()


def as_tensor(frames: np.ndarray, device: torch.device) -> Tensor:
    """float32 array -> tensor on the device."""
    return torch.from_numpy(np.ascontiguousarray(frames, np.float32)).to(device)
