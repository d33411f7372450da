"""Codes: labels of a task <-> what a head is trained on and puts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from torch import Tensor, nn

from components.neural.model.heads.ctc import CtcHead
from components.neural.model.heads.pooled import ClassHead, NumberHead
from components.neural.model.network import Network
from components.neural.packing import PackedBatch
from components.neural.tasks.middle import LayerRows, MiddleCtcHead, layers_of
from components.neural.tokenizer import WORDS, Tokenizer
from components.speech.decoding.greedy import collapse
from components.study.task import CLASS, NUMBER, TEXT, Task


class ClassCode(BaseEstimator):
    """Labels <-> places among the classes of training, `classes_`."""

    joins = False  # whether the labels of two clips are one label of both, joined

    def __init__(self) -> None:
        """There is nothing to set."""

    def fit(self, labels: Sequence[str]) -> ClassCode:
        """Learn the classes."""
        self.classes_ = sorted(set(labels))
        return self

    def encode(self, label: str) -> np.ndarray:
        """Label -> its place, int64 (1,)."""
        return np.array([self.classes_.index(label)])

    def head(self, network: Network) -> nn.Module:
        """A network -> an untrained head for its encoder."""
        return ClassHead(network.encoder.channels, len(self.classes_))

    def answers(self, head: nn.Module, encoded: PackedBatch) -> list[str]:
        """A trained head and encoded rows -> the likeliest class of each clip."""
        return [self.classes_[place] for place in head(encoded).argmax(1).tolist()]

    def exported(self, head: nn.Module, encoded: PackedBatch) -> Tensor:
        """A trained head and the rows of one clip -> log-probabilities of `classes_`, (classes,)."""
        return head(encoded)[0].log_softmax(-1)

    @property
    def about(self) -> dict[str, Any]:
        """What `exported` is, as JSON."""
        return {"kind": CLASS, "classes": self.classes_}


class NumberCode(BaseEstimator):
    """Numbers <-> the same less the mean of training, `mean_`, in its standard deviations, `deviation_`."""

    joins = False  # whether the labels of two clips are one label of both, joined

    def __init__(self) -> None:
        """There is nothing to set."""

    def fit(self, labels: Sequence[float]) -> NumberCode:
        """Learn mean and deviation; of equal numbers this is 1."""
        self.mean_, self.deviation_ = float(np.mean(labels)), float(np.std(labels)) or 1.0
        return self

    def encode(self, label: float) -> np.ndarray:
        """Number -> the standardised one, float32 (1,)."""
        return np.array([(label - self.mean_) / self.deviation_], dtype=np.float32)

    def head(self, network: Network) -> nn.Module:
        """A network -> an untrained head for its encoder."""
        return NumberHead(network.encoder.channels)

    def answers(self, head: nn.Module, encoded: PackedBatch) -> list[float]:
        """A trained head and encoded rows -> the number of each clip."""
        return [self.mean_ + self.deviation_ * number for number in head(encoded).tolist()]

    def exported(self, head: nn.Module, encoded: PackedBatch) -> Tensor:
        """A trained head and the rows of one clip -> the number, (1,)."""
        return self.mean_ + self.deviation_ * head(encoded)

    @property
    def about(self) -> dict[str, Any]:
        """What `exported` is, as JSON."""
        return {"kind": NUMBER}


class TextCode(BaseEstimator):
    """Texts <-> ids of their symbols, which stand between spaces; `tokenizer_` knows those of training.

    layer: of the encoder, from 1 on, whose rows the head reads; None: the last rows.
    """

    joins = True

    def __init__(self, layer: int | None = None) -> None:
        self.layer = layer

    def fit(self, labels: Sequence[str]) -> TextCode:
        """Learn the symbols."""
        self.tokenizer_ = Tokenizer(WORDS).fit(labels)
        return self

    def encode(self, label: str) -> np.ndarray:
        """Text -> ids of its symbols, int64 (symbols,)."""
        return self.tokenizer_.encode(label)

    def head(self, network: Network) -> nn.Module:
        """A network -> an untrained head for its encoder."""
        size = network.encoder.channels, 1 + len(self.tokenizer_.tokens_)
        if self.layer is None:
            return CtcHead(*size)
        return MiddleCtcHead(*size, LayerRows(layers_of(network)[self.layer - 1]))

    def answers(self, head: nn.Module, encoded: PackedBatch) -> list[str]:
        """A trained head and encoded rows -> CTC's best path of each clip."""
        paths = [rows.argmax(1).cpu().numpy() for rows in head(encoded).unpack()]
        return [self.tokenizer_.decode(collapse(path)) for path in paths]

    def exported(self, head: nn.Module, encoded: PackedBatch) -> Tensor:
        """A trained head and the rows of one clip -> CTC's log-probabilities, (rows, 1 + tokens)."""
        return head(encoded).values

    @property
    def about(self) -> dict[str, Any]:
        """What `exported` is, as JSON."""
        return {"kind": TEXT, "alphabet": self.tokenizer_.tokens_}


Code = ClassCode | NumberCode | TextCode


def fit_code(task: Task, text_layer: int | None = None) -> Code:
    """A task with at least one label -> its code. text_layer: as TextCode's layer."""
    kinds = {CLASS: ClassCode, NUMBER: NumberCode, TEXT: lambda: TextCode(text_layer)}
    return kinds[task.kind]().fit(task.present)
