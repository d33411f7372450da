"""Arrays (frames, dims) of different lengths as one array: work on all frames without a loop over clips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from components.mapped import keep, let_go

Item = TypeVar("Item")

BLOCK_FRAMES = 1024
CHUNK_FRAMES = 1 << 16  # of whole clips worked on at once, 11 minutes: 10 MB of 39 float32 each


def concatenate(items: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays (frames, dims) -> all frames (all frames, dims), and the number of frames of each (items,)."""
    return np.concatenate(items), np.array([len(item) for item in items])


def split(values: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """All frames and the number of each item's -> one array an item, a view; undoes `concatenate`."""
    ends = np.cumsum(lengths).tolist()
    return [values[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def chunks(lengths: Sequence[int], limit: int) -> Iterator[slice]:
    """Lengths of items -> slices of neighbours, each of `limit` in all or less, or of one longer item."""
    first, total = 0, 0
    for row, length in enumerate(lengths):
        if first < row and total + length > limit:
            yield slice(first, row)
            first, total = row, 0
        total += length
    if len(lengths):
        yield slice(first, len(lengths))


def map_chunks(
    items: Sequence[np.ndarray], function: Callable[[Sequence[np.ndarray]], list[np.ndarray]]
) -> list[np.ndarray]:
    """Arrays (frames, dims) and a function of some of them -> its results for all, kept in memory or a file.

    CHUNK_FRAMES at a time, so that no more is needed in memory.
    """
    return keep(function(own) for own in in_chunks(items))


def in_chunks(items: Sequence[Item], limit: int = CHUNK_FRAMES) -> Iterator[Sequence[Item]]:
    """Arrays (frames, ...) or clips -> neighbours, of `limit` frames in all or less, or one longer item.

    The mapped pages of a chunk are let go when the next one is asked for.
    """
    for chunk in chunks([len(getattr(item, "samples", item)) for item in items], limit):
        yield items[chunk]
        let_go(items[chunk])


def rows_of(
    items: Sequence[np.ndarray],
    function: Callable[[Sequence[np.ndarray]], list[np.ndarray]],
    rows: np.ndarray,
    limit: int = CHUNK_FRAMES,
) -> np.ndarray:
    """Arrays (frames, dims), a function of some of them, positions of frames of all, rising -> these rows.

    The function gives one array (frames, ...) an item, of `limit` frames or less in all at a time.
    """
    found, first = [], 0
    for chunk in in_chunks(items, limit):
        end = first + sum(map(len, chunk))
        own = rows[slice(*np.searchsorted(rows, [first, end]))] - first
        found.append(np.concatenate(function(chunk))[own])
        first = end
    return np.concatenate(found)


def map_blocks(
    items: Sequence[np.ndarray], function: Callable[[np.ndarray], np.ndarray], block: int = BLOCK_FRAMES
) -> list[np.ndarray]:
    """Arrays and a function of single frames, e.g. a matrix product -> its results, one array an item.

    The function gets blocks of one fixed size, since a matrix product of another size may round in another
    order: so no item's values depend on its neighbours, to the last bit.
    """
    if not items:
        return []
    values, lengths = concatenate(items)
    results = [
        _padded(values[first : first + block], function, block) for first in range(0, len(values), block)
    ]
    return split(np.concatenate(results), lengths)


def _padded(frames: np.ndarray, function: Callable[[np.ndarray], np.ndarray], block: int) -> np.ndarray:
    if len(frames) == block:
        return function(frames)
    full = np.zeros((block, frames.shape[1]), frames.dtype)
    full[: len(frames)] = frames
    return function(full)[: len(frames)]


def shift(values: np.ndarray, lengths: np.ndarray, offset: int) -> np.ndarray:
    """All frames -> for every frame the one `offset` frames later, the edges of its own item repeated."""
    shifted = np.roll(values, -offset, axis=0)
    lengths = lengths[lengths > 0]
    lasts = np.cumsum(lengths) - 1
    firsts = lasts - lengths + 1
    across = np.arange(abs(offset))
    if offset > 0:
        shifted[np.maximum(lasts[:, None] - across, firsts[:, None])] = values[lasts, None]
    if offset < 0:
        shifted[np.minimum(firsts[:, None] + across, lasts[:, None])] = values[firsts, None]
    return shifted
