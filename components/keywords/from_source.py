"""Transfer learning: a keyword's network that begins with the encoder of a network of speech recognition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch

from components.keywords.detector import Span
from components.keywords.encoders import STEP, ConvolutionalRows, KeywordNetwork, context_of
from components.keywords.examples import typical_length
from components.keywords.neural import NeuralDetector
from components.neural.fine_tuned import read_network
from components.neural.recogniser import CtcRecogniser
from components.neural.start_from_source import LAST_LAYER
from components.ranges import above, at_least, between, check_ranges
from components.study.saving import check_source, files_of

TAKEN = "encoder."  # what names of the tensors begin with that are taken
SIZE = ("channels", "layers", "kernel_size")  # settings of the source that shape its encoder


class FineTunedDetector(NeuralDetector):
    """Levelled log-mel frames (frames, bands) -> as NeuralDetector, from a network of another corpus.

    Its encoder is taken, and a new last layer reads as many of its rows as the keyword is long.

    Parameters
    ----------
    source : file of a trained mel-ctc to start from, recogniser.skops: see study.saving.
    method : "last-layer": the new last layer, and nothing else is trained. "all-layers": all layers are.
    rate_share : learning rate of the layers that were trained before, as a share of that of the new one.
    rate : of the streams, Hz, which the source must have been trained at; 0: it is not looked at.
    dropout, steps, batch, learning_rate, weight_decay, device : as of NeuralDetector.

    Attributes
    ----------
    size_ : channels, layers and kernel_size of the source.
    taken_ : number of weight tensors taken from the source.
    trained_numbers_ : how many numbers this training changed.
    All else as of NeuralDetector.
    """

    def __init__(
        self,
        source: str = "",
        method: Literal["last-layer", "all-layers"] = LAST_LAYER,
        rate_share: float = 0.25,
        rate: int = 0,
        dropout: float = 0.2,
        steps: int | None = None,
        batch: int = 48,
        learning_rate: float = 3e-3,
        weight_decay: float = 0.02,
        device: str = "auto",
    ) -> None:
        self.source = source
        self.method = method
        self.rate_share = rate_share
        self.rate = rate
        self.dropout = dropout
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.device = device

    def check_settings(self) -> None:
        """Raises ValueError without a source, and for steps or rates out of range."""
        check_ranges(
            self,
            **{"rate_share": above(0), "rate": at_least(0), "batch": at_least(3)},
            **{"dropout": between(0, 0.9), "learning_rate": above(0), "weight_decay": at_least(0)},
            **({} if self.steps is None else {"steps": at_least(1)}),
        )
        check_source(self, self.source)

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    @property
    def lookahead(self) -> int:
        """Frames ahead that a score needs."""
        return context_of(self.size_["layers"], self.size_["kernel_size"])

    def _prepare(self, spans: Sequence[Span]) -> None:
        """As of NeuralDetector.

        Raises ValueError for a source that is no such network, or was trained at another sample rate.
        """
        source = read_network(self.source)
        self._check(source)
        self.span_ = -(-typical_length(spans) // STEP)
        self.size_ = {name: getattr(source, name) for name in SIZE}

    def _check(self, source: CtcRecogniser) -> None:
        expected = {"front_end": "mel", "encoder": "convolutional", "bands": self.bands_}
        if self.rate:
            expected["rate_"] = self.rate
        wrong = [name for name, value in expected.items() if getattr(source, name) != value]
        if wrong:
            got = ", ".join(f"{name} {getattr(source, name)}" for name in wrong)
            asked = ", ".join(f"{name} {expected[name]}" for name in wrong)
            raise ValueError(
                f"{type(self).__name__} expected a source with {asked}, got {got}; train mel-ctc as it is "
                "usual, on a source at the sample rate of the study."
            )

    def _begun(self) -> KeywordNetwork:
        weights = read_network(self.source).weights_
        taken = {name: torch.tensor(own) for name, own in weights.items() if name.startswith(TAKEN)}
        network = self._built()
        network.rows.encoder.load_state_dict({name.removeprefix(TAKEN): w for name, w in taken.items()})
        network.body_share = 0.0 if self.method == LAST_LAYER else self.rate_share
        learning = network.output if self.method == LAST_LAYER else network
        self.taken_ = len(taken)
        self.trained_numbers_ = sum(weight.numel() for weight in learning.parameters())
        return network

    def _built(self) -> KeywordNetwork:
        size = (self.bands_, *(self.size_[name] for name in SIZE))
        return KeywordNetwork(ConvolutionalRows(*size, self.dropout), self.dropout, self.span_)
