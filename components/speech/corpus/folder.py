"""Where a known corpus lies: the folder that was given, the environment's, else a downloaded one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from components.speech.corpus.download import Home, Progress, download

AUDIO = frozenset((".wav", ".flac", ".opus", ".ogg", ".mp3"))
VARIABLE = "CROSSOVER_DATA"

Inner = Callable[[Path], Path | None]


def find_folder(home: Home, inner: Inner, data: Path | None, cache: Path, progress: Progress | None) -> Path:
    """A corpus becomes the folder of its recordings.

    inner: a folder becomes the one inside it that holds the recordings, or None. `data` first; without it
    CROSSOVER_DATA; where neither is given or the latter has no such corpus, it is downloaded into the cache.
    Raises ValueError when a given `data` lacks it, ConnectionError when it cannot be downloaded.
    """
    if data is not None:
        return _inside(home, inner, Path(data))
    if os.environ.get(VARIABLE) and (found := inner(Path(os.environ[VARIABLE]))):
        return found
    return _inside(home, inner, download(home, cache, progress))


def _inside(home: Home, inner: Inner, folder: Path) -> Path:
    if found := inner(folder):
        return found
    there = (
        "has " + ", ".join(sorted(path.name for path in folder.iterdir())[:6])
        if folder.is_dir()
        else "is missing"
    )
    raise ValueError(
        f"No recordings of {home.name!r} in {folder} (it {there}); give --data the corpus's own folder, "
        f"or one that contains {home.name.replace('-', '_')}/, or get it from {home.page}."
    )
