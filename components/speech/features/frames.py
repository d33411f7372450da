"""Many (frames, dims) arrays as one: work on all frames of a batch without a loop over clips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

BLOCK_FRAMES = 1024


def join(items: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays (frames, dims) -> all frames on end (all frames, dims), and the number of frames of each."""
    return np.concatenate(items), np.array([len(item) for item in items])


def part(joined: np.ndarray, counts: np.ndarray) -> list[np.ndarray]:
    """The way back from join: all frames on end -> one array per item."""
    ends = np.cumsum(counts).tolist()
    return [joined[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def runs(lengths: Sequence[int], most: int) -> Iterator[slice]:
    """Lengths of items -> runs of neighbours, of `most` in all or less, or of one item that is longer."""
    first, total = 0, 0
    for row, length in enumerate(lengths):
        if first < row and total + length > most:
            yield slice(first, row)
            first, total = row, 0
        total += length
    if len(lengths):
        yield slice(first, len(lengths))


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


def neighbours(joined: np.ndarray, counts: np.ndarray, shift: int) -> np.ndarray:
    """Joined items -> for every frame the one `shift` frames on, the edges of its own item being repeated."""
    found = np.roll(joined, -shift, axis=0)
    counts = counts[counts > 0]
    lasts = np.cumsum(counts) - 1
    firsts = lasts - counts + 1
    across = np.arange(abs(shift))
    if shift > 0:
        found[np.maximum(lasts[:, None] - across, firsts[:, None])] = joined[lasts, None]
    if shift < 0:
        found[np.minimum(firsts[:, None] + across, lasts[:, None])] = joined[firsts, None]
    return found
