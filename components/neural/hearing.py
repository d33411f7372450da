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

DEV_S_AT_ONCE = 300  # for the sake of memory


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
    network.eval()
    wanted = [unspell(lessons.spelt[i], lessons.alphabet) for i in lessons.dev]
    heard, losses = [], []
    for clips in cut(
        lessons.dev, lessons.shelf.lengths, DEV_S_AT_ONCE * 100 * network.front_end.rows_per_frame
    ):
        said = network(lessons.shelf.lay(clips, None, network.gap, network.block))
        losses.append(clip_losses(said, [lessons.spelt[i] for i in clips]))
        best = [one.argmax(1).cpu().numpy() for one in said.cut()]
        heard += [unspell(collapse(one), lessons.alphabet) for one in best]
    words = sum(len(text.split()) for text in wanted)
    return float(torch.cat(losses).mean()), word_errors(wanted, heard) / words


def unheard(network: Network, shelf: Shelf, clips: np.ndarray) -> list[int]:
    """Those of the clips of which the network says no numbers, each heard alone."""
    alone = {i: log_probabilities(network, shelf, np.array([i]), 1)[0] for i in clips.tolist()}
    return [i for i, said in alone.items() if not np.isfinite(said).all()]
