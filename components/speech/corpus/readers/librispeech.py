"""LibriSpeech's layout: 84/121123/84-121123.trans.txt with lines "id TEXT", audio id.flac beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    by_stem,
    count,
    first_files,
    folders_of,
    lines_of,
    named_parts,
    parts_read,
    reading,
    speakers_read,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing

LAYOUT = 'LibriSpeech (*.trans.txt with lines "id TEXT", audio id.flac beside)'
ENDING = ".trans.txt"
ID = re.compile(r"([^-_]+)[-_][^-_]+[-_].+")  # speaker-chapter-utterance


def matches(path: Path) -> bool:
    """Whether a *.trans.txt is among the first files."""
    return any(file.name.endswith(ENDING) for file in first_files(path))


def read(path: Path) -> Listing:
    """A folder -> the lines of all its *.trans.txt; ValueError where there are none."""
    files = list(walk(path))
    transcripts = sorted(file for file in files if file.name.endswith(ENDING))
    if not transcripts:
        raise ValueError(f"{path} has no *{ENDING}; expected {LAYOUT}.")
    parts = named_parts([(path.name, *folders_of(file, path))[1:] for file in transcripts])
    recordings = [
        recording
        for file, part in zip(transcripts, parts, strict=True)
        for recording in _lines(file, path, part)
    ]
    speakers = [speaker for recording in recordings for speaker in recording.speakers]
    facts = reading(
        layout=LAYOUT,
        text=f"lines of {count(len(transcripts), 'file')} *{ENDING}",
        speaker=speakers_read(speakers, "the first part of each id"),
        part=parts_read([recording.part for recording in recordings]),
        not_read=_without_line(files, recordings),
    )
    return Listing(recordings, facts)


def _lines(file: Path, root: Path, part: str) -> list[Listed]:
    audio = by_stem(file.parent.iterdir())
    rows = [(number, *[*line.split(maxsplit=1), ""][:2]) for number, line in lines_of(file)]
    missing = file.parent
    return [
        _listed(name, text, audio.get(name, missing / f"{name}.flac"), f"{file}, line {number}", root, part)
        for number, name, text in rows
    ]


def _listed(name: str, text: str, audio: Path, where: str, root: Path, part: str) -> Listed:
    match = ID.fullmatch(name)
    speakers = (match[1],) if match else ()
    relative = audio.relative_to(root).as_posix()
    return Listed(AudioFile(str(audio)), text, relative, where, name=name, speakers=speakers, part=part)


def _without_line(files: Sequence[Path], recordings: Sequence[Listed]) -> str:
    lone = len(by_stem(files).keys() - {recording.name for recording in recordings})
    return f"{count(lone, 'audio file')} without a line" if lone else ""
