"""A folder a word, as torchvision and Speech Commands have it: yes/anna_1.wav, or train/yes/anna_1.wav."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    count,
    is_audio,
    is_kind,
    lines_of,
    part_of,
    parts_read,
    reading,
    speakers_read,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.study.checks import CheckResult

LAYOUT = "a folder a word (yes/1.wav, no/1.wav), in train/, dev/ and test/ or without"
NOT_WORDS = "_background_noise_"
LISTS = {"dev": "validation_list.txt", "test": "testing_list.txt"}
SPEAKER_OF_NAME = {  # how a file's name may begin with its speaker
    'the file\'s name before "_nohash_"': re.compile(r"(.+?)_nohash_"),
    'the file\'s name before the first "_"': re.compile(r"([^_]+)_"),
    'the file\'s name before the first "-"': re.compile(r"([^-]+)-"),
}
MOST = 0.8  # of the files must have a speaker who says several words
FIRST_WORD = re.compile(r"[^\W\d_]+")
COMMANDS = frozenset(  # nobody is called so
    (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "yes", "no"),
        *("up", "down", "left", "right", "on", "off", "stop", "go"),
    )
)
LIKE_AN_ID = re.compile(r"[a-z]{0,4}[-_]?\d+", re.I)


def matches(path: Path) -> bool:
    """Whether two folders or more hold audio files themselves, here or in folders of parts."""
    if not path.is_dir():
        return False
    words = {folder.name for top in _tops(path) for folder in _folders(top) if _holds_audio(folder)}
    return len(words) > 1


def read(path: Path) -> Listing:
    """A folder of words -> its recordings. ValueError where an audio file lies in no folder of a word."""
    tops = _tops(path)
    _check_beside(path, tops)
    files = [file for top in tops for file in _audio_files(top)]
    if not files:
        raise ValueError(f"{path} has no audio files; expected {LAYOUT}.")
    how, speakers = _speakers(files)
    parts = _parts(path, files, speakers)
    recordings = [
        _listed(file, path, speaker, part) for file, speaker, part in zip(files, speakers, parts, strict=True)
    ]
    facts = reading(
        layout="a folder a word",
        text='the folder\'s name, "_" read as a space',
        speaker=speakers_read(speakers, how),
        part=_parts_read(path, parts),
        not_read=_not_read(path, tops),
    )
    words = {recording.text for recording in recordings}
    return Listing(recordings, facts, [*_check_words(words), *_check_swapped(words, files)])


def _tops(path: Path) -> list[Path]:
    """The folders that hold folders of words: train/, dev/ and test/ where two are there, else the path."""
    parts = [folder for folder in _folders(path) if part_of(folder.name)]
    named = {part_of(folder.name) for folder in parts}
    nested = [folder for folder in parts if not _holds_audio(folder) and _folders(folder)]
    return parts if nested and len(nested) == len(parts) and (len(named) > 1) else [path]


def _check_beside(path: Path, tops: Sequence[Path]) -> None:
    """Raises ValueError for a folder with recordings beside those of parts, which would be lost."""
    if tops == [path]:
        return
    for folder in _folders(path):
        if folder not in tops and any(is_audio(file) for file in walk(folder)):
            names = ", ".join(top.name for top in tops)
            raise ValueError(
                f"{folder}: expected a part train, dev or test beside {names}, got a folder with recordings "
                "of "
                "another name; rename it, or move it away."
            )


def _folders(path: Path) -> list[Path]:
    with os.scandir(path) as entries:
        folders = [Path(entry.path) for entry in entries if entry.is_dir() and entry.name[0] != "."]
    return sorted(folder for folder in folders if folder.name != NOT_WORDS and not is_kind(folder.name))


def _holds_audio(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(is_audio(Path(entry.name)) for entry in entries if entry.name[0] != ".")


def _audio_files(top: Path) -> list[Path]:
    """Audio files of the folders of words in `top`; ValueError for one that lies elsewhere."""
    files = [file for file in walk(top) if is_audio(file) and NOT_WORDS not in file.relative_to(top).parts]
    for file in files:
        if file.parent.parent != top:
            raise ValueError(
                f"{file}: expected {LAYOUT}, got an audio file at another depth; move it, or write a table "
                "(CSV) with the columns path, text, speaker and give that."
            )
    return sorted(files)


def _speakers(files: Sequence[Path]) -> tuple[str, list[str]]:
    """Files -> how their names tell who speaks, and the speaker of each; "" and "" where they do not."""
    for how, pattern in SPEAKER_OF_NAME.items():
        matches = [pattern.match(file.name) for file in files]
        speakers = [match[1] if match else "" for match in matches]
        if _plausible(files, speakers):
            return how, speakers
    return "", [""] * len(files)


def _plausible(files: Sequence[Path], speakers: Sequence[str]) -> bool:
    """Whether there are several speakers, and most recordings are of one who says several words."""
    words = defaultdict(set)
    for file, speaker in zip(files, speakers, strict=True):
        words[speaker].add(file.parent.name)
    words.pop("", None)
    several = [len(words.get(speaker, ())) > 1 for speaker in speakers]
    return len(words) > 1 and sum(several) >= MOST * len(files) and not _numbered(files, speakers)


def _numbered(files: Sequence[Path], speakers: Sequence[str]) -> bool:
    """Whether what looks like speakers are numbers of takes: 001_yes, 002_yes; 001_no, 002_no."""
    once = len({(file.parent, speaker) for file, speaker in zip(files, speakers, strict=True)}) == len(files)
    return once and all(speaker.isdigit() for speaker in speakers if speaker)


def _parts(path: Path, files: Sequence[Path], speakers: Sequence[str]) -> list[str]:
    """Parts by folders of parts, else by Speech Commands' lists, else "".

    What no list names is in the part of its speaker's other recordings, so that none is on both sides.
    """
    if path not in {file.parent.parent for file in files}:
        return [part_of(file.parent.parent.name) for file in files]
    listed = _listed_parts(path)
    named = [listed.get(f"{file.parent.name}/{file.stem}", "") for file in files]
    of_speaker = {speaker: part for speaker, part in zip(speakers, named, strict=True) if speaker and part}
    parts = [part or of_speaker.get(who, "train") for part, who in zip(named, speakers, strict=True)]
    return parts if "test" in parts or "dev" in parts else [""] * len(files)


def _listed_parts(path: Path) -> Mapping[str, str]:
    """validation_list.txt and testing_list.txt -> {"word/name without ending": part}."""
    there = {part: path / name for part, name in LISTS.items() if (path / name).is_file()}
    return {line.rsplit(".", 1)[0]: part for part, file in there.items() for _, line in lines_of(file)}


def _parts_read(path: Path, parts: Sequence[str]) -> str:
    by_folders = parts_read(parts)
    lists = [name for name in LISTS.values() if (path / name).is_file()]
    return by_folders.replace("the names of folders or files", " and ".join(lists)) if lists else by_folders


def _listed(file: Path, root: Path, speaker: str, part: str) -> Listed:
    text = file.parent.name.replace("_", " ")
    speakers = (speaker,) if speaker else ()
    relative = file.relative_to(root).as_posix()
    return Listed(AudioFile(str(file)), text, relative, str(file), speakers=speakers, part=part)


def _not_read(path: Path, tops: Sequence[Path]) -> str:
    """What was passed over: background noise, other files."""
    noise = [top / NOT_WORDS for top in tops if (top / NOT_WORDS).is_dir()]
    silent = [f"{NOT_WORDS} ({count(len(list(folder.iterdir())), 'file')})" for folder in noise]
    loose = sum(
        not is_audio(file) and file.name not in LISTS.values() for file in path.iterdir() if file.is_file()
    )
    return ", ".join([*silent, *([f"{count(loose, 'file')} without sound"] if loose else [])])


def _check_words(words: set[str]) -> list[CheckResult]:
    """Stops where folders are named like speakers or classes, not like words."""
    odd = sorted(word for word in words if LIKE_AN_ID.fullmatch(word.replace(" ", "_")))
    if len(odd) <= len(words) / 2:
        return []
    message = (
        f"{len(odd)} of {len(words)} folders have the name of a number or an id, read as what is said. "
        "If they are speakers or classes, write a table (CSV) with the columns path, text, speaker."
    )
    return [CheckResult("folders-are-words", "stop", message, tuple(odd[:5]))]


def _check_swapped(words: set[str], files: Sequence[Path]) -> list[CheckResult]:
    """Stops where folders seem to be people, and what their files begin with the words: anna/yes_1.wav."""
    begins = {match[0].lower() for file in files if (match := FIRST_WORD.match(file.stem))}
    commands = begins & COMMANDS
    if 2 * len(commands) < len(begins) or not commands or 2 * len(words & COMMANDS) >= len(words):
        return []
    message = (
        f"Names of folders were read as what is said ({', '.join(sorted(words)[:3])}), and names of files "
        f"begin with words ({', '.join(sorted(commands)[:3])}): it looks as if folders were people. Then "
        "write a table (CSV) with the columns path, text, speaker."
    )
    return [CheckResult("folders-are-words", "stop", message)]
