"""NIST's STM: lines "file channel speaker begin end <label> text"; audio beside, or in ../wav, ../sph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import by_stem as audio_by_stem
from components.speech.corpus.readers.files import (
    count,
    first_files,
    folders_of,
    is_kind,
    lines_of,
    named_parts,
    parts_read,
    reading,
    speakers_read,
    stem,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing

LAYOUT = (
    "STM (lines: file channel speaker begin end <label> text), audio of the file's name beside or in ../wav"
)
IGNORED = "ignore_time_segment_in_scoring"
LINE = re.compile(
    r"(?P<file>\S+)\s+(?P<channel>\S+)\s+(?P<speaker>\S+)\s+(?P<begin>[\d.]+)\s+(?P<end>[\d.]+)"
    r"(?:\s+<(?P<label>[^>]*)>)?(?:\s+(?P<text>.*))?"
)
CHANNELS = {"1": 0, "a": 0, "2": 1, "b": 1}
NOT_A_SPEAKER = ("excluded_region", "inter_segment_gap", "unknown")


@dataclass(frozen=True)
class Line:
    """One line of an STM. begin, end: seconds. channel: as written."""

    where: str
    file: str
    channel: str
    speaker: str
    begin: float
    end: float
    text: str

    @property
    def ignored(self) -> bool:
        """Whether it is not to be scored: nobody wrote down what is said there."""
        return self.text.lower() == IGNORED


def matches(path: Path) -> bool:
    """Whether it is an STM, or one is among a folder's first files."""
    return _is_stm(path) or any(_is_stm(file) for file in first_files(path))


def read(path: Path) -> Listing:
    """An STM, or a folder of them -> their segments; ValueError names the line that is none."""
    root = path if path.is_dir() else path.parent
    files = [path] if path.is_file() else sorted(file for file in walk(path) if _is_stm(file))
    if not files:
        raise ValueError(f"{path} has no .stm; expected {LAYOUT}.")
    parts = named_parts([(*folders_of(file, root), file.stem) for file in files])
    lines = [_lines(file) for file in files]
    recordings = [
        recording
        for file, own, part in zip(files, lines, parts, strict=True)
        for recording in _segments([line for line in own if not line.ignored], _audio(file), root, part)
    ]
    ignored = sum(line.ignored for own in lines for line in own)
    facts = reading(
        layout=LAYOUT,
        text="what follows the times and the <label>",
        speaker=speakers_read(
            [who for recording in recordings for who in recording.speakers], "the third column"
        ),
        part=parts_read([recording.part for recording in recordings]),
        not_read=f"{count(ignored, 'segment')} marked {IGNORED.upper()}" if ignored else "",
    )
    return Listing(recordings, facts)


def _lines(file: Path) -> list[Line]:
    return [_parse(line, f"{file}, line {number}") for number, line in lines_of(file) if line[:2] != ";;"]


def _is_stm(path: Path) -> bool:
    return path.suffix.lower() == ".stm" and path.is_file()


def _parse(line: str, where: str) -> Line:
    match = LINE.fullmatch(line)
    try:
        begin, end = (float(match["begin"]), float(match["end"])) if match else (0.0, -1.0)
    except ValueError:
        begin, end = 0.0, -1.0
    if not match or end < begin:
        raise ValueError(
            f"{where}: expected file channel speaker begin end <label> text, begin before end in seconds, "
            f"got {line[:60]!r}; mend the line, or put ;; before it to leave it out."
        )
    text = (match["text"] or "").strip()
    return Line(where, match["file"], match["channel"].lower(), match["speaker"], begin, end, text)


def _audio(file: Path) -> Mapping[str, Path]:
    """An STM -> audio by name: beside it and below, else in folders beside its own that hold audio."""
    beside = [
        folder for folder in sorted(file.parent.parent.iterdir()) if folder.is_dir() and is_kind(folder.name)
    ]
    by_stem: dict[str, Path] = {}
    for folder in (file.parent, *beside):
        by_stem = {**audio_by_stem(walk(folder)), **by_stem}
    return by_stem


def _segments(lines: Sequence[Line], audio: Mapping[str, Path], root: Path, part: str) -> list[Listed]:
    channels = defaultdict(set)
    for line in lines:
        channels[line.file].add(line.channel)
    twice = Counter((line.file, line.begin, line.end) for line in lines)
    return [_segment(line, audio, root, part, channels[line.file], twice) for line in lines]


def _segment(
    line: Line, audio: Mapping[str, Path], root: Path, part: str, channels: set[str], twice: Counter
) -> Listed:
    name = stem(Path(line.file).name)
    path = audio.get(name, audio.get(Path(name).stem, root / f"{name}.wav"))
    channel = None if channels <= {"1", "a"} else _channel(line)
    source = _source(path, line.begin, round(line.end - line.begin, 6), channel)
    shown = f"{line.file}@{line.begin:g}-{line.end:g}"
    if twice[line.file, line.begin, line.end] > 1:
        shown += f"-{line.channel}-{line.speaker}"
    named = line.speaker.lower() not in NOT_A_SPEAKER
    return Listed(source, line.text, shown, line.where, speakers=(line.speaker,) if named else (), part=part)


def _channel(line: Line) -> int:
    """The channel as written ("1", "2", "A", "B") -> its place from 0."""
    if line.channel in CHANNELS:
        return CHANNELS[line.channel]
    if line.channel.isdigit() and int(line.channel) > 0:
        return int(line.channel) - 1
    raise ValueError(f"{line.where}: expected a channel 1, 2, ... or A, B, got {line.channel!r}; mend it.")


def _source(path: Path, begin: float, seconds: float, channel: int | None) -> AudioFile:
    only = {} if channel is None else {"channel": channel}
    return AudioFile(str(path), begin, seconds, **only)
