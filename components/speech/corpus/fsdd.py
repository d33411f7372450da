"""The Free Spoken Digit Dataset: 3,000 English digits by 6 speakers at 8 kHz, official split by index."""

from __future__ import annotations

import re
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.download import Progress, RemoteArchive
from components.speech.corpus.folder import AUDIO, find_folder
from components.speech.corpus.manifest import Entry, Manifest

SUMMARY = "Free Spoken Digit Dataset: 3,000 English digits, 6 speakers, 8 kHz (19 MB)"
ARCHIVE = RemoteArchive(
    name="fsdd",
    url="https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.tar.gz",
    page="https://github.com/Jakobovski/free-spoken-digit-dataset",
)
NOTICE = (
    "Free Spoken Digit Dataset by Zohar Jackson and contributors, CC BY-SA 4.0; in its official split every "
    "speaker is in both parts (leave one speaker out for new voices)."
)
SPEAKERS = frozenset(("george", "jackson", "lucas", "nicolas", "theo", "yweweler"))
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NAME = re.compile(r"(?P<digit>\d)_(?P<speaker>[A-Za-z]+)_(?P<index>\d+)")
TEST_INDICES = range(5)  # of each speaker's takes of a digit; the corpus's own rule


def build_manifest(
    options: str, *, data: Path | None, cache: Path, seed: int = 0, progress: Progress | None = None
) -> Manifest:
    """The corpus's folder -> its manifest, an entry for each {digit}_{speaker}_{index}.{wav,flac,opus}.

    Parameters
    ----------
    options
        Must be empty.
    data, cache, progress
        As in `find_folder`.
    seed
        Not used.
    """
    if options:
        raise ValueError(f"fsdd takes nothing after the colon, got {options!r}; ask for 'fsdd'.")
    folder = find_folder(ARCHIVE, _recordings, data, cache, progress)
    entries = [
        _entry(path)
        for path in sorted(folder.iterdir())
        if path.suffix in AUDIO and NAME.fullmatch(path.stem)
    ]
    if strangers := sorted({entry.speaker for entry in entries} - SPEAKERS):
        others = ", ".join(strangers)
        notice = (
            f"Digits in {folder.name}, named as in the Free Spoken Digit Dataset but by {others} as well; "
        )
        notice += "their licence is their owner's to state."
        return Manifest(folder.name, notice, "en-us", 8000, entries, published=False)
    return Manifest("Free Spoken Digit Dataset", NOTICE, "en-us", 8000, entries)


def _recordings(folder: Path) -> Path | None:
    """The folder with the recordings at or below a given one, None when there is none."""
    for inner in (folder, folder / "recordings", folder / "fsdd", folder / "fsdd" / "recordings"):
        if inner.is_dir() and any(NAME.fullmatch(path.stem) for path in inner.glob("[0-9]_*")):
            return inner
    return None


def _entry(path: Path) -> Entry:
    digit, speaker, index = NAME.fullmatch(path.stem).groups()
    part = "test" if int(index) in TEST_INDICES else "train"
    return Entry(path.stem, speaker, WORDS[int(digit)], part, AudioFile(str(path)))
