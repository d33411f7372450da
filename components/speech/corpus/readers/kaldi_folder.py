"""A Kaldi data folder (wav.scp, text, and segments, utt2spk and others if there are any) -> a listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile, channels_of
from components.speech.corpus.manifest import AudioSource, UnreadableSource
from components.speech.corpus.readers.encoding import read_text, split_lines
from components.speech.corpus.readers.kaldi_commands import audio_of, command_check
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.paths import audio_segment, is_file

SUMMARY = "a Kaldi folder"
TO_ITS_END = -1.0
FILES = ("wav.scp", "text", "segments", "utt2spk")  # that may be given in place of their folder
FURTHER = ("spk2", "utt2")
OWN = ("spk2gender", "spk2utt", "utt2spk", "utt2lang", "utt2dur", "utt2num_frames")  # of them, read as such
CHANNELS = {"a": 0, "b": 1, "1": 0, "2": 1}
Lines = Mapping[str, tuple[int, str]]  # id -> number of its line, what follows


def matches(path: Path) -> bool:
    """Whether a path is a folder with wav.scp, or with files that lie beside one in Kaldi's recipes."""
    there = {name for name in ("wav.scp", "feats.scp", "utt2spk", "text") if is_file(path / name)}
    return bool(there & {"wav.scp", "feats.scp"}) or there >= {"utt2spk", "text"}


def read(folder: Path, part: str = "") -> Listing:
    """A folder with wav.scp and text, the other files if there are any -> its listing, all in `part`.

    Paths start from the folder, and where it lies in data/, as in Kaldi's recipes, from the folder of that.
    Raises ValueError with file and line for a line of segments that is none, and without wav.scp.
    """
    wavs, texts = _lines(_recordings(folder)), _lines(_required(folder / "text"))
    speakers = _lines(folder / "utt2spk") or _by_utterance(_lines(folder / "spk2utt"))
    languages = _lines(folder / "utt2lang")
    genders = _lines(folder / "spk2gender")
    further = _further(folder)
    segments, channels = _lines(folder / "segments"), _lines(folder / "reco2file_and_channel")
    recordings = []
    for name in segments or wavs:
        speaker = _value(speakers, name)
        gender = _value(genders, speaker)
        source = _segment(name, segments, wavs, folder) if segments else _audio(wavs[name][1], folder)
        source = _with_channel(source, channels, segments[name][1].split()[0] if segments else name)
        recordings.append(
            Listed(
                source=source,
                text=_value(texts, name),
                path=name,
                where=f"text, line {texts[name][0]}" if name in texts else "no line in text",
                name=name,
                speakers=(speaker,) if speaker else (),
                part=part,
                language=_value(languages, name),
                tags={"gender": gender} if gender else {},
                labels=_labels(further, name, speaker),
            )
        )
    return Listing(recordings, _reading(folder, texts, segments or wavs), command_check(wavs))


def _further(folder: Path) -> dict[str, Lines]:
    """A folder -> its files that say more of a speaker or an utterance, such as spk2age and utt2accent."""
    found = [file for start in FURTHER for file in sorted(folder.glob(f"{start}*"))]
    files = [file for file in found if file.name not in OWN and not file.suffix]
    return {file.name: _lines(file) for file in files}


def _labels(further: Mapping[str, Lines], name: str, speaker: str) -> dict[str, str]:
    """Those files, an utterance and its speaker -> what they say of them: {"age": "37"}."""
    ids = {file: speaker if file.startswith(FURTHER[0]) else name for file in further}
    texts = {file.partition("2")[2]: _value(further[file], key) for file, key in ids.items()}
    return {label: text for label, text in texts.items() if text}


def _recordings(folder: Path) -> Path:
    """A folder -> its wav.scp; ValueError where it has features alone, or nothing to hear."""
    if (folder / "wav.scp").is_file():
        return folder / "wav.scp"
    got = "feats.scp, whose features are no recordings" if (folder / "feats.scp").is_file() else "none"
    raise ValueError(
        f"{folder}: expected wav.scp, a line 'ID PATH' for each recording, got {got}; give the folder from "
        "which it was made, or write wav.scp into it."
    )


def _required(file: Path) -> Path:
    if not file.is_file():
        raise ValueError(
            f"{file.parent} has wav.scp and no file {file.name}; write one, a line 'ID WORDS ...' for each."
        )
    return file


