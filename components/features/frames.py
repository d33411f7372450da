"""Many (frames, dims) arrays as one: work on all frames of a batch without a loop over clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

BLOCK_FRAMES = 1024


def join(items: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays (frames, dims) -> all frames on end (all frames, dims), and the number of frames of each."""
    return np.concatenate(items), np.array([len(item) for item in items])


def part(joined: np.ndarray, counts: np.ndarray) -> list[np.ndarray]:
    """The way back from join: all frames on end -> one array per item."""
    return np.split(joined, np.cumsum(counts)[:-1])


def batched_rows(
    items: Sequence[np.ndarray], work: Callable[[np.ndarray], np.ndarray], block: int = BLOCK_FRAMES
) -> list[np.ndarray]:
    """Frame-wise work, e.g. a matrix product, on blocks of one fixed size.

    Of one size, since a matrix product of another size may round in another order: so no clip's values
    depend on its neighbours, to the last bit.
    """
    if not items:
        return []
    joined, counts = join(items)
    done = [_padded(joined[first : first + block], work, block) for first in range(0, len(joined), block)]
    return part(np.concatenate(done), counts)


def _padded(rows: np.ndarray, work: Callable[[np.ndarray], np.ndarray], block: int) -> np.ndarray:
    if len(rows) == block:
        return work(rows)
    full = np.zeros((block, rows.shape[1]), rows.dtype)
    full[: len(rows)] = rows
    return work(full)[: len(rows)]


def neighbour_rows(counts: np.ndarray, shift: int) -> np.ndarray:
    """For every frame of joined items, the row `shift` frames on, kept inside its own item."""
    ends = np.cumsum(counts)
    first, last = np.repeat(ends - counts, counts), np.repeat(ends - 1, counts)
    return np.clip(np.arange(counts.sum()) + shift, first, last)
