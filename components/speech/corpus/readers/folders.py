"""Which reader reads a folder: the most specific of those that recognise what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from components.speech.corpus.readers import (
    filelist,
    hugging_face,
    json_beside_audio,
    librispeech,
    prompts,
    stm,
    tar_archive,
    text_beside_audio,
    text_grid,
    timit,
    word_folders,
)
from components.speech.corpus.readers.listing import Listing


class Reader(Protocol):
    """A module that recognises a layout and reads it."""

    LAYOUT: str

    def matches(self, path: Path) -> bool:
        """Whether this reader is for what lies there, by names of files and the first lines of a few."""
        ...

    def read(self, path: Path) -> Listing:
        """What lies there -> its recordings; ValueError says with file and line what cannot be read."""
        ...


READERS_OF_FOLDERS: Sequence[Reader] = (
    tar_archive,
    hugging_face,
    stm,
    librispeech,
    timit,
    prompts,
    text_beside_audio,
    json_beside_audio,
    text_grid,
    filelist,
    word_folders,
)


def reader_of(path: Path) -> Reader | None:
    """A folder, or a file that is no table -> the reader that recognises it, None if none does."""
    return next((reader for reader in READERS_OF_FOLDERS if reader.matches(path)), None)


def layouts() -> str:
    """All layouts, for messages: "a folder a word ...; LibriSpeech ..."."""
    return "; ".join(reader.LAYOUT for reader in READERS_OF_FOLDERS)
