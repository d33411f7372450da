"""A manifest -> a folder on disk, made once: every recording read, resampled, checked and digested.

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
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock

from components.clip import content_digest
from components.speech.corpus.audio_file import resample
from components.speech.corpus.check import (
    SetAside,
    copies,
    listed_twice,
    lost_parts,
    none_usable,
    why_unusable,
)
from components.speech.corpus.corpus import LABELS, PRINTS, SAMPLES, SOUND, TABLE, Corpus, open_corpus
from components.speech.corpus.manifest import Entry, Manifest, UnreadableSource
from components.speech.corpus.workers import imap

Progress = Callable[[int, int, str], None]
_Sound = tuple[np.ndarray, np.ndarray]
CHUNK = 32  # recordings a worker gets at a time
FACTS = ("title", "notice", "language", "synthetic", "unit")
COLUMNS = (
    "names",
    "speakers",
    "texts",
    "parts",
    "phonemes",
    "tags",
    "starts",
    "lengths",
    "digests",
    "labels",
)


def prepare(
    spec: str,
    manifest: Manifest,
    cache: Path,
    *,
    rate: int | None = None,
    max_seconds: float = 20.0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """A manifest -> its corpus, read from its prepared folder, which is made first if it is not there.

    Raises ValueError when no recording is usable.

    Parameters
    ----------
    spec
        The corpus's name or path, for messages and the folder's name.
    manifest
        What is in it.
    cache
        The folder goes to "prepared" in it.
    rate
        Hz. None: the manifest's own, else the commonest in its files' headers.
    max_seconds
        Longer recordings are set aside.
    workers
        Processes that read.
    progress
        Called after each chunk with how many are read, how many there are, and what is being done.
    """
    folder = cache / "prepared" / f"{_slug(spec)}-{_key(manifest, rate, max_seconds)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not (folder / TABLE).exists():
        with FileLock(f"{folder}.lock"):
            if not (folder / TABLE).exists():
                rate = rate or manifest.rate or _commonest_rate(manifest.entries)
                read = partial(_read_chunk, rate=rate, max_seconds=max_seconds)
                chunks = imap(read, _chunks(manifest.entries), workers)
                _write(folder, spec, manifest, rate, chunks, progress)
    return open_corpus(folder, spec)


def _key(manifest: Manifest, rate: int | None, max_seconds: float) -> str:
    """A hash of all that goes in: the manifest, the files' sizes and times, the settings, this code."""
    facts = (manifest.title, manifest.notice, manifest.language, manifest.reading, manifest.checks)
    digest = hashlib.sha256(f"{code_version()} {rate} {max_seconds} {manifest.rate}".encode())
    digest.update(_bytes("\0".join(map(str, facts))))
    for entry in manifest.entries:
        fields = (
            entry.name,
            entry.speaker,
            entry.text,
            entry.part,
            entry.phonemes,
            sorted(entry.tags.items()),
            sorted(entry.labels.items()),
        )
        digest.update(_bytes("\0".join(map(str, (*fields, entry.source.key())))) + b"\n")
    return digest.hexdigest()[:20]


def _bytes(text: str) -> bytes:
    """UTF-8, and the bytes of file names that are not."""
    return text.encode("utf-8", "surrogateescape")


@cache
def code_version() -> str:
    """A hash of the source of everything that makes a corpus: this package and what it imports of ours."""
    package, speech = Path(__file__).parent, Path(__file__).parents[1]
    helpers = ("espeak.py", "lexicon.py", "arpabet.py", "mel.py", "ragged.py")
    noises = ("augmentation/noise.py", "augmentation/reverb.py")
    files = [*sorted(package.rglob("*.py")), *(speech / name for name in (*helpers, *noises))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:20]


