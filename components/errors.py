"""The sentence for a name nobody knows, with the nearest one that is known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(what: str, name: str, known: Iterable[str]) -> ValueError:
    """A name and the known ones -> the error to raise, with the nearest name first."""
    known = list(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return ValueError(f"unknown {what} {name!r}; {hint}known: {', '.join(known)}.")
