"""A named corpus -> the folder of its recordings: the given one, the environment's, else a downloaded one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from components.speech.corpus.download import Progress, RemoteArchive, download

AUDIO = frozenset((".wav", ".flac", ".opus", ".ogg", ".mp3"))
VARIABLE = "CROSSOVER_DATA"

FindRecordings = Callable[[Path], Path | None]


def find_folder(
    archive: RemoteArchive,
    find_recordings: FindRecordings,
    data: Path | None,
    cache: Path,
    progress: Progress | None,
) -> Path:
    """A corpus's archive -> the folder of its recordings.

    Raises ValueError when a given `data` lacks it, ConnectionError when it cannot be downloaded.

    Parameters
    ----------
    archive
        Name of the corpus, and where it is published.
    find_recordings
        A folder -> the one at or below it that holds the recordings, or None.
    data
        Folder that must hold them. None: CROSSOVER_DATA, and where that has no such corpus, a download.
    cache
        Where a download goes.
    progress
        Called while it is downloaded.
    """
    if data is not None:
        return _recordings(archive, find_recordings, Path(data))
    if os.environ.get(VARIABLE) and (folder := find_recordings(Path(os.environ[VARIABLE]))):
        return folder
    return _recordings(archive, find_recordings, download(archive, cache, progress))


def _recordings(archive: RemoteArchive, find_recordings: FindRecordings, folder: Path) -> Path:
    if recordings := find_recordings(folder):
        return recordings
    content = (
        "has " + ", ".join(sorted(path.name for path in folder.iterdir())[:6])
        if folder.is_dir()
        else "is missing"
    )
    raise ValueError(
        f"No recordings of {archive.name!r} in {folder} (it {content}); give --data the corpus's own folder, "
        f"or one that contains {archive.name.replace('-', '_')}/, or get it from {archive.page}."
    )