def _slug(spec: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", Path(spec).name.lower()).strip("-")[:40] or "corpus"


def _commonest_rate(entries: Sequence[Entry]) -> int:
    """The rate most files have in their header; the lower of two equally common ones, else 16000."""
    rates = Counter(rate for entry in entries if (rate := entry.source.rate()))
    return min(rates, key=lambda rate: (-rates[rate], rate)) if rates else 16000


def _chunks(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [entries[start : start + CHUNK] for start in range(0, len(entries), CHUNK)]


@dataclass(frozen=True, eq=False)
class _Reading:
    """samples: (samples,) at the corpus's rate. sound: facts (FACTS,) and print (PRINT,) of the file."""

    samples: np.ndarray
    sound: _Sound


def _read_chunk(entries: Sequence[Entry], rate: int, max_seconds: float) -> list[_Reading | str]:
    """Entries -> for each its samples (samples,) at `rate` with their facts, or why there are none."""
    read = [_read_entry(entry, max_seconds) for entry in entries]
    usable = [item for item in read if not isinstance(item, str)]
    from components.speech.corpus.sound_facts import measure_all  # scipy.fft, needed to prepare alone

    sounds = measure_all([samples for samples, _ in usable], [source_rate for _, source_rate in usable])
    facts = iter(zip(*sounds, strict=True))
    return [item if isinstance(item, str) else _reading(*item, rate, next(facts)) for item in read]


def _read_entry(entry: Entry, max_seconds: float) -> tuple[np.ndarray, int] | str:
    if not entry.text and not isinstance(entry.source, UnreadableSource):
        return "no text"
    try:
        samples, source_rate = entry.source.read(max_seconds)
    except (ValueError, OSError, RuntimeError) as error:
        return str(error)
    return why_unusable(samples, source_rate, max_seconds) or (samples, source_rate)


def _reading(samples: np.ndarray, source_rate: int, rate: int, sound: _Sound) -> _Reading:
    return _Reading(np.ascontiguousarray(resample(samples, source_rate, rate), dtype=np.float32), sound)


def _write(
    folder: Path,
    spec: str,
    manifest: Manifest,
    rate: int,
    chunks: Iterator[list[_Reading | str]],
    progress: Progress | None,
) -> None:
    """Fill a temporary folder, then rename it to the final one; what a killed run left is deleted first."""
    for leftover in folder.parent.glob(f"{folder.name}.part*"):
        shutil.rmtree(leftover)
    part = folder.with_name(f"{folder.name}.part{os.getpid()}")
    part.mkdir()
    try:
        with (part / SAMPLES).open("wb") as file:
            what = f"reading {spec}"
            table, sounds = _table(manifest, chunks, file, rate, progress, what)
        if not table["names"]:
            raise none_usable(spec, [SetAside(*row) for row in table["set_aside"]])
        table |= {"name": spec, "fingerprint": _fingerprint(table, manifest.language), **_facts(manifest)}
        lost = lost_parts([entry.part for entry in manifest.entries], table["parts"])
        table["checks"] += [asdict(check) for check in lost]
        for name, rows in zip((SOUND, PRINTS), zip(*sounds, strict=True), strict=True):
            np.save(part / name, np.stack(rows))
        (part / LABELS).write_text(json.dumps(table.pop("labels")), encoding="utf-8")
        (part / TABLE).write_text(json.dumps(table), encoding="utf-8")
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _table(
    manifest: Manifest,
    chunks: Iterator[list[_Reading | str]],
    file: BinaryIO,
    rate: int,
    progress: Progress | None,
    what: str,
) -> tuple[dict, list[_Sound]]:
    """Append every usable recording to the file -> columns and recordings set aside; facts and prints."""
    entries, published = manifest.entries, manifest.published
    table: dict = {column: [] for column in (*COLUMNS, "sounds")} | {"rate": rate, "set_aside": []}
    start, done = 0, 0
    again = listed_twice([entry.name for entry in entries], [entry.text for entry in entries])
    for chunk in chunks:
        for reading in chunk:
            entry = entries[done]
            reading = again[done] or reading
            done += 1
            if isinstance(reading, str):  # the reason why there are no samples
                table["set_aside"].append((entry.name, reading))
                continue
            file.write(reading.samples.tobytes())
            _append(table, entry, reading.samples, start)
            table["sounds"].append(reading.sound)
            start += len(reading.samples)
        if progress:
            progress(done, len(entries), what)
    if not published:
        _set_copies_aside(table)
    if all(phones is None for phones in table["phonemes"]):
        table["phonemes"] = None
    return table, table.pop("sounds")


def _set_copies_aside(table: dict) -> None:
    """Take recordings out of a table that sound exactly like another one; the samples stay in the file."""
    columns = (table[column] for column in ("names", "texts", "parts", "digests"))
    reasons = copies(*columns)
    usable = [position for position, name in enumerate(table["names"]) if name not in reasons]
    table["set_aside"] += reasons.items()
    for column in (*COLUMNS, "sounds"):
        table[column] = [table[column][position] for position in usable]


def _append(table: dict, entry: Entry, samples: np.ndarray, start: int) -> None:
    row = {
        "names": entry.name,
        "speakers": entry.speaker,
        "texts": entry.text,
        "parts": entry.part,
        "phonemes": entry.phonemes,
        "tags": dict(entry.tags),
        "labels": dict(entry.labels),
        "starts": start,
        "lengths": len(samples),
        "digests": content_digest(samples, table["rate"]),
    }
    for column, value in row.items():
        table[column].append(value)


def _facts(manifest: Manifest) -> dict:
    facts = {fact: getattr(manifest, fact) for fact in FACTS}
    return {
        **facts,
        "reading": dict(manifest.reading),
        "checks": [asdict(check) for check in manifest.checks],
    }


def _fingerprint(table: dict, language: str) -> str:
    """A hash of what can change a result: names, speakers, texts, phonemes, parts, samples and their rate."""
    columns = ("names", "speakers", "texts", "phonemes", "parts", "digests", "rate")
    content = json.dumps([language, *(table[column] for column in columns)])
    return hashlib.sha256(content.encode()).hexdigest()
