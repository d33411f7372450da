"""Parts from elsewhere: those of installed packages' entry points, those of files of the user."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SUBJECTS, RECOGNISERS, CORPORA = "crossover.subjects", "crossover.recognisers", "crossover.corpora"
GROUPS = (SUBJECTS, RECOGNISERS, CORPORA)


@dataclass(frozen=True)
class FilePart:
    """A part of a file that the user named, beside the entry points of packages."""

    group: str
    name: str
    path: Path
    part: Any

    @property
    def module(self) -> str:
        """The module that the file is; "" for one without code."""
        return self.path.stem if self.path.suffix == ".py" else ""


_of_files: dict[str, tuple[FilePart, ...]] = {}


def set_parts(option: str, parts: Iterable[FilePart]) -> None:
    """The parts of the files that a study names with an option, in place of those of the study before."""
    _of_files[option] = tuple(parts)


def plugins(group: str) -> dict[str, EntryPoint | FilePart]:
    """A group of GROUPS -> name -> where a part of that name is, those of packages in order of names first.

    The modules of packages are not imported yet. Raises ValueError for two parts of one name.
    """
    found: dict[str, EntryPoint | FilePart] = dict(_installed(group))
    for part in (part for parts in _of_files.values() for part in parts if part.group == group):
        if (other := found.setdefault(part.name, part)) is not part:
            raise ValueError(
                f"{group} expected one part called {part.name}, got one of {package_of(other)} and one of "
                f"{part.path}; rename one of the two."
            )
    return found


@cache
def _installed(group: str) -> dict[str, EntryPoint]:
    """A group -> name -> entry point; ValueError where two packages have a part of one name."""
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
    if isinstance(point, FilePart):
        return _checked(point, kind)
    check_one_copy(point.module)
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


def _checked(point: FilePart, kind: type) -> Any:
    if isinstance(point.part, kind):
        return point.part
    raise ValueError(
        f"{point.name} of {point.path} expected a {kind.__name__}, got a {type(point.part).__name__}; mend "
        "the file."
    )


def package_of(point: EntryPoint | FilePart) -> str:
    """Where a part is -> the name of its package, or the path of its file."""
    return str(point.path) if isinstance(point, FilePart) else point.dist.name if point.dist else point.module


def plugin_packages() -> frozenset[str]:
    """Top-level names of the modules that parts of packages and of files are in."""
    points = [point for group in GROUPS for point in plugins(group).values()]
    return frozenset(point.module.partition(".")[0] for point in points if point.module)


def packages_with_parts() -> dict[str, str]:
    """Installed packages with parts: the name of each, and that of its module -> the module."""
    points = [point for group in GROUPS for point in plugins(group).values()]
    modules = {package_of(point): point.module.partition(".")[0] for point in points if point.module}
    return modules | {module: module for module in modules.values()}


def check_one_copy(module: str) -> None:
    """Raises ValueError, naming both, where Python finds two copies of the package of a module.

    Which one a process takes depends on the folder that it was started in.
    """
    package = module.partition(".")[0]
    specs = [find_spec(package), *(PathFinder.find_spec(package, [entry]) for entry in ["", *sys.path])]
    files = list(dict.fromkeys(Path(spec.origin).resolve() for spec in specs if spec and spec.origin))
    if len(files) > 1:
        raise ValueError(
            f"{package} expected one copy of the package on Python's path, got {files[0].parent} and "
            f"{files[1].parent}, of which each process may take another; uninstall it and install it with "
            "pip install -e, or start in another folder."
        )
