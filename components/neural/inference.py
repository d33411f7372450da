"""A network and shelved clips -> what it says of them, and how far off that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from components.neural.decoding.graph_decoder import word_errors
from components.neural.hypothesis import Said
from components.neural.model.encoders import Network
from components.neural.packing import Shelf
from components.neural.training.batches import cut
from components.neural.training.data import Lessons
from components.speech.decoding.greedy import collapse

SECONDS_AT_ONCE = 60
DEV_S_AT_ONCE = 300  # for the sake of memory


@dataclass(frozen=True, eq=False)
class Heard:
    """One clip, as heard. log_probabilities: of CTC's tokens, float32 (rows, 1 + tokens), every 20 ms.

    encoded: float32 (rows, channels), the encoder's rows, every 40 ms, and said: what the decoder makes of
    them by itself; None where the network has no decoder.
    """

    log_probabilities: np.ndarray
    encoded: np.ndarray | None = None
    said: Said | None = None


@torch.no_grad()
def hear(network: Network, shelf: Shelf, clips: np.ndarray) -> list[Heard]:
    """What is heard in each of the shelf's clips named, in that order."""
    network.eval()
    heard: dict[int, Heard] = {}
    longest_first = clips[np.argsort(-shelf.lengths[clips], kind="stable")]
    for batch in cut(longest_first, shelf.lengths, network.shelved_rows(SECONDS_AT_ONCE)):
        rows = network.rows(shelf.lay(batch, None, network.gap, network.block))
        columns = [[one.cpu().numpy() for one in network.ctc(rows).cut()]]
        if network.decoder is not None:
            columns += [[one.cpu().numpy() for one in rows.cut()], network.decoder.greedy(rows)]
        heard.update(zip(batch.tolist(), map(Heard, *columns), strict=True))
    return [heard[i] for i in clips.tolist()]


@torch.no_grad()
def dev_errors(network: Network, lessons: Lessons) -> tuple[float, float]:
    """The dev clips, as they are -> their mean loss, and the share of words wrong that CTC says greedily.

    Where it says phonemes, the share of these.
    """
    network.eval()
    wanted = [lessons.spelling.unspell(lessons.spelt[i]) for i in lessons.dev]
    heard, losses = [], []
    for clips in cut(lessons.dev, lessons.shelf.lengths, network.shelved_rows(DEV_S_AT_ONCE)):
        rows = network.rows(lessons.shelf.lay(clips, None, network.gap, network.block))
        said = network.ctc(rows)
        losses.append(network.losses(rows, said, [lessons.spelt[i] for i in clips]))
        best = [one.argmax(1).cpu().numpy() for one in said.cut()]
        heard += [lessons.spelling.unspell(collapse(one)) for one in best]
    words = sum(len(text.split()) for text in wanted)
    return float(torch.cat(losses).mean()), word_errors(wanted, heard) / words


def unheard(network: Network, shelf: Shelf, clips: np.ndarray) -> list[int]:
    """Those of the clips of which the network says no numbers, each heard alone."""
    alone = {i: hear(network, shelf, np.array([i]))[0].log_probabilities for i in clips.tolist()}
    return [i for i, said in alone.items() if not np.isfinite(said).all()]
