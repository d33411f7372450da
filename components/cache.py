"""The folder of what may be deleted and made anew: corpora, features, checkpoints, a server's database."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """CROSSOVER_CACHE, else the user's cache folder."""
    if folder := os.environ.get("CROSSOVER_CACHE"):
        return Path(folder)
    import pooch

    return Path(pooch.os_cache("crossover"))
