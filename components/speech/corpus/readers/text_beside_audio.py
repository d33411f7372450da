"""A text file for each audio file, of the same name: beside it (a.wav, a.txt), or in txt/ as that in wav/."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    count,
    first_files,
    folders_of,
    is_audio,
    is_kind,
    named_parts,
    parts_read,
    read_text,
    reading,
    speaker_folders,
    speakers_read,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.study.checks import CheckResult

LAYOUT = "a text file (.txt, .lab) of the same name for each audio file, beside it or in txt/ as that in wav/"
ENDINGS = (".normalized.txt", ".txt", ".lab", ".wav.trn")  # LibriTTS has the first, THCHS-30 the last
ALIGNMENT = re.compile(r"\s*\d+(\.\d+)?\s+\d+(\.\d+)?\s+\S+\s*$")  # a line of HTS's or Festvox's .lab
ORIGINAL = ".original.txt"  # LibriTTS has it beside the normalised text
MICROPHONE = re.compile(r"_mic(\d)$")  # VCTK 0.92: one utterance, two microphones

Key = tuple[str, ...]


def matches(path: Path) -> bool:
    """Whether at least half of the first audio files have a text file of their name."""
    files = first_files(path)
    texts = _texts(files, path)
    audio = [file for file in files if is_audio(file)]
    return bool(texts) and 2 * sum(_key(file, path) in texts for file in audio) >= len(audio) > 0


def read(path: Path) -> Listing:
    """A folder -> its audio files, each with the text of its name's text file, "" where there is none."""
    files = list(walk(path))
    texts = _texts(files, path)
    audio = sorted(file for file in files if is_audio(file) and not _other_microphone(file))
    if not audio:
        raise ValueError(f"{path} has no audio files; expected {LAYOUT}.")
    folders = [folders_of(file, path) for file in audio]
    parts = named_parts(folders)
    speakers = speaker_folders(folders, parts)
    recordings = [
        _listed(file, path, texts, speaker, part)
        for file, speaker, part in zip(audio, speakers, parts, strict=True)
    ]
    lone = sorted(texts.keys() - {_key(file, path) for file in audio})
    facts = reading(
        layout="a text file for each audio file",
        text=f"the {_endings(texts)} of the audio file's name",
        speaker=speakers_read(speakers, "the outermost folder that differs"),
        part=parts_read(parts),
        not_read=_not_read(files, len(lone)),
    )
    return Listing(recordings, facts, _check_lone([texts[key] for key in lone], path))


def _texts(files: Sequence[Path], root: Path) -> dict[Key, Path]:
    """Files -> text files by key; of two with one key, that whose ending comes first in ENDINGS."""
    with_ending = [(_ending(file), file) for file in files if _ending(file)]
    texts: dict[Key, Path] = {}
    for ending, file in sorted(with_ending, key=lambda pair: ENDINGS.index(pair[0])):
        texts.setdefault(_key(file, root, ending), file)
    return texts


def _ending(file: Path) -> str:
    """A file -> the first of ENDINGS that its name has, "" for what is no transcript."""
    name = file.name.lower()
    if name.endswith(ORIGINAL):
        return ""
    return next((ending for ending in ENDINGS if name.endswith(ending)), "")


def _key(file: Path, root: Path, ending: str = "") -> Key:
    """A file -> its folders, without wav/ or txt/, and its name without ending: what both files share."""
    name = file.name[: -len(ending)] if ending else MICROPHONE.sub("", file.stem)
    return (*(folder for folder in folders_of(file, root) if not is_kind(folder)), name)


def _other_microphone(file: Path) -> bool:
    """Whether it is the second microphone's recording of an utterance whose first is there."""
    match = MICROPHONE.search(file.stem)
    return bool(match and match[1] != "1" and (file.with_name(file.name.replace(match[0], "_mic1"))).exists())


def _listed(file: Path, root: Path, texts: Mapping[Key, Path], speaker: str, part: str) -> Listed:
    beside = texts.get(_key(file, root))
    text = _transcript(beside) if beside else ""
    speakers = (speaker,) if speaker else ()
    relative = file.relative_to(root).as_posix()
    return Listed(AudioFile(str(file)), text, relative, str(beside or file), speakers=speakers, part=part)


def _transcript(file: Path) -> str:
    """A text file -> its lines as one; of a .trn the first: the others are its syllables and phones."""
    lines = read_text(file).split("\n")
    if ALIGNMENT.match(lines[0]):
        raise ValueError(
            f"{file}, line 1: expected a transcript, got times and a label ({lines[0].strip()[:40]!r}): an "
            "alignment; move these files away, or write a table (CSV) with the columns path, text, speaker."
        )
    return " ".join(" ".join(lines[:1] if file.suffix == ".trn" else lines).split())


def _endings(texts: Mapping[Key, Path]) -> str:
    return ", ".join(sorted({_ending(file) for file in texts.values()})) or "text file"


def _not_read(files: Sequence[Path], lone: int) -> str:
    seconds = sum(is_audio(file) and _other_microphone(file) for file in files)
    return ", ".join(
        ([f"{count(lone, 'text file')} without audio"] if lone else [])
        + ([f"{count(seconds, 'recording')} by a second microphone"] if seconds else [])
    )


def _check_lone(lone: Sequence[Path], root: Path) -> list[CheckResult]:
    if not lone:
        return []
    message = (
        f"{count(len(lone), 'text file')} without an audio file of the same name; nothing was made of "
        "them. If they are transcripts, look for their recordings."
    )
    examples = tuple(file.relative_to(root).as_posix() for file in lone[:5])
    return [CheckResult("texts-without-audio", "look", message, examples)]
