"""A small network that hears the keyword: from log-mel frames to one score every 40 ms, nothing between."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from functools import partial
from typing import Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator

from components.keywords.choose_steps import Trained, choose_steps
from components.keywords.detector import Groups, Span, count_scores
from components.keywords.encoders import (
    STEP,
    ConvolutionalRows,
    KeywordNetwork,
    RecurrentRows,
    as_tensor,
    context_of,
)
from components.keywords.examples import Examples, apart, typical_length
from components.keywords.training import KeywordTraining
from components.keywords.windows import RowShape, Windows
from components.neural.model.build import device_of
from components.ranges import above, at_least, between, check_ranges


class NeuralDetector(BaseEstimator):
    """Log-mel frames (frames, bands) -> every 40 ms the logit of the keyword ending about there.

    Trained on windows with and without the keyword, the latter half at random and half those that it took
    for the keyword before. Convolutions see a row's neighbours alone, so the last layer after them reads as
    many rows as the keyword is long.

    Parameters
    ----------
    encoder : "convolutional", which sees as far ahead as behind, or "recurrent", which sees nothing ahead.
    channels, layers, kernel_size : its size; kernel_size is that of convolutions, odd.
    dropout : of the rows before the output.
    steps : optimiser steps; None: chosen by recordings and background that are held out, see choose_steps.
    batch : windows in a step, a third of them with the keyword.
    learning_rate, weight_decay : AdamW's; the rate rises, then holds, and the weights are averaged.
    device : "auto" (CUDA if there), "cpu", "cuda".

    Attributes
    ----------
    weights_ : name -> array. bands_ : of the frames. span_: rows that the last layer reads.
    choices_ : the number of steps chosen, and against what; empty where it was given.
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
        steps: int | None = None,
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
            **dict.fromkeys(("layers", "kernel_size"), at_least(1)),
            **({} if self.steps is None else {"steps": at_least(1)}),
            **dict.fromkeys(("channels", "batch"), at_least(3)),
            **{"dropout": between(0, 0.9), "learning_rate": above(0), "weight_decay": at_least(0)},
        )

    def __setstate__(self, state: dict) -> None:
        """Those saved before the last layer read several rows read one."""
        super().__setstate__({"span_": 1, **state} if "weights_" in state else state)

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
        groups: Groups | None = None,
    ) -> NeuralDetector:
        """As of every Detector."""
        self.bands_ = keywords[0].shape[1]
        self._prepare(spans)
        examples = Examples(keywords, spans, background, groups or apart(keywords, background))
        device = device_of(self.device)
        with torch.random.fork_rng(devices=[] if device.type == "cpu" else None):
            begin = partial(self._begin, seed=seed)
            self.choices_ = [] if self.steps else [choose_steps(begin, examples, seed)]
            training = self._training(examples, seed)
            network = training.run_until(self.steps or int(self.choices_[0].chosen)).cpu()
        self.history_ = training.history
        self.weights_ = {name: w.detach().cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network
        return self

    def listen(self) -> NeuralSession:
        """As of every Detector."""
        return NeuralSession(self)

    def _begin(self, examples: Examples, seed: int) -> Trained:
        """Examples -> a training that has not begun: number of steps -> the detector after them."""
        training = self._training(examples, seed)
        return lambda steps: self._with(training.run_until(steps))

    def _training(self, examples: Examples, seed: int) -> KeywordTraining:
        """A training that has not begun."""
        rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        network = self._begun().to(device_of(self.device))
        rows = RowShape(STEP, self.lookahead, network.rows.context)
        windows = Windows(examples.keywords, examples.spans, examples.background, rows, rng)
        return KeywordTraining(network, windows, self.batch, self.learning_rate, self.weight_decay, rng)

    def _with(self, network: KeywordNetwork) -> NeuralDetector:
        """A network -> a detector of these settings that listens with it."""
        detector = copy(self)
        detector._network = deepcopy(network)
        return detector

    def _prepare(self, spans: Sequence[Span]) -> None:
        """Where the keyword is in each stream -> how the network is built is known."""
        self.span_ = 1 if self.encoder == "recurrent" else -(-typical_length(spans) // STEP)

    def _begun(self) -> KeywordNetwork:
        """A network to train."""
        return self._built()

    def _built(self) -> KeywordNetwork:
        size = (self.bands_, self.channels, self.layers)
        if self.encoder == "recurrent":
            return KeywordNetwork(RecurrentRows(*size, self.dropout), self.dropout)
        rows = ConvolutionalRows(*size, self.kernel_size, self.dropout)
        return KeywordNetwork(rows, self.dropout, self.span_)

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
        self.needed = self.network.behind
        self.frames, self.behind, self.state = None, 0, None  # behind: frames that were scored already

    @torch.no_grad()
    def push(self, frames: np.ndarray) -> np.ndarray:
        """(frames, streams, bands) -> (scores, streams)."""
        self.frames = frames if self.frames is None else np.concatenate([self.frames, frames])
        scores = count_scores(self.detector, len(self.frames) - self.behind)
        if not scores:
            return np.zeros((0, frames.shape[1]), np.float32)
        done = self.behind + scores * STEP
        given = self.frames if self.needed else self.frames[:done]
        logits, self.state = self.network(as_tensor(given, torch.device("cpu")), self.state)
        first, self.behind = self.behind // STEP, min(self.needed, done)
        self.frames = self.frames[done - self.behind :]
        return logits[first : first + scores].numpy()
