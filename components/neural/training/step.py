"""One batch -> gradients, also where memory is short: in as many pieces as it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from components.neural.augmentation import Alterations, hide_patches, speeds
from components.neural.model.encoders import Network
from components.neural.model.heads.ctc import evenly_spread_loss
from components.neural.training.data import Lessons

SHORT_OF_MEMORY = ("allocate memory", "not enough memory")  # what torch says on a processor
MOST_NAMED = 8


def add_gradients(
    network: Network,
    lessons: Lessons,
    chosen: np.ndarray,
    pieces: int,
    rng: np.random.Generator,
    how: Alterations,
    flat: bool,
    paired: bool,
) -> Tensor:
    """A batch, augmented, heard and compared, in pieces one after another -> the loss of each clip, (clips,).

    The network's gradients grow by those of the mean over the batch. flat: also compared with evenly spread
    texts. paired: clips are heard two by two, see Lessons.hear; each has half the loss of its pair.
    """
    losses = []
    for piece in np.array_split(chosen, min(pieces, len(chosen))):
        shelf, heard, spelt = lessons.hear(piece, paired)
        laid = shelf.lay(heard, speeds(len(heard), rng, how.of("speed")), network.gap, network.block)
        with torch.no_grad():
            tape = network.front_end.augment(laid, rng, how)
        rows = network.encoder(hide_patches(network.front_end(tape), rng, how.of("masking")))
        said = network.ctc(rows)
        found = network.losses(rows, said, spelt)
        losses.append(found.repeat_interleave(2)[: len(piece)] / 2 if paired else found)
        loss = found.mean()
        total = loss + evenly_spread_loss(said, spelt) if flat else loss
        (total * (len(piece) / len(chosen))).backward()
    return torch.cat(losses).detach()


def is_short_of_memory(error: Exception) -> bool:
    """Whether an error says that there was too little memory, here or on a GPU."""
    told = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return told or any(words in str(error) for words in SHORT_OF_MEMORY)


def no_memory(lessons: Lessons, chosen: np.ndarray) -> MemoryError:
    """The error of a batch that does not fit even clip by clip."""
    longest = lessons.names[chosen[np.argmax(lessons.shelf.lengths[chosen])]]
    return MemoryError(
        f"CTC training expected memory to learn from {_named(lessons, chosen)}, got too little even for one "
        f"clip at a time; leave out the longest ({longest!r}), or take fewer channels or --workers."
    )


def no_number(lessons: Lessons, bad: Sequence[int], chosen: np.ndarray) -> FloatingPointError:
    """The error of a batch whose loss or gradients are no numbers."""
    return FloatingPointError(
        f"CTC training expected a finite loss for every clip, got nan or inf for {len(bad)} of the batch's "
        f"{len(chosen)}: {_named(lessons, bad)}; listen to them, or lower learning_rate."
    )


def _named(lessons: Lessons, clips: Sequence[int]) -> str:
    return ", ".join(lessons.names[i] for i in clips[:MOST_NAMED])
