"""Files of a folder, for readers: audio, texts, and what the names of folders say."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from components.speech.corpus.readers.listing import Listed
from components.speech.corpus.readers.parts import PARTS, part_in

AUDIO_ENDINGS = (".wav", ".flac", ".opus", ".ogg", ".oga", ".mp3", ".sph", ".aiff", ".aif", ".au", ".w64")
AUDIO_ENDINGS += (".caf", ".rf64", ".aifc", ".snd", ".nist")
AUDIO_ENDINGS += (".m4a", ".aac", ".webm", ".amr", ".3gp", ".wma")  # of containers, by PyAV
OF_ARCHIVES = ("__MACOSX",)  # what a Mac's zip adds
FIRST, OF_EACH = 10_000, 20  # names looked at to recognise a layout; of one ending in one folder
KIND_FOLDER = re.compile(
    r"wav\w*|audio|flac|mp3|opus|ogg|sph|clips|txt|texts?|transcripts?|labs?|labels", re.I
)


def walk(folder: Path, of_each: int | None = None) -> Iterator[Path]:
    """All files at and below a folder, the nearest first, by name; hidden ones and loops of links are not.

    of_each: at most so many of each ending in each folder.
    """
    above = [place.stat() for place in folder.resolve().parents]
    queue, seen = deque([folder]), {(status.st_dev, status.st_ino) for status in above}
    while queue:
        here = queue.popleft()
        status = here.stat()
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        folders, files = _entries(here)
        queue.extend(here / name for name in folders)
        yield from (here / name for name in (_few(files, of_each) if of_each else files))


def _entries(folder: Path) -> tuple[list[str], list[str]]:
    """A folder -> names of the folders and of the files in it, sorted, without hidden ones."""
    with os.scandir(folder) as listed:
        entries = [entry for entry in listed if entry.name[0] != "." and entry.name not in OF_ARCHIVES]
    folders = sorted(entry.name for entry in entries if entry.is_dir())
    return folders, sorted(entry.name for entry in entries if entry.is_file())


def _few(names: Iterable[str], of_each: int) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        ending = os.path.splitext(name)[1]
        seen[ending] += 1
        if seen[ending] <= of_each:
            yield name


def first_files(folder: Path) -> list[Path]:
    """A few files of each ending in each folder, enough to tell the layout; none of what is no folder."""
    return list(islice(walk(folder, OF_EACH), FIRST)) if folder.is_dir() else []


def is_audio(path: Path) -> bool:
    """Whether its name ends as that of a recording does."""
    return path.suffix.lower() in AUDIO_ENDINGS


def stem(name: str) -> str:
    """A file's name, or one without ending -> without the ending of an audio file."""
    base, ending = os.path.splitext(name)
    return base if ending.lower() in AUDIO_ENDINGS else name


def by_stem(files: Iterable[Path]) -> dict[str, Path]:
    """Files -> the first audio file of each name without ending."""
    first: dict[str, Path] = {}
    for path in filter(is_audio, files):
        first.setdefault(path.stem, path)
    return first


def folders_of(path: Path, root: Path) -> tuple[str, ...]:
    """A file -> names of the folders between it and the root, the outermost first."""
    return path.relative_to(root).parts[:-1]


def part_of(name: str) -> str:
    """A folder's or file's name ("train-clean-100", "validation") -> the part it names, "" if none."""
    return (part_in(name) or "") if PARTS.get(re.split(r"[-_. ]", name.lower())[0]) else ""


def named_parts(names: Iterable[Sequence[str]]) -> list[str]:
    """Names of the folders of each recording -> its part; "" for all where fewer than two parts are named.

    One part alone says nothing of who is tested: the study then makes its own split.
    """
    parts = [next(filter(None, map(part_of, folders)), "") for folders in names]
    return parts if len({part for part in parts if part}) > 1 else [""] * len(parts)


def with_parts_of_paths(recordings: Sequence[Listed]) -> list[Listed]:
    """Recordings of no part -> the same with those that folders in their paths name: wav/train/S2/1.wav."""
    if any(recording.part for recording in recordings):
        return list(recordings)
    parts = named_parts([re.split(r"[/\\\\]", recording.path)[:-1] for recording in recordings])
    return [replace(recording, part=part) for recording, part in zip(recordings, parts, strict=True)]


def speaker_folders(folders: Sequence[Sequence[str]], parts: Sequence[str]) -> list[str]:
    """Folders of each recording and parts -> the outermost folders that differ; "" for all if none do.

    The outermost: sessions and chapters of one speaker then never count as several speakers. Folders that
    name parts, or only kinds of files (wav/, txt/), are not speakers.
    """
    split = any(parts)
    own = [
        [name for name in names if not (split and part_of(name)) and not is_kind(name)] for names in folders
    ]
    depth = next((level for level in range(max(map(len, own), default=0)) if _differ(own, level)), None)
    if depth is None:
        return [""] * len(own)
    return [names[depth] if len(names) > depth else "" for names in own]


def is_kind(name: str) -> bool:
    """Whether a folder's name says only what kind of files it holds: wav48, txt, clips."""
    return KIND_FOLDER.fullmatch(name) is not None


def _differ(folders: Sequence[Sequence[str]], level: int) -> bool:
    return len({names[level] for names in folders if len(names) > level}) > 1


def read_text(path: Path) -> str:
    """A text file in UTF-8, or UTF-16 with its mark -> its text; ValueError says where it is neither."""
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in content:
        raise ValueError(
            f"{path}: expected text, got zero bytes, as in UTF-16 without its mark; save it as UTF-8."
        )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}, line {line}: expected UTF-8, got the byte 0x{content[error.start]:02x}; "
            f"convert it, for example: iconv -f ISO-8859-1 -t UTF-8 {path.name}"
        ) from error


def first_lines(path: Path, number: int, longest: int = 10_000) -> list[str]:
    """A text file -> its first lines, stripped, without blank ones; none where it may not be read.

    What is neither UTF-8 nor UTF-16 with its mark comes as it is.
    """
    if not os.access(path, os.R_OK):
        return []
    with path.open("rb") as opened:
        encoding = "utf-16" if opened.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    with path.open(encoding=encoding, errors="replace") as text:
        lines = [text.readline(longest).strip() for _ in range(number)]
    return [line for line in lines if line]


def lines_of(path: Path) -> list[tuple[int, str]]:
    """A text file -> its lines that are not blank, stripped, with their numbers from 1."""
    lines = enumerate(read_text(path).splitlines(), start=1)
    return [(number, line.strip()) for number, line in lines if line.strip()]


def count(number: int, noun: str) -> str:
    """3, "file" -> "3 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def reading(**facts: str) -> Mapping[str, str]:
    """Facts -> those that say something, for Listing.reading."""
    return {name.replace("_", " "): value for name, value in facts.items() if value}


def parts_read(parts: Sequence[str]) -> str:
    """Parts of all recordings -> what to say of them: "train 3, test 2, by their folders"."""
    counts = {part: parts.count(part) for part in ("train", "dev", "test") if part in parts}
    listed = ", ".join(f"{part} {number}" for part, number in counts.items())
    return f"{listed}, by the names of folders or files" if listed else ""


def speakers_read(speakers: Sequence[str], how: str) -> str:
    """Speakers of all recordings -> "the folder (3 speakers)", or that none is named."""
    known = len({speaker for speaker in speakers if speaker})
    return f"{how} ({count(known, 'speaker')})" if known else "none named"
