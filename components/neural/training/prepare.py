"""Clips and texts -> what a network is trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from components.contract import Clip
from components.neural.model.network import CTC, Network
from components.neural.tokenizer import Tokenizer, usable_targets
from components.neural.training.data import TrainingData
from components.neural.training.dev_split import dev_mask


def prepare_data(
    network: Network,
    tokenizers: Mapping[str, Tokenizer],
    clips: Sequence[Clip],
    texts: Sequence[str],
    rng: np.random.Generator,
) -> TrainingData:
    """Clips and texts -> features, and token ids as the targets of every head.

    Clips too short for their text are neither in train nor in dev.
    tokenizers: {CTC head: its tokenizer}; heads without one have that of the head named ctc. A clip too short
    for another head's tokens has no target for it.
    """
    features = network.front_end.extract(clips)
    rows = network.output_rows(features.lengths)
    tokens = {name: [tokenizer.encode(text) for text in texts] for name, tokenizer in tokenizers.items()}
    fitting = {name: usable_targets(own, rows) for name, own in tokens.items()}
    usable = np.flatnonzero([ids is not None for ids in fitting.pop(CTC)])
    is_dev = dev_mask([clips[i].speaker for i in usable], rng)
    separators = {name: separator(tokenizer) for name, tokenizer in tokenizers.items()}
    return TrainingData(
        features,
        [clip.name for clip in clips],
        dict.fromkeys(network.heads, tokens[CTC]) | fitting,
        usable[~is_dev],
        usable[is_dev],
        dict.fromkeys(network.heads, separators[CTC]) | separators,
        tokenizers[CTC],
    )


def separator(tokenizer: Tokenizer) -> list[int]:
    """The tokens between two texts that are joined."""
    return [] if tokenizer.space is None else [tokenizer.space]
