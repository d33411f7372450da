"""The folder that a recipe trained its model into: on disk as long as it is needed, and packed to be kept."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory


class ModelFolder:
    """A folder that goes with its owner."""

    def __init__(self) -> None:
        self._temporary = TemporaryDirectory(prefix="crossover-model-")
        self.path = Path(self._temporary.name)

    def packed(self) -> bytes:
        """All that is in it, as a tar archive; the same files give the same bytes."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for path in sorted(self.path.rglob("*")):
                tar.add(path, path.relative_to(self.path), recursive=False)
        return archive.getvalue()

    @classmethod
    def unpacked(cls, archive: bytes) -> ModelFolder:
        """What `packed` gave -> a folder with it; nothing is written outside it."""
        folder = cls()
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder.path, filter="data")
        return folder
