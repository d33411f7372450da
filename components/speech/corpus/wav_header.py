"""A WAV file whose recorder never came back to write its length -> the same with the length of the file."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

HEADER = 4096  # bytes in which the data must begin


def with_size(path: str) -> io.BytesIO | None:
    """A path -> the file with the true size of its data, if it is a WAV that claims to have none."""
    with open(path, "rb") as file:
        start = file.read(HEADER)
    if start[:4] != b"RIFF" or start[8:12] != b"WAVE" or (at := _data_chunk(start)) is None:
        return None
    size = os.path.getsize(path) - at - 8
    if start[at + 4 : at + 8] != b"\0\0\0\0" or size <= 0:
        return None
    content = bytearray(Path(path).read_bytes())
    struct.pack_into("<I", content, at + 4, size)
    return io.BytesIO(bytes(content))


def _data_chunk(start: bytes) -> int | None:
    """First bytes of a WAV file -> where its data chunk begins, None if it is not among them."""
    at = 12
    while at + 8 <= len(start):
        name, size = start[at : at + 4], struct.unpack_from("<I", start, at + 4)[0]
        if name == b"data":
            return at
        at += 8 + size + size % 2
    return None
