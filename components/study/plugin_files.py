"""Files of Python with parts in them, taken in by their paths: nothing has to be installed.

Whatever is in such a file runs with the rights of whoever named it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from components.study.plugins import CORPORA, RECOGNISERS, SUBJECTS, FilePart, set_parts

OPTION = "--plugin"
GROUP_OF = {"RECOGNISERS": RECOGNISERS, "CORPORA": CORPORA, "SUBJECTS": SUBJECTS}  # names in a file -> group


def take_in(files: Sequence[str]) -> None:
    """Paths of Python files -> their parts can be named, in this process, in place of those of others before.

    Raises ValueError, one sentence, for a file that is not there, cannot be imported, or has no parts.
    """
    paths = [files] if isinstance(files, str) else files
    set_parts(OPTION, [part for file in paths for part in _parts(plugin_path(file))])


def plugin_path(file: str) -> Path:
    """A file as it is named -> its whole path; ValueError where it can be none that is imported."""
    path = Path(file).expanduser().resolve()
    if path.suffix != ".py" or not path.is_file():
        raise ValueError(f"{OPTION} expected a Python file, got {file}; correct its path.")
    if not path.stem.isidentifier():
        name = "".join(letter if letter.isalnum() else "_" for letter in path.stem)
        raise ValueError(
            f"{OPTION} expected a file named as Python names modules, got {file}; call it {name}.py."
        )
    return path


def _parts(path: Path) -> Iterator[FilePart]:
    """A file -> what its dictionaries name."""
    module = _imported(path)
    found = {name: getattr(module, name) for name in GROUP_OF if hasattr(module, name)}
    if not found:
        raise ValueError(
            f"{OPTION} {path} expected one of {', '.join(GROUP_OF)} in it, name -> part, got none; add one."
        )
    for name, parts in found.items():
        if not isinstance(parts, Mapping):
            raise ValueError(
                f"{name} of {path} expected name -> part, got a {type(parts).__name__}; mend it."
            )
        yield from (FilePart(GROUP_OF[name], str(part), path, parts[part]) for part in parts)


def _imported(path: Path) -> ModuleType:
    """A file -> its module, which can be found by its name from now on, as can those beside it."""
    folder = str(path.parent)
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        spec = importlib.util.find_spec(path.stem)
        if spec is None or not spec.origin or Path(spec.origin).resolve() != path:
            raise ValueError(
                f"{OPTION} {path} expected a name that no other module has, got that of "
                f"{spec.origin if spec else path.stem}; rename the file."
            )
        return importlib.import_module(path.stem)
    except (Exception, SystemExit) as error:
        if isinstance(error, ValueError) and str(error).startswith(f"{OPTION} "):
            raise
        raise ValueError(
            f"{OPTION} {path} expected a file that can be imported, got {type(error).__name__}: "
            f"{str(error).rstrip('.')}; mend it."
        ) from error