def _lines(file: Path) -> Lines:
    """A file of Kaldi's -> what follows each id, split at any white space; nothing if it is not there."""
    if not file.is_file():
        return {}
    lines: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(split_lines(read_text(file)), start=1):
        name, _, rest = line.strip().replace("\t", " ", 1).partition(" ")
        if name and lines.setdefault(name, (number, rest.strip()))[0] != number:
            raise ValueError(
                f"{file}, line {number}: expected every id once, got {name!r} as in line {lines[name][0]}; "
                "take one of them out."
            )
    return lines


def _by_utterance(speakers: Lines) -> Lines:
    """Lines of spk2utt -> those of utt2spk."""
    return {name: (number, who) for who, (number, names) in speakers.items() for name in names.split()}


def _with_channel(source: AudioSource, channels: Lines, recording: str) -> AudioSource:
    """A source -> the channel of it that reco2file_and_channel names, where its file has several."""
    named = _value(channels, recording).split()[-1:]
    if not named or not isinstance(source, AudioFile) or source.channel is not None:
        return source
    channel = CHANNELS.get(named[0].lower())
    if channel is None:
        return UnreadableSource(f"reco2file_and_channel names a channel {named[0]!r}, expected A, B, 1 or 2")
    return replace(source, channel=channel) if channels_of(source.path) > 1 else source


def _value(lines: Lines, name: str) -> str:
    return lines[name][1] if name in lines else ""


def _segment(name: str, segments: Lines, wavs: Lines, folder: Path) -> AudioSource:
    """A line of segments (recording, start, end, perhaps a channel; end -1: to its end) -> its source."""
    number, line = segments[name]
    recording, start, end, channel = _fields(line.split(), f"{folder / 'segments'}, line {number}")
    if recording not in wavs:
        return UnreadableSource(f"wav.scp has no recording {recording!r}")
    try:
        first, last, which = float(start), float(end), int(channel) if channel else None
    except ValueError:
        return UnreadableSource(f"segments, line {number}: {line!r} is not start and end in seconds")
    seconds = None if last == TO_ITS_END else last - first
    return _audio(wavs[recording][1], folder, first, seconds, which)


def _fields(fields: Sequence[str], where: str) -> Sequence[str]:
    if len(fields) not in (3, 4):
        raise ValueError(
            f"{where}: expected a recording, start and end, and perhaps a channel behind the id, got "
            f"{' '.join(fields)!r}; mend the line."
        )
    return [*fields, ""][:4]


def _audio(
    wav: str, folder: Path, start: float = 0.0, seconds: float | None = None, channel: int | None = None
) -> AudioSource:
    """What wav.scp says of a recording -> its source."""
    if wav.endswith("|"):
        named = audio_of(wav)
        if named is None or channel is not None:
            return UnreadableSource("a command in wav.scp: commands are not run, write its output to a file")
        wav, channel = named
    path, _, offset = wav.rpartition(":")
    if path.endswith(".ark") and offset.isdigit():
        return UnreadableSource("a place in a Kaldi archive (.ark); write files with Kaldi's wav-copy")
    return audio_segment(wav, _root(wav, folder), start, seconds, channel)


def _root(wav: str, folder: Path) -> Path:
    """The folder from which a path of wav.scp starts: its own, or that of the recipe (above data/)."""
    recipe = next((above.parent for above in folder.resolve().parents if above.name == "data"), None)
    there = recipe is not None and (is_file(recipe / wav) or Path(wav).is_absolute())
    return recipe if recipe and there and not is_file(folder / wav) else folder


def _reading(folder: Path, texts: Lines, recordings: Lines) -> dict[str, str]:
    """What was read of the folder, and how many texts have no recording."""
    known = ("wav.scp", "text", "segments", "reco2file_and_channel", "utt2spk", "spk2gender", "utt2lang")
    known += () if (folder / "utt2spk").is_file() else ("spk2utt",)
    known += tuple(_further(folder))
    reading = {"files read": ", ".join(name for name in known if (folder / name).is_file())}
    lone = [name for name in texts if name not in recordings]
    if lone:
        reading["texts without a recording"] = f"{len(lone)} (first {lone[0]})"
    return reading
