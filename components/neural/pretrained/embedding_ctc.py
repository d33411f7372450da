"""CTC on Google's speech embedding: a frozen front end that others learned, and a small network on top."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from components.contract import Clip
from components.neural.augmentation import BatchAugmentation
from components.neural.model.build import device_of
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.layers import ConvBlock
from components.neural.model.network import CTC, Network
from components.neural.packing import PackedBatch, RaggedFeatures
from components.neural.recogniser import CtcRecogniser
from components.neural.tasks.heads import TaskHeads
from components.neural.transfer import Start, from_scratch
from components.speech.decoding.build_lm import MOST_WORDS
from components.speech.features.embedding import DIMS, SpeechEmbedding

HOP_MS, FRAMES = 40, 4  # from one embedding to the next, in ms and in frames of 10 ms
SCALE = 16.0  # standard deviation of an embedding's numbers, about


class EmbeddingFrontEnd(nn.Module):
    """Clips -> embeddings, each standing for four frames of 10 ms; computed once, before training."""

    rows_per_frame = 1
    augments = frozenset({"speed", "masking"})

    def __init__(self, embedding: SpeechEmbedding) -> None:
        super().__init__()
        self.embedding = embedding
        self.register_buffer("scale", torch.tensor(1 / SCALE), persistent=False)

    def extract(self, clips: Sequence[Clip]) -> RaggedFeatures:
        """Embeddings of every clip, end to end: (frames, dims)."""
        return RaggedFeatures.from_list([self._frames(rows) for rows in self.embedding.transform(clips)])

    def augment(self, batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation) -> PackedBatch:
        """The frames as they are."""
        return batch

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """The frames as they are: (frames, dims)."""
        return batch

    def _frames(self, rows: np.ndarray) -> Tensor:
        return torch.tensor(rows, device=self.scale.device).repeat_interleave(FRAMES, 0) * self.scale


class EmbeddingEncoder(nn.Module):
    """Frames -> rows every 40 ms, by convolutions over rows."""

    subsampling_factor = FRAMES

    def __init__(self, channels: int, layers: int, kernel_size: int, dropout: float) -> None:
        super().__init__()
        self.channels, self.padding = channels, FRAMES * (kernel_size // 2)
        sizes = [DIMS, *[channels] * layers]
        self.layers = nn.ModuleList(ConvBlock(*pair, kernel_size, dropout) for pair in pairwise(sizes))

    def forward(self, batch: PackedBatch) -> PackedBatch:
        """(frames, dims) -> (rows, channels)."""
        batch = batch.subsampled(FRAMES, batch.values[::FRAMES])
        for layer in self.layers:
            batch = layer(batch)
        return batch


class EmbeddingCtc(CtcRecogniser):
    """Clips -> texts, by a network trained with CTC on a frozen embedding that others learned.

    Parameters
    ----------
    weights : as of SpeechEmbedding.
    channels, layers, kernel_size, dropout : of the convolutions on top.
    steps, epochs, batch_seconds, learning_rate, weight_decay, decoding, lm_order, augmentation, concat_pairs,
    device, seed, grammar, units, language, precision, lexicon, lm_text, lm, lm_vocabulary : as of
        CtcRecogniser.

    Attributes
    ----------
    embedding_ : the SpeechEmbedding, with its weights. All else as of CtcRecogniser.
    """

    # as of CtcRecogniser, for what reads these of any network
    front_end, encoder, decoder, second_units = "embedding", "convolutional", "none", "none"
    grows = False

    def __init__(
        self,
        weights: str = "",
        channels: int = 128,
        layers: int = 3,
        kernel_size: int = 5,
        dropout: float = 0.05,
        steps: int | None = None,
        epochs: float | None = None,
        batch_seconds: float | None = None,
        learning_rate: float | None = None,
        weight_decay: float = 0.02,
        decoding: Literal["auto", "greedy", "beam", "graph"] = "auto",
        lm_order: int = 3,
        augmentation: Sequence[str] = ("speed", "masking"),
        concat_pairs: bool = True,
        device: str = "auto",
        seed: int = 0,
        grammar: str = "",
        units: Literal["characters", "phonemes", "words", "word-parts"] = "characters",
        language: str = "en-us",
        precision: Literal["float32", "bfloat16"] = "float32",
        lexicon: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
    ) -> None:
        self.weights = weights
        self.channels = channels
        self.layers = layers
        self.kernel_size = kernel_size
        self.dropout = dropout
        self.steps = steps
        self.epochs = epochs
        self.batch_seconds = batch_seconds
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.decoding = decoding
        self.lm_order = lm_order
        self.augmentation = augmentation
        self.concat_pairs = concat_pairs
        self.device = device
        self.seed = seed
        self.grammar = grammar
        self.units = units
        self.language = language
        self.precision = precision
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary

    def check_settings(self) -> None:
        """Raises ValueError for settings out of range, other weights, or without onnxruntime."""
        super().check_settings()
        self._embedding().check_settings()

    def depends_on(self) -> Sequence[Path]:
        """The files of the weights."""
        return self._embedding().depends_on()

    def fit(
        self,
        clips: Sequence[Clip],
        texts: Sequence[str],
        start: Start = from_scratch,
        tasks: TaskHeads | None = None,
    ) -> EmbeddingCtc:
        """As CtcRecogniser.fit; raises ValueError for other weights, too."""
        self.embedding_ = self._embedding().fit(clips)
        super().fit(clips, texts, start, tasks)
        return self

    def _embedding(self) -> SpeechEmbedding:
        return SpeechEmbedding(self.weights, HOP_MS)

    def _build_network(self, tokens: int, *further: int) -> Network:
        encoder = EmbeddingEncoder(self.channels, self.layers, self.kernel_size, self.dropout)
        head = CtcHead(self.channels, 1 + tokens, self.dropout)
        return Network(EmbeddingFrontEnd(self.embedding_), encoder, {CTC: head}).to(device_of(self.device))
