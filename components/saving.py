"""A trained recogniser <-> a folder, without pickle: nothing in the file can run code on loading."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from components.contract import is_learned

FILE = "recogniser.skops"


def save(recogniser: BaseEstimator, folder: Path) -> Path:
    """Trained recogniser -> `folder/recogniser.skops`; returns the file."""
    import skops.io  # it looks at all of scikit-learn: seconds that only saving and loading should cost

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    skops.io.dump(recogniser, path)
    return path


def load(folder: Path, trusted: Iterable[str] = ()) -> BaseEstimator:
    """Folder -> the recogniser that was saved there.

    trusted: names of classes outside this project that the file may hold (your own stages).
    Raises ValueError if the file names any other class.
    """
    import skops.io

    path = folder / FILE
    found = skops.io.get_untrusted_types(file=path)
    foreign = [name for name in found if not _is_ours(name) and name not in set(trusted)]
    if foreign:
        raise ValueError(
            f"{path} wanted parts of this project only, got {', '.join(foreign)}; "
            "if you trust where it came from, name them in trusted=."
        )
    return skops.io.load(path, trusted=found)


def _is_ours(name: str) -> bool:
    """Whether a dotted name is a class written in this project, and not something it merely imports."""
    module, _, kind = name.rpartition(".")
    if not module.startswith("components.") or importlib.util.find_spec(module) is None:
        return False
    found = getattr(importlib.import_module(module), kind, None)
    return isinstance(found, type) and found.__module__ == module


def learned_numbers(part: Any) -> int:
    """Recogniser -> how many numbers it learned: the sizes of all arrays under its `name_` attributes."""
    if isinstance(part, np.ndarray):
        return part.size if part.dtype.kind in "fiub" else sum(map(learned_numbers, part.tolist()))
    if isinstance(part, bool | int | float | np.number):
        return 1
    if isinstance(part, dict):
        return sum(map(learned_numbers, part.values()))
    if isinstance(part, list | tuple | set):
        return sum(map(learned_numbers, part))
    if isinstance(part, BaseEstimator):
        return sum(learned_numbers(value) for value in _learned(part))
    return 0


def _learned(part: BaseEstimator) -> list[Any]:
    """What an estimator learned, and the estimators inside it that may have learned."""
    kept = part.__getstate__() if hasattr(part, "__getstate__") else vars(part)
    return [value for name, value in kept.items() if is_learned(name) or _holds_estimators(value)]


def _holds_estimators(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_estimators(item) for item in value)
    return isinstance(value, BaseEstimator)
