"""Trust: which classes a saved system may name, so that nothing else is imported or run when it is loaded.

This project's own, those of packages with parts (study.plugins), what skops knows to be harmless, and what
the user names: `--trust`, or CROSSOVER_TRUST in the environment.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from components.study.estimators import is_estimator, is_of_scikit_learn
from components.study.plugins import plugin_packages

TRUST = "CROSSOVER_TRUST"  # names of classes and modules, comma between
SMALL = {"n_jobs": 1, "n_estimators": 1, "max_iter": 1}  # settings of scikit-learn that make a fit quick


def untrusted_types(data: bytes, trusted: Iterable[str] = ()) -> list[str]:
    """A saved system, and what the user trusts -> names of the classes in it that nobody vouches for.

    trusted: dotted names of classes, or of modules for all classes defined in them. Only modules of ours and
    of the user's naming are imported. Raises ValueError for a trusted module that is not there.
    """
    import skops.io  # it looks at all of scikit-learn: seconds that only saving and loading should cost

    named, found = set(trusted), skops.io.get_untrusted_types(data=data)
    return [name for name in found if not is_ours(name) and not _is_named(name, named)]


def trusted_everywhere() -> list[str]:
    """What the environment says that the user trusts."""
    return [name.strip() for name in os.environ.get(TRUST, "").split(",") if name.strip()]


def is_ours(name: str) -> bool:
    """Whether a dotted name is a class of this project or a plugin, and not something it merely imports."""
    module, _, kind = name.rpartition(".")
    package = module.partition(".")[0]
    if not _is_our_package(package) or importlib.util.find_spec(module) is None:
        return False
    return _defines(module, kind)


def untrusted_when_trained(system: Any, trusted: Iterable[str] = ()) -> list[str]:
    """An untrained system -> classes that it will hold once trained and nobody vouches for, as far as known.

    Parts of other projects are looked at as they are, those of scikit-learn also trained on a few made-up
    vectors. What a part of this project makes inside its fit shows only when it is trained.
    """
    parts = [system, *system.get_params(deep=True).values()]
    foreign = [part for part in parts if is_estimator(part) and not _holds_others(part)]
    foreign = [part for part in foreign if not _is_our_package(type(part).__module__.partition(".")[0])]
    if not foreign:
        return []
    import skops.io

    found: dict[str, None] = {}
    for part in (made for one in foreign for made in (one, _tried(one))):
        with suppress(Exception):  # what cannot be saved at all is said when it is
            found |= dict.fromkeys(untrusted_types(skops.io.dumps(part), trusted))
    return list(found)


def _is_our_package(package: str) -> bool:
    return package == "components" or package in plugin_packages()


def _is_named(name: str, trusted: Collection[str]) -> bool:
    module, _, kind = name.rpartition(".")
    if name not in trusted and not any(f"{module}.".startswith(f"{one}.") for one in trusted):
        return False
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    try:
        return _defines(module, kind) or name in trusted
    except ModuleNotFoundError as error:
        raise ValueError(
            f"{name} expected the module {module} in the current folder or installed, got none ({error}); "
            "change the folder, or install its package."
        ) from None


def _defines(module: str, kind: str) -> bool:
    """Whether a module has a class of this name that is its own, and not imported there."""
    stored = getattr(importlib.import_module(module), kind, None)
    return isinstance(stored, type) and stored.__module__ == module


def _holds_others(part: Any) -> bool:
    """Whether other estimators are among the settings of one."""
    return any(is_estimator(value) for value in part.get_params(deep=True).values())


def _tried(part: Any) -> Any:
    """A part -> the same; one of scikit-learn trained on made-up vectors of two classes, if it takes such."""
    if not is_of_scikit_learn(part):
        return part
    from sklearn.base import clone

    vectors, labels = np.random.default_rng(0).random((16, 4)), np.arange(16) % 2
    small = {name: value for name, value in SMALL.items() if name in part.get_params()}
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return clone(part).set_params(**small).fit(vectors, labels)
    return part
