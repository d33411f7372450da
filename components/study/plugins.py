"""Parts in packages of their own: what the entry points of installed packages name."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

SUBJECTS, RECOGNISERS, CORPORA = "crossover.subjects", "crossover.recognisers", "crossover.corpora"
GROUPS = (SUBJECTS, RECOGNISERS, CORPORA)


@cache
def plugins(group: str) -> dict[str, EntryPoint]:
    """A group of GROUPS -> name -> entry point, in order of names; the modules are not imported yet.

    Raises ValueError where two packages have a part of one name.
    """
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=group)):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            raise ValueError(
                f"{group} expected one part called {point.name}, got one of {package_of(other)} and one of "
                f"{package_of(point)}; uninstall one of the two."
            )
    return found


def load_plugin(group: str, name: str, kind: type) -> Any:
    """A group and the name of a part in it -> the part, imported; ValueError where it is none of its kind."""
    point = plugins(group)[name]
    try:
        part = point.load()
    except Exception as error:
        raise ValueError(
            f"{name} of the package {package_of(point)} expected {point.value} to be there, got "
            f"{type(error).__name__}: {error}; mend or uninstall the package."
        ) from error
    if not isinstance(part, kind):
        raise ValueError(
            f"{name} of the package {package_of(point)} expected a {kind.__name__}, got a "
            f"{type(part).__name__} in {point.value}; mend or uninstall the package."
        )
    return part


def package_of(point: EntryPoint) -> str:
    """An entry point -> the name of the package that has it."""
    return point.dist.name if point.dist else point.module


@cache
def plugin_packages() -> frozenset[str]:
    """Top-level names of the modules that parts of installed packages are in."""
    return frozenset(point.module.partition(".")[0] for group in GROUPS for point in plugins(group).values())


def plugin_module(name: str) -> str:
    """An installed package with parts, by its own name or that of its module -> its module; "" for none."""
    for point in (point for group in GROUPS for point in plugins(group).values()):
        module = point.module.partition(".")[0]
        if name in (module, package_of(point)):
            return module
    return ""
