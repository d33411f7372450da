"""Clips and texts -> what a network is trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.contract import Clip
from components.neural.model.network import Network
from components.neural.tokenizer import Tokenizer, ctc_rows_needed
from components.neural.training.data import TrainingData
from components.neural.training.dev_split import dev_mask


def prepare_data(
    network: Network,
    tokenizer: Tokenizer,
    clips: Sequence[Clip],
    texts: Sequence[str],
    rng: np.random.Generator,
) -> TrainingData:
    """Clips and texts -> features, and token ids as the targets of every head.

    Clips too short for their text are neither in train nor in dev.
    """
    features = network.front_end.extract(clips)
    tokens = [tokenizer.encode(text) for text in texts]
    needed = np.array([ctc_rows_needed(ids) for ids in tokens])
    usable = np.flatnonzero(network.output_rows(features.lengths) >= needed)
    is_dev = dev_mask([clips[i].speaker for i in usable], rng)
    separator = [] if tokenizer.space is None else [tokenizer.space]
    return TrainingData(
        features,
        [clip.name for clip in clips],
        dict.fromkeys(network.heads, tokens),
        usable[~is_dev],
        usable[is_dev],
        dict.fromkeys(network.heads, separator),
        tokenizer,
    )
