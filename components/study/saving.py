"""A trained system <-> a folder, without pickle: nothing in its files can run code on loading."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from components.contract import is_learned
from components.migrate import migrated_skops
from components.study.estimators import is_estimator
from components.study.trust import trusted_everywhere, untrusted_types

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

FILE = "recogniser.skops"
WEIGHTS = "weights.safetensors"
OF_TRAINING = ("_optimizer", "_best_coefs", "_best_intercepts")  # what scikit-learn's networks need no more


def save(system: BaseEstimator, folder: Path) -> list[Path]:
    """Trained system -> its files in the folder: `recogniser.skops`, and a network's weights beside it.

    A network is a system whose `weights_` are named arrays. They go to `weights.safetensors`, which the
    safetensors library alone can read, and their name stands in their place.
    """
    import skops.io  # it looks at all of scikit-learn: seconds that only saving and loading should cost
    from safetensors.numpy import save as packed

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / FILE]
    if _is_network(system):
        files.append(folder / WEIGHTS)
        files[-1].write_bytes(packed(system.weights_))  # its save_file would keep them from other users
        system = copy(system)
        system.weights_ = WEIGHTS
    skops.io.dump(system, files[0])
    return files


def check_saved(owner: Any, path: str) -> None:
    """Raises ValueError where a part was given the path of a saved recogniser at which there is no file."""
    if path and not Path(path).is_file():
        raise ValueError(
            f"{type(owner).__name__} expected a trained recogniser in {path}, got no file; correct its path."
        )


def check_source(owner: Any, path: str) -> None:
    """Raises ValueError where a part that starts from a saved recogniser has none, or no file is there."""
    if not path:
        raise ValueError(
            f"{type(owner).__name__} expected a source to start from, got none; give a study --source "
            "CORPUS, or the file of a trained recogniser, recogniser.skops."
        )
    check_saved(owner, path)


def files_of(path: Path) -> list[Path]:
    """The file of a saved recogniser -> that file, and its network's weights if it has any."""
    weights = path.with_name(WEIGHTS)
    return [path, weights] if weights.exists() else [path]


def load(folder: Path, trusted: Iterable[str] = ()) -> BaseEstimator:
    """Folder -> the system that was saved there.

    trusted: names of classes or modules outside this project that the file may hold, see study.trust. What an
    earlier version saved is read as well, see components.migrate.
    Raises ValueError if the file names any other class, or the weights are not beside it.
    """
    import skops.io

    path = folder / FILE
    data = migrated_skops(path)
    if foreign := ",".join(untrusted_types(data, [*trusted, *trusted_everywhere()])):
        raise ValueError(
            f"{path} expected parts of this project and simple ones of scikit-learn, got {foreign}; if you "
            f"trust where it came from, name them: --trust {foreign}, or trusted= in Python."
        )
    system = skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
    if getattr(system, "weights_", None) == WEIGHTS:
        system.weights_ = _read_weights(folder / WEIGHTS)
    return system


def _is_network(system: BaseEstimator) -> bool:
    weights = getattr(system, "weights_", None)
    return isinstance(weights, dict) and all(isinstance(array, np.ndarray) for array in weights.values())


def _read_weights(path: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise ValueError(
            f"{path.parent / FILE} expected the network's weights in {WEIGHTS} beside it, got: {error}; "
            "copy the whole folder of the system."
        ) from error


def learned_numbers(part: Any) -> int:
    """System -> how many numbers it learned: the sizes of all arrays under its `name_` attributes.

    Of objects that libraries keep there, such as the trees of scikit-learn, all arrays that are saved.
    """
    if isinstance(part, np.ndarray):
        return _numbers_in(part)
    if isinstance(part, bool | int | float | np.number):
        return 1
    if isinstance(part, dict):
        return sum(map(learned_numbers, part.values()))
    if isinstance(part, list | tuple | set):
        return sum(map(learned_numbers, part))
    if is_estimator(part):
        return sum(learned_numbers(value) for value in _learned(part))
    return sum(map(learned_numbers, _arrays_of(part)))


def _numbers_in(array: np.ndarray) -> int:
    """An array -> its numbers; those of the rows of a table are its fields."""
    if array.dtype.names:
        return array.size * len(array.dtype.names)
    return array.size if array.dtype.kind in "fiub" else sum(map(learned_numbers, array.tolist()))


def _arrays_of(part: Any) -> list[Any]:
    """An object that a library keeps -> the arrays and lists that are saved of it; none of any other."""
    if not _is_of_a_library(part):
        return []
    try:
        (saved,) = part.__reduce_ex__(2)[2:3] or (None,)
    except TypeError:  # it cannot be saved
        return []
    values = saved.values() if isinstance(saved, dict) else saved or ()
    return [value for value in values if isinstance(value, np.ndarray | list)]


def _is_of_a_library(part: Any) -> bool:
    return type(part).__module__.partition(".")[0] in ("sklearn", "scipy")


def _learned(part: BaseEstimator) -> list[Any]:
    """What an estimator learned, and the estimators inside it that may have learned.

    scikit-learn keeps some of it under `_name`; where that is a copy of `name`, it counts once.
    """
    kept = part.__getstate__() if hasattr(part, "__getstate__") else vars(part)
    own = [value for name, value in kept.items() if is_learned(name) or _holds_estimators(value)]
    if not _is_of_a_library(part):
        return own
    names = [name for name in kept if name[0] == "_" and name.lstrip("_") not in kept]
    hidden = [kept[name] for name in names if name not in OF_TRAINING]
    return own + [value for value in hidden if not isinstance(value, bool | int | float | np.number)]


def _holds_estimators(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_estimators(item) for item in value)
    return is_estimator(value)
