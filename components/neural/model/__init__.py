"""The network: front ends, encoders and heads, each found in a catalogue of `build`; their promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from components.contract import Clip
from components.neural.augmentation import BatchAugmentation
from components.neural.packing import PackedBatch, RaggedFeatures


@runtime_checkable
class FrontEnd(Protocol):
    """Clips -> features, once; packed features -> augmented ones; features -> frames every 10 ms.

    rows_per_frame: feature rows of one frame. augments: the kinds of augmentation that it takes part in.
    """

    rows_per_frame: int
    augments: frozenset[str]

    def extract(self, clips: Sequence[Clip]) -> RaggedFeatures: ...

    def augment(
        self, batch: PackedBatch, rng: np.random.Generator, policy: BatchAugmentation
    ) -> PackedBatch: ...

    def forward(self, batch: PackedBatch) -> PackedBatch: ...


@runtime_checkable
class Encoder(Protocol):
    """Frames (frames, bands) -> rows (rows, channels), which depend on no other clip of the batch.

    subsampling_factor: frames of one row. padding: zero frames that it needs between two clips.
    """

    channels: int
    subsampling_factor: int
    padding: int

    def forward(self, batch: PackedBatch) -> PackedBatch: ...


@runtime_checkable
class BuildsEncoder(Protocol):
    """An estimator that holds the settings of one kind of encoder, and no more: `CtcRecogniser(encoder=...)`.

    Its settings are those of the recogniser, as `encoder__...`; its file is all that a new encoder needs,
    besides a recipe. Law: build takes what every encoder is sized by, and gives one of so many channels.
    """

    def build(self, bands: int, channels: int, layers: int, kernel_size: int, dropout: float) -> Encoder: ...
