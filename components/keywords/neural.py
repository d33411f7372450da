"""A small network that hears the keyword: from log-mel frames to one score every 40 ms, nothing between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator

from components.keywords.detector import Span, count_scores
from components.keywords.encoders import (
    STEP,
    ConvolutionalRows,
    KeywordNetwork,
    RecurrentRows,
    as_tensor,
    context_of,
    losses,
    masked,
)
from components.keywords.windows import Windows
from components.neural.model.build import device_of
from components.ranges import above, at_least, between, check_ranges

CLIP_NORM = 5.0
MINED_AT = (0.25, 0.5, 0.75)  # of the steps: when the background is searched for what sounds like the keyword


class NeuralDetector(BaseEstimator):
    """Log-mel frames (frames, bands) -> every 40 ms the logit of the keyword ending about there.

    Trained on windows with and without the keyword, the latter half at random and half those that it took
    for the keyword before.

    Parameters
    ----------
    encoder : "convolutional", which sees as far ahead as behind, or "recurrent", which sees nothing ahead.
    channels, layers, kernel_size : its size; kernel_size is that of convolutions, odd.
    dropout : of the rows before the output.
    steps, batch : optimiser steps, and windows in each, a third of them with the keyword.
    learning_rate, weight_decay : AdamW's; the rate rises for a fifth of the steps, then falls.
    device : "auto" (CUDA if there), "cpu", "cuda".

    Attributes
    ----------
    weights_ : name -> array. bands_ : of the frames.
    history_ : mean loss of each tenth of the training.
    """

    step = STEP

    def __init__(
        self,
        encoder: Literal["convolutional", "recurrent"] = "convolutional",
        channels: int = 48,
        layers: int = 3,
        kernel_size: int = 5,
        dropout: float = 0.2,
        steps: int = 400,
        batch: int = 48,
        learning_rate: float = 3e-3,
        weight_decay: float = 0.02,
        device: str = "auto",
    ) -> None:
        self.encoder = encoder
        self.channels = channels
        self.layers = layers
        self.kernel_size = kernel_size
        self.dropout = dropout
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.device = device

    def check_settings(self) -> None:
        """Raises ValueError for sizes, steps or rates out of range."""
        check_ranges(
            self,
            **dict.fromkeys(("layers", "kernel_size", "steps"), at_least(1)),
            **dict.fromkeys(("channels", "batch"), at_least(3)),
            **{"dropout": between(0, 0.9), "learning_rate": above(0), "weight_decay": at_least(0)},
        )

    @property
    def lookahead(self) -> int:
        """Frames ahead that a score needs."""
        return context_of(self.layers, self.kernel_size) if self.encoder == "convolutional" else 0

    def train(
        self,
        keywords: Sequence[np.ndarray],
        spans: Sequence[Span],
        background: Sequence[np.ndarray],
        seed: int = 0,
    ) -> NeuralDetector:
        """As of every Detector."""
        self.bands_ = keywords[0].shape[1]
        rng = np.random.default_rng(seed)
        device = device_of(self.device)
        with torch.random.fork_rng(devices=[] if device.type == "cpu" else None):
            torch.manual_seed(seed)
            network = self._built().to(device).train()
            windows = Windows(keywords, spans, background, self.lookahead, rng)
            self.history_ = self._run(network, windows, rng, device)
        self.weights_ = {name: w.detach().cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network.eval()
        return self

    def listen(self) -> NeuralSession:
        """As of every Detector."""
        return NeuralSession(self)

    def _run(
        self, network: KeywordNetwork, windows: Windows, rng: np.random.Generator, device: torch.device
    ) -> list[dict[str, Any]]:
        optimiser = torch.optim.AdamW(
            network.parameters(), self.learning_rate, weight_decay=self.weight_decay
        )
        rates = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, self.learning_rate, total_steps=self.steps + 1, pct_start=0.2
        )
        seen = []
        for step in range(self.steps):
            if step in {round(share * self.steps) for share in MINED_AT}:
                windows.mine(lambda some: self._greatest(network, some, device))
            frames, has_keyword = windows.draw(self.batch)
            loss = losses(
                network, masked(as_tensor(frames, device), rng), as_tensor(has_keyword, device)
            ).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM)
            optimiser.step()
            rates.step()
            seen.append(float(loss.detach()))
        tenth = max(1, self.steps // 10)
        return [
            {"step": first + tenth, "loss": float(np.mean(seen[first : first + tenth]))}
            for first in range(0, self.steps - tenth + 1, tenth)
        ]

    @staticmethod
    @torch.no_grad()
    def _greatest(network: KeywordNetwork, frames: np.ndarray, device: torch.device) -> np.ndarray:
        """Windows (frames, windows, bands) -> the greatest logit of each (windows,)."""
        logits = network.eval()(as_tensor(frames, device))[0].amax(dim=0)
        network.train()
        return logits.cpu().numpy()

    def _built(self) -> KeywordNetwork:
        size = (self.bands_, self.channels, self.layers)
        if self.encoder == "recurrent":
            return KeywordNetwork(RecurrentRows(*size, self.dropout), self.dropout)
        return KeywordNetwork(ConvolutionalRows(*size, self.kernel_size, self.dropout), self.dropout)

    def trained_network(self) -> KeywordNetwork:
        """The network with the learned weights, on the processor, built when first needed."""
        if not hasattr(self, "_network"):
            with torch.random.fork_rng(devices=[]):
                network = self._built()
            network.load_state_dict({name: torch.tensor(weight) for name, weight in self.weights_.items()})
            self._network = network.eval()
        return self._network.cpu()

    def __getstate__(self) -> dict:
        """Settings and learned numbers; the network is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_network"}


class NeuralSession:
    """A network on streams: the frames that it needs again or cannot use yet, and its state."""

    def __init__(self, detector: NeuralDetector) -> None:
        self.detector, self.network = detector, detector.trained_network()
        self.context = self.network.rows.context
        self.frames, self.behind, self.state = None, 0, None  # behind: frames that were scored already

    @torch.no_grad()
    def push(self, frames: np.ndarray) -> np.ndarray:
        """(frames, streams, bands) -> (scores, streams)."""
        self.frames = frames if self.frames is None else np.concatenate([self.frames, frames])
        scores = count_scores(self.detector, len(self.frames) - self.behind)
        if not scores:
            return np.zeros((0, frames.shape[1]), np.float32)
        done = self.behind + scores * STEP
        given = self.frames if self.context else self.frames[:done]
        logits, self.state = self.network(as_tensor(given, torch.device("cpu")), self.state)
        first, self.behind = self.behind // STEP, min(self.context, done)
        self.frames = self.frames[done - self.behind :]
        return logits[first : first + scores].numpy()
