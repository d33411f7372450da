"""Paths with columns in them, such as exp/{system}_{hours}h/text -> the files there, each with its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from glob import glob
from pathlib import Path

COLUMN = re.compile(r"\{(\w+)\}")


def has_columns(path: str) -> bool:
    """Whether a path has columns in braces."""
    return COLUMN.search(path) is not None


def matching(pattern: str) -> list[tuple[Path, dict[str, str]]]:
    """A path with columns -> every file or folder that fits, with its value of each; * stands for anything.

    No value holds a /, the first are as long as they can be, and a column that stands twice has one value.
    Raises ValueError where nothing fits.
    """
    whole = re.compile("".join(_expressions(pattern)))
    paths = sorted(glob(COLUMN.sub("*", pattern)))
    found = [(Path(path), match.groupdict()) for path in paths if (match := whole.fullmatch(path))]
    if not found:
        raise ValueError(
            f"{pattern} expected files or folders whose paths look so, with a value in the place of each "
            "name in braces, got none; correct the path, and quote it for the shell."
        )
    return found


def _expressions(pattern: str) -> Iterator[str]:
    """A path with columns -> regular expressions of its parts."""
    known: set[str] = set()
    for place, part in enumerate(COLUMN.split(pattern)):
        if place % 2 == 0:
            yield re.escape(part).replace(r"\*", "[^/]*")
        else:
            yield f"(?P={part})" if part in known else f"(?P<{part}>[^/]+)"
            known.add(part)
