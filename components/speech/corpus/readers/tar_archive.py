"""Archives as they are downloaded: refused, with the command that unpacks them."""

from __future__ import annotations

from pathlib import Path

from components.speech.corpus.readers.files import first_files
from components.speech.corpus.readers.listing import Listing

LAYOUT = "an archive (.tar, .tar.gz, .zip ...), which has to be unpacked first"
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")
COMMANDS = {**dict.fromkeys(TAR, "tar -xf {}"), ".zip": "unzip {}", ".7z": "7z x {}", ".rar": "unrar x {}"}


def matches(path: Path) -> bool:
    """Whether it is an archive, or a folder of nothing else."""
    if path.is_file():
        return _command(path) != ""
    files = first_files(path)
    return bool(files) and all(_command(file) for file in files)


def read(path: Path) -> Listing:
    """Raises ValueError with the command that unpacks it: nothing is unpacked unasked."""
    files = [path] if path.is_file() else first_files(path)
    first, more = files[0], f", and so each of {len(files)}" if len(files) > 1 else ""
    raise ValueError(
        f"{path}: expected recordings, got an archive, and nothing is unpacked "
        f"unasked. In the folder where it shall lie: {_command(first)}{more}; then give that folder."
    )


def _command(path: Path) -> str:
    """A file -> the command that unpacks it, "" for what is no archive."""
    name = path.name.lower()
    ending = next((ending for ending in COMMANDS if name.endswith(ending)), "")
    return COMMANDS[ending].format(path.resolve()) if ending else ""
