"""A stream of bytes, 16-bit PCM with or without a WAV header -> chunks of samples."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np

BYTES = 2  # a sample
MAX_HEADER = 1 << 16
PCM, EXTENSIBLE = 1, 0xFFFE


def read_pcm(pieces: Iterable[bytes], rate: int) -> tuple[Iterator[np.ndarray], int]:
    """Pieces of any sizes -> chunks, float32 (samples,), and their rate in Hz.

    A WAV header says rate and channels, which are mixed down; without one it is little-endian, one channel
    at `rate`. Raises ValueError for a header of another kind of samples.
    """
    pieces = iter(pieces)
    start = _read_until(b"", pieces, lambda head: len(head) >= 12)
    channels = 1
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        start = _read_until(start, pieces, _is_complete)
        rate, channels = _parse_header(start)
        start = start[start.index(b"data") + 8 :]
    return _chunks(chain([start], pieces), channels), rate


def _read_until(start: bytes, pieces: Iterator[bytes], is_enough: Callable[[bytes], bool]) -> bytes:
    while not is_enough(start) and len(start) < MAX_HEADER and (piece := next(pieces, b"")):
        start += piece
    return start


def _is_complete(header: bytes) -> bool:
    return 0 <= header.find(b"data") <= len(header) - 8


def _parse_header(header: bytes) -> tuple[int, int]:
    """WAV header -> its rate in Hz and its channels."""
    kind, channels, rate, bits = 0, 0, 0, 0
    if _is_complete(header) and b"fmt " in header:
        kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", header, header.index(b"fmt ") + 8)
    if kind not in (PCM, EXTENSIBLE) or bits != 8 * BYTES or not channels:
        raise ValueError(
            f"a stream expected 16-bit PCM, got a WAV header of kind {kind} with {bits} bits and {channels} "
            "channels; record it as S16_LE."
        )
    return rate, channels


def _chunks(pieces: Iterable[bytes], channels: int) -> Iterator[np.ndarray]:
    rest, frame = b"", BYTES * channels
    for piece in pieces:
        rest += piece
        whole = len(rest) // frame * frame
        if whole:
            samples = np.frombuffer(rest[:whole], "<i2").astype(np.float32) / 2**15
            yield samples.reshape(-1, channels).mean(axis=1)
        rest = rest[whole:]
