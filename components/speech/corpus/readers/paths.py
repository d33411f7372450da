"""A recording's path as a manifest writes it -> the file that is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.manifest import AudioSource, UnreadableSource

VARIABLE = re.compile(r"^(?:\{\w+\}|\$\w+|\$\{\w+\})/")  # SpeechBrain's {data_root}/
LONGEST = 1000  # characters that are shown of a path; more are something else
ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True)
class MissingFile(UnreadableSource):
    """A file that is not where its path leads.

    path: as written. folder: from which it starts. start, seconds, channel: as in AudioFile.
    """

    path: str
    folder: Path
    start: float = 0.0
    seconds: float | None = None
    channel: int | None = None

    def at(self, file: Path) -> AudioFile:
        """The same segment of another file."""
        return AudioFile(str(file), self.start, self.seconds, self.channel)


def audio_segment(
    path: str, folder: Path, start: float = 0.0, seconds: float | None = None, channel: int | None = None
) -> AudioSource:
    """A path in a manifest of `folder`, and the segment in seconds (None: to its end) -> its source."""
    file = resolve_path(path, folder)
    if file is None:
        why = _why_missing(path, folder)
        address = ADDRESS.match(path) and not path.lower().startswith("file:")
        return UnreadableSource(why) if address else MissingFile(why, path, folder, start, seconds, channel)
    return AudioFile(str(file), start, seconds, channel)


def resolve_path(path: str, folder: Path) -> Path | None:
    """A path in a manifest of `folder` -> the file there or in clips/ of it; None if there is none.

    Never from the working folder, where other recordings may have the same names. Backslashes, the other
    Unicode form of the same name, quotation marks around it, file:// and %20 are understood.
    """
    for spelling in _spellings(path):
        for candidate in (folder / spelling, folder / "clips" / spelling):
            if is_file(candidate):
                return candidate
    return None


def is_file(path: Path) -> bool:
    """Whether there is a file; False too for a path that no file can have, as a transcript in its place."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _spellings(path: str) -> Iterator[str]:
    yield path
    if path.lower().startswith("file://"):
        path = unquote(path[len("file://") :].removeprefix("localhost"))
        yield path
    if len(path) > 2 and path[0] == path[-1] and path[0] in "\"'":
        path = path[1:-1]
        yield path
    if VARIABLE.match(path):
        path = VARIABLE.sub("", path)
        yield path
    if "\\" in path:
        path = path.replace("\\", "/")
        yield path
    if ESCAPED.search(path):
        path = unquote(path)
        yield path
    if not path.isascii():
        yield unicodedata.normalize("NFD", path)
        yield unicodedata.normalize("NFC", path)


def plain_path(path: str) -> str:
    """A path as written -> the plainest spelling of it: slashes, no file://, no quotation marks, NFC."""
    return list(_spellings(path))[-1]


def _why_missing(path: str, folder: Path) -> str:
    """A path without a file -> the reason to set it aside, with the way out where one is known."""
    if ADDRESS.match(path) and not path.lower().startswith("file:"):
        return f"an address, not a file: {path}; download it first"
    missing = missing_at(path, folder)
    if _is_folder(folder / path):
        return f"{missing}; it is a folder"
    if target := _link(folder / path):
        return f"{missing}; it is a link to {target}, which is not there"
    if near := _near_name(folder / path) or _near_name(folder / "clips" / path):
        return f"{missing}; there is {near!r}"
    if above := next((top for top in list(folder.parents)[:3] if path and is_file(top / path)), None):
        return f"{missing}; it is in {above}, from where no paths are counted: put the manifest there"
    return missing


def missing_at(path: str, folder: Path) -> str:
    """A path in a manifest of `folder` -> the reason to set it aside, if nothing more is known."""
    if len(path) > LONGEST:
        return f"no such file: {path[:40]!r} and so on, of {len(path):,} characters"
    return f"no such file: {folder / path}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _link(path: Path) -> str:
    """A path -> where the symbolic link there leads, "" if there is none."""
    try:
        return str(path.readlink())
    except (OSError, ValueError):
        return ""


def _near_name(path: Path) -> str:
    """The name of a file beside the missing one that differs in case or ending only, "" if there is none."""
    folder, stem = path.parent, path.name.casefold()
    for name in (stem, *(stem + ending for ending in (".wav", ".flac", ".mp3"))):
        for known in _names(str(folder)).get(name, ()):
            return known
    return ""


@lru_cache(maxsize=64)
def _names(folder: str) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    with suppress(OSError, ValueError):
        for file in Path(folder).iterdir():
            names.setdefault(file.name.casefold(), []).append(file.name)
    return names
