"""TIMIT: TRAIN/DR1/FCJF0/SA1.TXT with "0 46797 She had your dark suit ...", SA1.WAV and SA1.PHN beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    count,
    first_files,
    folders_of,
    is_audio,
    lines_of,
    named_parts,
    parts_read,
    reading,
    speakers_read,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.study.checks import CheckResult

LAYOUT = 'TIMIT (SA1.TXT with "first-sample last-sample text", SA1.WAV and SA1.PHN beside)'
SPEAKER = re.compile(r"[FM][A-Z]{3}\d", re.I)  # FCJF0: a woman with the initials CJF
SAID_BY_ALL = re.compile(r"SA[12]", re.I)


def matches(path: Path) -> bool:
    """Whether .PHN, .TXT and audio of one name lie in one folder among the first files."""
    kinds: dict[str, set[str]] = {}
    for file in first_files(path):
        kinds.setdefault(_key(file), set()).add(file.suffix.lower())
    return any(
        {".phn", ".txt"} <= endings and endings - {".phn", ".txt", ".wrd"} for endings in kinds.values()
    )


def read(path: Path) -> Listing:
    """TIMIT's folder, or a part of it -> its sentences; ValueError names the .TXT that has another form."""
    files = list(walk(path))
    phones = {_key(file) for file in files if file.suffix.lower() == ".phn"}
    texts = sorted(file for file in files if file.suffix.lower() == ".txt" and _key(file) in phones)
    if not texts:
        raise ValueError(f"{path} has no .TXT with a .PHN beside it; expected {LAYOUT}.")
    audio = _audio(files)
    parts = named_parts([folders_of(file, path) for file in texts])
    recordings = [
        _listed(file, audio.get(_key(file), file.with_suffix(".WAV")), path, part)
        for file, part in zip(texts, parts, strict=True)
    ]
    speakers = [speaker for recording in recordings for speaker in recording.speakers]
    facts = reading(
        layout=LAYOUT,
        text="the .TXT without its two numbers",
        speaker=speakers_read(speakers, "the folder that holds it"),
        part=parts_read([recording.part for recording in recordings]),
    )
    return Listing(recordings, facts, _check_said_by_all(texts))


def _key(file: Path) -> str:
    """A file -> its folder and the name up to the first dot: copies have SA1.WAV.wav beside SA1.WAV."""
    return f"{file.parent}/{file.name.split('.')[0].upper()}"


def _audio(files: Iterable[Path]) -> Mapping[str, Path]:
    """Files -> audio by key; of two that with the longer name, a copy in RIFF WAV."""
    audio = sorted((file for file in files if is_audio(file)), key=lambda file: len(file.name))
    return {_key(file): file for file in audio}


def _listed(file: Path, audio: Path, root: Path, part: str) -> Listed:
    line = next((line for _, line in lines_of(file)), "")
    match = re.fullmatch(r"\d+\s+\d+\s+(.+)", line)
    if not match:
        raise ValueError(
            f'{file}, line 1: expected "first-sample last-sample text", got {line[:60]!r}; mend it.'
        )
    speaker = file.parent.name
    tags = {"gender": speaker[0].lower()} if SPEAKER.fullmatch(speaker) else {}
    relative = audio.relative_to(root).as_posix()
    return Listed(
        AudioFile(str(audio)),
        match[1],
        relative,
        f"{file}, line 1",
        speakers=(speaker,),
        part=part,
        tags=tags,
    )


def _check_said_by_all(texts: Iterable[Path]) -> list[CheckResult]:
    same = sum(SAID_BY_ALL.fullmatch(file.name.split(".")[0]) is not None for file in texts)
    if not same:
        return []
    message = (
        f"{count(same, 'recording')} are of the sentences SA1 and SA2, which every speaker says, in training "
        "and in test; it is usual to leave them out: remove them from the folder."
    )
    return [CheckResult("sentences-said-by-all", "look", message)]
