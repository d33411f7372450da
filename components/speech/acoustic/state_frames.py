"""Frames of clips and their states -> what belongs to each state, however many frames there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from components.mapped import empty, let_go
from components.speech.ragged import in_chunks

BLOCK = 4096  # frames summed at once


def state_sums(
    frames: Sequence[np.ndarray], states: Sequence[np.ndarray], number: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clips (frames, dims) and their states int (frames,), of so many -> of each state: the number of its
    frames, int (states,); the sums of these and of their squares, float64 (states, dims).

    In blocks, so that no float64 copy of all frames is needed.
    """
    counts = np.zeros(number, dtype=int)
    sums, squares = np.zeros((2, number, frames[0].shape[1]))
    for rows, own in _blocks(frames, states):
        counts += np.bincount(own, minlength=number)
        rows = rows.astype(np.float64)
        members = csr_array((np.ones(len(rows)), (own, np.arange(len(rows)))), shape=(number, len(rows)))
        sums += members @ rows
        squares += members @ rows**2
    return counts, sums, squares


def sorted_by_state(
    frames: Sequence[np.ndarray], states: Sequence[np.ndarray], counts: np.ndarray
) -> list[np.ndarray]:
    """Clips (frames, dims), their states int (frames,), and the number of frames of each state -> the frames
    of each state, (frames, dims), in order."""
    ends = np.cumsum(counts)
    by_state = empty((int(ends[-1]), frames[0].shape[1]), frames[0].dtype)
    places = ends - counts  # of the next frame of each state
    for rows, own in _joined(frames, states):
        order = np.argsort(own, kind="stable")
        number = np.bincount(own, minlength=len(counts))
        before = np.cumsum(number) - number
        by_state[(places - before)[own[order]] + np.arange(len(own))] = rows[order]
        places += number
        let_go([by_state])
    return [by_state[first:end] for first, end in pairwise([0, *ends.tolist()])]


def _joined(
    frames: Sequence[np.ndarray], states: Sequence[np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Clips and their states -> those of some neighbours, as of in_chunks, joined."""
    for rows, own in zip(in_chunks(frames), in_chunks(states), strict=True):
        yield np.concatenate(rows), np.concatenate(own)


def _blocks(
    frames: Sequence[np.ndarray], states: Sequence[np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Clips and their states -> BLOCK frames and states, whatever clip they are of, then the next, ..."""
    rest = frames[0][:0], states[0][:0]
    for joined in _joined(frames, states):
        rows, own = (np.concatenate(pair) for pair in zip(rest, joined, strict=True))
        whole = len(rows) - len(rows) % BLOCK
        for first in range(0, whole, BLOCK):
            yield rows[first : first + BLOCK], own[first : first + BLOCK]
        rest = rows[whole:], own[whole:]
    if len(rest[0]):
        yield rest
