"""Google Speech Commands: single words at 16 kHz by thousands of speakers, in its own layout and split."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from components.errors import did_you_mean
from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.download import Progress, RemoteArchive
from components.speech.corpus.folder import AUDIO, find_folder
from components.speech.corpus.manifest import Entry, Manifest
from components.speech.corpus.text import normalise

SUMMARY = "Google Speech Commands: single words, 16 kHz, any subset as speech-commands:zero,one (2.4 GB)"
ARCHIVE = RemoteArchive(
    name="speech-commands",
    url="http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
    page="https://arxiv.org/abs/1804.03209",
    sha256="af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
)
NOTICE = (
    "Google Speech Commands by Pete Warden, CC BY 4.0 (arXiv:1804.03209); takes of a speaker share a part."
)
SPEAKER = re.compile(r"[0-9a-f]{8}")  # as the corpus names its speakers
LISTS = {"dev": "validation_list.txt", "test": "testing_list.txt"}
HASHED_PER_WORD = 2**27 - 1  # the published rule's ~134 million
DEV_PERCENT = TEST_PERCENT = 10.0


def build_manifest(
    options: str, *, data: Path | None, cache: Path, seed: int = 0, progress: Progress | None = None
) -> Manifest:
    """The corpus's folder -> its manifest, an entry for each {word}/{speaker}_nohash_{take}.

    Parameters
    ----------
    options
        Words between commas; "" for all.
    data, cache, progress
        As in `find_folder`.
    seed
        Not used.
    """
    folder = find_folder(ARCHIVE, _words_folder, data, cache, progress)
    words = _select_words(options, _words(folder))
    parts, listed_words = _listed_parts(folder)
    entries = [_entry(path, parts, listed_words) for word in words for path in _files(folder / word)]
    if not all(SPEAKER.fullmatch(entry.speaker) for entry in entries):
        return _own_recordings(folder, entries, listed_words)
    notice = NOTICE + (
        " Its background noise is not used." if (folder / "_background_noise_").is_dir() else ""
    )
    if not any(entry.part == "test" for entry in entries):  # a part of the corpus, without its test speakers
        entries = [replace(entry, part="") for entry in entries]
        notice += " These words have no recording of the official test, so no split is declared."
    return Manifest("Google Speech Commands", notice, "en-us", 16000, entries)


def _own_recordings(folder: Path, entries: Sequence[Entry], listed_words: set[str]) -> Manifest:
    """Recordings of somebody else in the corpus's layout -> a manifest that does not credit the corpus."""
    notice = f"Recordings in {folder.name}, laid out as Google Speech Commands; "
    notice += "their licence is their owner's to state."
    return Manifest(
        folder.name,
        notice,
        "en-us",
        16000,
        [entry if listed_words else replace(entry, part="") for entry in entries],
    )


def hashed_part(speaker: str) -> str:
    """A speaker -> "train", "dev" or "test" by the corpus's own rule (Warden, 2018): 80/10/10 %."""
    hashed = int(hashlib.sha1(speaker.encode()).hexdigest(), 16) % (HASHED_PER_WORD + 1)
    percent = hashed * (100.0 / HASHED_PER_WORD)
    if percent < DEV_PERCENT:
        return "dev"
    return "test" if percent < DEV_PERCENT + TEST_PERCENT else "train"


def _words_folder(folder: Path) -> Path | None:
    """The folder with one folder for each word at or below a given one, None when there is none."""
    for inner in (folder, folder / "speech_commands", folder / "speech-commands"):
        if (inner / LISTS["test"]).is_file() or (inner.is_dir() and any(inner.glob("*/*_nohash_*"))):
            return inner
    return None


def _words(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "_.")


def _select_words(options: str, vocabulary: Sequence[str]) -> Sequence[str]:
    """Words between commas -> a sorted list, all there are for none; ValueError for an unknown one."""
    words = [word for word in options.split(",") if word]
    for word in words:
        if word not in vocabulary:
            hint = did_you_mean(word, vocabulary) or f"it has {', '.join(vocabulary)}."
            raise ValueError(f"speech-commands has no word {word!r} here; {hint}")
    return sorted(set(words)) or vocabulary


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in AUDIO)


def _listed_parts(folder: Path) -> tuple[dict[str, str], set[str]]:
    """The corpus's lists -> {"word/take": part}, and the words with a test in them: for these they decide."""
    parts = {}
    for part, name in LISTS.items():
        lines = (folder / name).read_text().split() if (folder / name).is_file() else []
        parts |= {line.rsplit(".", 1)[0]: part for line in lines}
    return parts, {name.split("/")[0] for name, part in parts.items() if part == "test"}


def _entry(path: Path, parts: dict[str, str], listed_words: set[str]) -> Entry:
    word, name = path.parent.name, f"{path.parent.name}/{path.stem}"
    speaker = re.sub(r"_nohash_.*$", "", path.stem)
    part = parts.get(name, "train") if word in listed_words else hashed_part(speaker)
    return Entry(name, speaker, normalise(word), part, AudioFile(str(path)))
