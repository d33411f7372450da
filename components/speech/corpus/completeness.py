"""Whether an audio file is whole: libsndfile shortens many that end early without a word."""

from __future__ import annotations

import os
import re

import soundfile

UNKNOWN_SIZE = 0x7FFF0000  # what programs write which do not know it yet: nearly 2 or 4 GiB
DECLARED_SIZE = re.compile(r"\s*(?:data|SSND|Data Size)\D*(\d+) \(should be")  # WAV, AIFF, AU
OF_W64 = re.compile(r"riff : (\d+) \(should be")
OF_RF64 = re.compile(r"\*\*\* (Calculated frame count \d+ does not match value from 'ds64' chunk of \d+)")
OF_NIST = re.compile(rb"sample_count -i (\d+)")
LAST_PAGE, LONGEST_PAGE, PAGE_HEADER = 4, 65_307, 27  # a flag of Ogg's pages, and bytes


def check_complete(file: soundfile.SoundFile, path: str) -> None:
    """An open file and its path -> nothing; ValueError, with what is missing, where it was cut off.

    libsndfile notes in its log that a WAV, AIFF, AU or Wave64 says more than there is; a NIST file says it in
    its header; an Ogg stream, which says no length, ends with a page that is marked as its last.
    """
    for line in file.extra_info.splitlines():
        declared = DECLARED_SIZE.match(line) or (OF_W64.match(line) if file.format == "W64" else None)
        if declared and int(declared[1]) < UNKNOWN_SIZE:
            raise ValueError(f"truncated: {' '.join(line.split())} bytes")
        if frames := OF_RF64.match(line):
            raise ValueError(f"truncated: {frames[1][0].lower()}{frames[1][1:]}")
    if file.format == "NIST" and (samples := _nist_samples(path)) > file.frames:
        raise ValueError(f"truncated: {file.frames} of {samples} samples")
    if file.format == "OGG" and not _has_last_page(path):
        raise ValueError(
            "truncated: its last page is missing; if it is whole, write it again, as with ffmpeg"
        )


def _nist_samples(path: str) -> int:
    with open(path, "rb") as file:
        count = OF_NIST.search(file.read(1024))
    return int(count[1]) if count else 0


def _has_last_page(path: str) -> bool:
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - LONGEST_PAGE - 1))
        end = file.read()
    at = end.rfind(b"OggS")
    page = end[at:] if at >= 0 else b""
    if len(page) < PAGE_HEADER or not page[5] & LAST_PAGE:
        return False
    pieces = page[PAGE_HEADER : PAGE_HEADER + page[PAGE_HEADER - 1]]  # the length of each
    return len(page) >= PAGE_HEADER + len(pieces) + sum(pieces)
