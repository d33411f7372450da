"""Recordings that are not where a manifest says: found again below its folder, where nothing is ambiguous."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import is_audio, stem, walk
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.paths import MissingFile, is_file, missing_at, plain_path
from components.study.checks import CheckResult

MOST_FILES = 200_000  # below a folder; of more no index is made
FOLDERS_ABOVE = 2  # in which a missing file is looked for, to say where it is
ENOUGH = 0.5  # of the missing files are found by the ends of their paths: the rest is lost
Found = dict[str, Path]  # path as written -> file


@dataclass(frozen=True)
class _Index:
    """Audio files below a folder, by path without regard to case (with and without ending), and by name."""

    by_path: Mapping[str, Sequence[Path]]
    by_name: Mapping[str, Sequence[Path]]


def find_moved(listing: Listing) -> Listing:
    """A listing -> the same, with files that lie elsewhere below its folder, and a result that says so.

    Only where no recording is where its path leads: each is then looked for in other letters or with
    another ending, by the end of its path, and by its name; what could be two files is not taken.
    """
    missing = {id(one): one.source for one in listing.recordings if isinstance(one.source, MissingFile)}
    if not missing:
        return listing
    sources = list(missing.values())
    index = _index(sources[0].folder)
    found = {} if _any_there(listing.recordings) else _found(sources, index)
    if not found:
        return replace(listing, recordings=[_with_hint(one, index) for one in listing.recordings])
    recordings = [_moved(one, found) for one in listing.recordings]
    return replace(listing, recordings=recordings, checks=[*listing.checks, _check(found, sources)])


def _any_there(recordings: Sequence[Listed]) -> bool:
    return any(isinstance(recording.source, AudioFile) for recording in recordings)


def _moved(recording: Listed, found: Found) -> Listed:
    source = recording.source
    if isinstance(source, MissingFile) and source.path in found:
        return replace(recording, source=source.at(found[source.path]))
    return recording


def _found(missing: Sequence[MissingFile], index: _Index) -> Found:
    """Missing files -> where they are, by the first way that finds enough and none twice."""
    paths = list(dict.fromkeys(source.path for source in missing))
    folder = missing[0].folder
    for way, share in ((_in_place, ENOUGH), (_by_end, ENOUGH), (_by_name, 1.0)):
        found = way(paths, folder, index)
        if len(found) >= share * len(paths) and len(set(found.values())) == len(found) > 0:
            return found
    return {}


def _in_place(paths: Sequence[str], folder: Path, index: _Index) -> Found:
    """In the same place, in other letters or with another ending."""
    return _each(paths, lambda path: _only(index.by_path, _below(path, folder)))


def _by_end(paths: Sequence[str], folder: Path, index: _Index) -> Found:
    """By the last folders and the name, where one beginning is taken off all paths: that of a machine."""
    found: Found = {}
    beginnings = set()
    for path in paths:
        for beginning, end in _ends(_below(path, folder)):
            if file := _only(index.by_path, end):
                found[path] = file
                beginnings.add(beginning)
                break
    return found if len(beginnings) == 1 else {}


def _ends(path: str) -> Iterator[tuple[str, str]]:
    """/home/ann/wavs/a.wav -> its beginnings and ends, the longest end first, each with a folder in it."""
    parts = path.split("/")
    for cut in range(1, len(parts) - 1):
        yield "/".join(parts[:cut]), "/".join(parts[cut:])


def _by_name(paths: Sequence[str], folder: Path, index: _Index) -> Found:
    """By the name alone, in whatever folder."""
    return _each(paths, lambda path: _only(index.by_name, PurePosixPath(_below(path, folder)).name))


def _each(paths: Sequence[str], look: Callable[[str], Path | None]) -> Found:
    files = {path: look(path) for path in paths}
    return {path: file for path, file in files.items() if file}


def _only(index: Mapping[str, Sequence[Path]], path: str) -> Path | None:
    """The only file of a path, else of the path with another ending; None if there is none, or several."""
    key = _key(path)
    files = index.get(key) or index.get(stem(key), ())
    return files[0] if len(files) == 1 else None


def _below(path: str, folder: Path) -> str:
    """A path as written -> its plainest spelling, from the folder where it lies in it."""
    plain = plain_path(path)
    start = f"{folder.as_posix()}/"
    return plain.removeprefix(start).removeprefix("./")


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _index(folder: Path) -> _Index:
    """A folder -> its index; an empty one of more files than MOST_FILES, or where it cannot be looked at."""
    by_path: dict[str, list[Path]] = defaultdict(list)
    by_name: dict[str, list[Path]] = defaultdict(list)
    with suppress(OSError):
        files = list(islice(walk(folder), MOST_FILES + 1))
        for file in filter(is_audio, files if len(files) <= MOST_FILES else ()):
            for known, key in ((by_path, file.relative_to(folder).as_posix()), (by_name, file.name)):
                for name in (_key(key), stem(_key(key))):
                    known[name].append(file)
    return _Index(by_path, by_name)


def _with_hint(recording: Listed, index: _Index) -> Listed:
    """A recording that is missing -> the same, whose reason says where files of its name lie."""
    source = recording.source
    if not isinstance(source, MissingFile) or source.reason != missing_at(source.path, source.folder):
        return recording
    if above := _above(source):
        return replace(recording, source=replace(source, reason=f"{source.reason}; {above}"))
    name = _key(PurePosixPath(plain_path(source.path)).name)
    files = index.by_name.get(name) or index.by_name.get(stem(name), ()) if name else ()
    places = [file.relative_to(source.folder).as_posix() for file in files[:2]]
    if not places:
        return recording
    reason = f"{source.reason}; of the same name there is {' and '.join(places)}"
    return replace(recording, source=replace(source, reason=reason))


def _above(missing: MissingFile) -> str:
    """A missing file -> where it lies above the folder of its manifest, by the end of its path, "" if not."""
    ends = [end for _, end in _ends(plain_path(missing.path))]
    for top in list(missing.folder.parents)[:FOLDERS_ABOVE]:
        if end := next((end for end in ends if is_file(top / end)), ""):
            return f"there is {top / end}: put the manifest into {top}"
    return ""


def _check(found: Found, missing: Sequence[MissingFile]) -> CheckResult:
    folder, total = missing[0].folder, len({source.path for source in missing})
    shown = [f"{path} -> {file.relative_to(folder).as_posix()}" for path, file in list(found.items())[:3]]
    message = (
        f"No recording is where its path leads; {len(found):,} of {total:,} were found elsewhere in "
        f"{folder}, each the only one of its name there, and read. If they are other recordings, mend the "
        "paths."
    )
    return CheckResult("paths", "look", message, tuple(shown))
