"""Removing a folder that others may still be writing to."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder and all in it, after giving it another name: who still writes there finds it gone."""
    renamed = folder.with_name(f"{folder.name}-removed")
    with suppress(OSError):  # it is gone already
        folder.rename(renamed)
    shutil.rmtree(renamed, ignore_errors=True)
