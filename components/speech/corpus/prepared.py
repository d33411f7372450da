"""A listing becomes a folder on disk, once: every recording read, resampled, checked and digested.

A folder's name is a hash of everything that can change what is in it, so it is never out of date. It is
written under another name and renamed, under a file lock: killed or run twice at once, it is whole or absent.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock

from components.contract import content_digest
from components.speech.corpus.audio_file import resample
from components.speech.corpus.check import SetAside, nothing_left, repeated, why_unusable
from components.speech.corpus.corpus import SAMPLES, TABLE, Corpus, open_corpus
from components.speech.corpus.entry import Entry, Listing
from components.speech.corpus.workers import in_order

Progress = Callable[[int, int, str], None]
CHUNK = 32  # recordings a worker is handed at a time


def prepare(
    spec: str,
    listing: Listing,
    cache_folder: Path,
    *,
    rate: int | None = None,
    max_seconds: float = 20.0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """A listing becomes a corpus, read from its prepared folder, which is made first if it is not there.

    rate: Hz; None: the listing's own, else the commonest in its files' headers. workers: processes.
    Raises ValueError when no recording is usable.
    """
    folder = cache_folder / "prepared" / f"{_slug(spec)}-{_key(listing, rate, max_seconds)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not (folder / TABLE).exists():
        with FileLock(f"{folder}.lock"):
            if not (folder / TABLE).exists():
                rate = rate or listing.rate or _commonest_rate(listing.entries)
                read = partial(_read_chunk, rate=rate, max_seconds=max_seconds)
                _write(
                    folder, spec, listing, rate, in_order(read, _chunks(listing.entries), workers), progress
                )
    return open_corpus(folder, spec)


def _key(listing: Listing, rate: int | None, max_seconds: float) -> str:
    """A hash of all that goes in: what is listed, the files' sizes and times, the settings, this code."""
    digest = hashlib.sha256(f"{code_version()} {rate} {max_seconds} {listing.rate}".encode())
    digest.update(f"{listing.title} {listing.notice} {listing.language}".encode())
    for one in listing.entries:
        digest.update(f"{one.name}\0{one.speaker}\0{one.text}\0{one.part}\0{one.phonemes}\0".encode())
        digest.update(f"{sorted(one.tags.items())}\0{one.source.key()}\n".encode())
    return digest.hexdigest()[:20]


@cache
def code_version() -> str:
    """A hash of the source of everything that makes a corpus: the files of this room and eSpeak's door."""
    room = Path(__file__).parent
    files = [*sorted(room.glob("*.py")), room.parent / "espeak.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:20]


def _slug(spec: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", Path(spec).name.lower()).strip("-")[:40] or "corpus"


def _commonest_rate(entries: Sequence[Entry]) -> int:
    """The rate most files have in their header; the lower of two equally common ones, else 16000."""
    rates = Counter(rate for one in entries if (rate := one.source.rate()))
    return min(rates, key=lambda rate: (-rates[rate], rate)) if rates else 16000


def _chunks(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [entries[start : start + CHUNK] for start in range(0, len(entries), CHUNK)]


def _read_chunk(entries: Sequence[Entry], rate: int, max_seconds: float) -> list[np.ndarray | str]:
    """Each entry becomes its samples (samples,) at `rate`, or the reason there are none."""
    return [_read_one(entry, rate, max_seconds) for entry in entries]


def _read_one(entry: Entry, rate: int, max_seconds: float) -> np.ndarray | str:
    if not entry.text:
        return "no text"
    try:
        samples, source_rate = entry.source.read(max_seconds)
    except (ValueError, OSError, RuntimeError) as error:
        return str(error)
    if reason := why_unusable(samples, source_rate, max_seconds):
        return reason
    return np.ascontiguousarray(resample(samples, source_rate, rate), dtype=np.float32)


def _write(
    folder: Path,
    spec: str,
    listing: Listing,
    rate: int,
    chunks: Iterator[list[np.ndarray | str]],
    progress: Progress | None,
) -> None:
    """Fill a folder beside the final one, then rename it; what an earlier, killed run left goes first."""
    for left in folder.parent.glob(f"{folder.name}.part*"):
        shutil.rmtree(left)
    part = folder.with_name(f"{folder.name}.part{os.getpid()}")
    part.mkdir()
    try:
        with (part / SAMPLES).open("wb") as file:
            table = _table(listing.entries, chunks, file, rate, progress, f"reading {spec}")
        if not table["names"]:
            raise nothing_left(spec, [SetAside(*one) for one in table["set_aside"]])
        table |= {"name": spec, "fingerprint": _fingerprint(table, listing.language), **_facts(listing)}
        (part / TABLE).write_text(json.dumps(table), encoding="utf-8")
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _table(
    entries: Sequence[Entry],
    chunks: Iterator[list[np.ndarray | str]],
    file: BinaryIO,
    rate: int,
    progress: Progress | None,
    what: str,
) -> dict:
    """Append every usable recording to the file of samples; what is known of it goes into columns."""
    columns = ("names", "speakers", "texts", "parts", "phonemes", "tags", "starts", "lengths", "digests")
    table: dict = {column: [] for column in columns} | {"rate": rate, "set_aside": []}
    start, done, again = 0, 0, repeated([one.name for one in entries])
    for chunk in chunks:
        for heard in chunk:
            entry = entries[done]
            heard = "another recording has this name" if again[done] else heard
            done += 1
            if isinstance(heard, str):
                table["set_aside"].append((entry.name, heard))
                continue
            file.write(heard.tobytes())
            _append(table, entry, heard, start)
            start += len(heard)
        if progress:
            progress(done, len(entries), what)
    if all(phones is None for phones in table["phonemes"]):
        table["phonemes"] = None
    return table


def _append(table: dict, entry: Entry, samples: np.ndarray, start: int) -> None:
    row = {
        "names": entry.name,
        "speakers": entry.speaker,
        "texts": entry.text,
        "parts": entry.part,
        "phonemes": entry.phonemes,
        "tags": dict(entry.tags),
        "starts": start,
        "lengths": len(samples),
        "digests": content_digest(samples, table["rate"]),
    }
    for column, value in row.items():
        table[column].append(value)


def _facts(listing: Listing) -> dict:
    facts = ("title", "notice", "language", "synthetic")
    return {fact: getattr(listing, fact) for fact in facts}


def _fingerprint(table: dict, language: str) -> str:
    """A hash of what can change a result: who says what, in which part, and how it sounds at which rate."""
    columns = ("names", "speakers", "texts", "phonemes", "parts", "digests", "rate")
    told = json.dumps([language, *(table[column] for column in columns)])
    return hashlib.sha256(told.encode()).hexdigest()
