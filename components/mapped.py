"""Arrays too large for memory: in a file without a name, mapped, of which few pages are held at a time.

What is small stays in memory, as it would without this. The file is deleted as soon as it is open, so that
nothing is left of it when the last array goes, or the process, however it ends.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

import numpy as np

from components.cache import cache_folder

Item = TypeVar("Item")

MOST_IN_MEMORY = 1 << 28  # bytes of arrays that belong together; larger ones are in a file
SWEPT_AT_ONCE = 1 << 26  # bytes of mapped pages that one sweep holds


def keep(chunks: Iterable[Sequence[np.ndarray]]) -> list[np.ndarray]:
    """Some arrays (rows, ...) after others -> all of them, in order, from MOST_IN_MEMORY bytes on in a file.

    In the file all are of one type and, but for the rows, of one shape. Raises OSError for a full disk.
    """
    held, written = _collect(chunks)
    if written is None:
        return held
    values, lengths = written
    ends = np.cumsum(lengths).tolist()
    return [values[first:end] for first, end in pairwise([0, *ends])]


def end_to_end(chunks: Iterable[Sequence[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """As of `keep` -> all rows (all rows, ...), and the number of each array's, int (arrays,)."""
    held, written = _collect(chunks)
    return written or (np.concatenate(held), np.array([len(array) for array in held]))


def empty(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """An array to be filled, in memory or, of more than MOST_IN_MEMORY bytes, in a file."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size <= MOST_IN_MEMORY:
        return np.empty(shape, dtype)
    with _file() as file:
        for first in range(0, size, SWEPT_AT_ONCE):  # a full disk is an error here, and a crash later
            _append(file, np.zeros(min(SWEPT_AT_ONCE, size - first), np.uint8))
        return _mapped(file, shape, dtype)


def sweep(items: Iterable[Item]) -> Iterator[Item]:
    """Arrays or clips -> the same, one after another; mapped pages of those before are let go."""
    behind: list[Item] = []
    size = 0
    for item in items:
        yield item
        behind.append(item)
        size += getattr(item, "samples", item).nbytes
        if size > SWEPT_AT_ONCE:
            let_go(behind)
            behind, size = [], 0
    let_go(behind)


def let_go(items: Iterable[Any]) -> None:
    """Arrays or clips: the pages of their files need not be in this process's memory, until read again."""
    for own in {own for own in map(_map_of, items) if own is not None}:
        own.madvise(mmap.MADV_DONTNEED)


def _collect(
    chunks: Iterable[Sequence[np.ndarray]],
) -> tuple[list[np.ndarray], tuple[np.ndarray, np.ndarray] | None]:
    """The arrays, or, if they are too large, none, and all of their rows in a file, with their numbers."""
    held: list[np.ndarray] = []
    size, rest = 0, iter(chunks)
    for chunk in rest:
        held += chunk
        size += sum(array.nbytes for array in chunk)
        if size > MOST_IN_MEMORY:
            return [], _written(chain([held], rest))
    return held, None


def _written(chunks: Iterable[Sequence[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    lengths: list[int] = []
    with _file() as file:
        for chunk in filter(len, chunks):
            rows = np.concatenate(chunk)
            _append(file, rows)
            lengths += map(len, chunk)
        return _mapped(file, (sum(lengths), *rows.shape[1:]), rows.dtype), np.array(lengths)


def _file() -> IO[bytes]:
    folder = cache_folder()  # and not the system's for temporary files, which may be memory itself
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder, buffering=0)


def _append(file: IO[bytes], rows: np.ndarray) -> None:
    rest = rows.reshape(-1).view(np.uint8)
    try:
        while len(rest):
            rest = rest[file.write(rest.data) :]
    except OSError as error:
        raise OSError(
            f"features expected room on the disk of {cache_folder()}, got {error.strerror} after "
            f"{file.tell() / 1e9:.1f} GB; free some, or set CROSSOVER_CACHE to a folder of a larger one."
        ) from None


def _mapped(file: IO[bytes], shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    return np.asarray(np.memmap(file, dtype, "r+", shape=shape))


def _map_of(item: Any) -> mmap.mmap | None:
    """The map that an array or a clip's samples are a view of, if they are of one that is shared.

    The pages of a private one would lose what was written into them.
    """
    array = getattr(item, "samples", item)
    while array is not None and not isinstance(array, np.memmap):
        array = getattr(array, "base", None)
    return None if array is None or array.mode == "c" else array._mmap
