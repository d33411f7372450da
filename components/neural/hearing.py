"""A network and shelved clips -> what it says of them, and how far off that is."""

from __future__ import annotations

import numpy as np
import torch

from components.decoding.greedy import collapse
from components.neural.alphabet import unspell
from components.neural.batches import cut
from components.neural.encoders import Network
from components.neural.lessons import Lessons
from components.neural.losses import clip_losses
from components.neural.spelling_search import word_errors
from components.neural.tape import Shelf


@torch.no_grad()
def log_probabilities(network: Network, shelf: Shelf, clips: np.ndarray, batch_rows: int) -> list[np.ndarray]:
    """(rows, characters) float32 of each of the shelf's clips named, in that order."""
    network.eval()
    heard: dict[int, np.ndarray] = {}
    longest_first = clips[np.argsort(-shelf.lengths[clips], kind="stable")]
    for batch in cut(longest_first, shelf.lengths, batch_rows):
        said = network(shelf.lay(batch, None, network.gap, network.block))
        heard.update(zip(batch.tolist(), (one.cpu().numpy() for one in said.cut()), strict=True))
    return [heard[i] for i in clips.tolist()]


@torch.no_grad()
def dev_errors(network: Network, lessons: Lessons) -> tuple[float, float]:
    """The dev clips, as they are -> their mean CTC loss, and the share of words wrong, heard greedily."""
    said = network.eval()(lessons.shelf.lay(lessons.dev, None, network.gap, network.block))
    spelt = [lessons.spelt[i] for i in lessons.dev]
    best = said.values.argmax(1).cpu().numpy()
    ends = said.starts + said.lengths
    heard = [
        unspell(collapse(best[start:end]), lessons.alphabet)
        for start, end in zip(said.starts, ends, strict=True)
    ]
    wanted = [unspell(one, lessons.alphabet) for one in spelt]
    words = sum(len(text.split()) for text in wanted)
    return float(clip_losses(said, spelt).mean()), word_errors(wanted, heard) / words


def unheard(network: Network, shelf: Shelf, clips: np.ndarray) -> list[int]:
    """Those of the clips of which the network says no numbers, each heard alone."""
    alone = {i: log_probabilities(network, shelf, np.array([i]), 1)[0] for i in clips.tolist()}
    return [i for i, said in alone.items() if not np.isfinite(said).all()]
