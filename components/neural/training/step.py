"""One batch -> gradients, also where memory is short: in as many pieces as it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from components.neural.augmentation import BatchAugmentation, draw_speeds, spec_mask
from components.neural.model.heads import Targets
from components.neural.model.heads.ctc import flat_start_loss
from components.neural.model.network import CTC, Network
from components.neural.packing import PackedBatch, RaggedFeatures
from components.neural.training.data import TrainingData

OUT_OF_MEMORY = ("allocate memory", "not enough memory")  # what torch says on a processor
MAX_NAMED = 8


def add_gradients(
    network: Network,
    data: TrainingData,
    clips: np.ndarray,
    pieces: int,
    rng: np.random.Generator,
    policy: BatchAugmentation,
    flat_start: bool,
    concat_pairs: bool,
    weights: Mapping[str, float] | None = None,
) -> Tensor:
    """A batch of clips, augmented, in pieces one after another -> the loss of each clip, (clips,).

    The network's gradients grow by those of the mean over the batch. flat_start: CTC is compared with evenly
    spread tokens, too. concat_pairs: clips are joined two by two, see TrainingData.examples; each has half
    the loss of its pair. weights: of the heads' losses, in the place of the network's own.
    """
    losses = []
    for piece in np.array_split(clips, min(pieces, len(clips))):
        features, chosen, targets = data.examples(piece, concat_pairs)
        encoded = network.encoder(_augmented_frames(network, features, chosen, rng, policy))
        log_probs = None if network.ctc is None else network.ctc(encoded)
        shares = data.shares(piece) if concat_pairs else None
        by_head = network.losses_by_head(encoded, targets, log_probs, shares, weights)
        piece_losses = sum(by_head.values(), encoded.values.new_zeros(len(encoded.lengths)))
        losses.append(_loss_a_clip(piece_losses, len(piece)) if concat_pairs else piece_losses)
        means = {name: own.mean() for name, own in by_head.items()}
        if flat_start:
            flat = _flat_start_losses(network, encoded, targets, log_probs)
            means |= {name: means[name] + loss for name, loss in flat.items()}
        if any(loss.requires_grad for loss in means.values()):  # not so where no clip is labelled
            network.weighting.backward(means, network, len(piece) / len(clips))
    return torch.cat(losses).detach()


def _flat_start_losses(
    network: Network, encoded: PackedBatch, targets: Mapping[str, Targets], log_probs: PackedBatch | None
) -> dict[str, Tensor]:
    """Encoded rows and targets -> the flat start loss of every CTC head that is trained and has a target.

    log_probs: what the head named ctc makes of the rows, if there is one.
    """
    return {
        name: flat_start_loss(log_probs if name == CTC else head(encoded), targets[name])
        for name, head in network.ctc_heads.items()
        if network.loss_weights[name] and any(target is not None for target in targets[name])
    }


def _augmented_frames(
    network: Network,
    features: RaggedFeatures,
    clips: np.ndarray,
    rng: np.random.Generator,
    policy: BatchAugmentation,
) -> PackedBatch:
    """Clips (indices) of the features -> augmented frames (frames, bands), which the encoder reads."""
    packed = network.pack(features, clips, draw_speeds(len(clips), rng, policy.strength_of("speed")))
    with torch.no_grad():
        augmented = network.front_end.augment(packed, rng, policy)
    return spec_mask(network.front_end(augmented), rng, policy.strength_of("masking"))


def _loss_a_clip(pair_losses: Tensor, clips: int) -> Tensor:
    return pair_losses.repeat_interleave(2)[:clips] / 2


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that there was too little memory, here or on a GPU."""
    is_named = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return is_named or any(words in str(error) for words in OUT_OF_MEMORY)


def out_of_memory(data: TrainingData, clips: np.ndarray) -> MemoryError:
    """The error of a batch that does not fit even clip by clip."""
    longest = data.names[clips[np.argmax(data.features.lengths[clips])]]
    return MemoryError(
        f"CTC training expected memory to learn from {_named(data, clips)}, got too little even for one "
        f"clip at a time; leave out the longest ({longest!r}), or take fewer channels or --workers."
    )


def loss_not_finite(data: TrainingData, bad: Sequence[int], clips: np.ndarray) -> FloatingPointError:
    """The error of a batch whose loss or gradients are not finite."""
    return FloatingPointError(
        f"CTC training expected a finite loss for every clip, got nan or inf for {len(bad)} of the batch's "
        f"{len(clips)}: {_named(data, bad)}; listen to them, or lower learning_rate."
    )


def _named(data: TrainingData, clips: Sequence[int]) -> str:
    return ", ".join(data.names[i] for i in clips[:MAX_NAMED])
