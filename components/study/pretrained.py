"""Trained systems that others start from: runs in the store -> files on this machine."""

from __future__ import annotations

from pathlib import Path

from components.cache import cache_folder

FOLDER = "pretrained"


def pretrained_folder(run_id: str) -> Path:
    """Id of a run in MLflow -> where the files of its trained system are kept on this machine."""
    return cache_folder() / FOLDER / run_id
