"""What to say of an error: of an unknown name the nearest one that is known, of a traceback its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

MODULE = re.compile(r"^(?:\w+\.)+(?=[A-Z]\w*(?::|$))")  # of an error's class


def nearest(name: str, known: Iterable[str]) -> str:
    """A name and the known ones -> the known one that looks most like it; "" if none does."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.5)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A name and the known ones -> a question that offers the nearest one; "" if none is near."""
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else ""


def unknown(what: str, name: str, known: Iterable[str]) -> ValueError:
    """A name and the known ones -> the error to raise, with the nearest name first."""
    known = list(known)
    hint = " ".join(filter(None, (did_you_mean(name, known), f"known: {', '.join(known)}.")))
    return ValueError(f"unknown {what} {name!r}; {hint}")


def last_line(traceback: str) -> str:
    """A traceback -> its last line, the class of the error without its module."""
    return MODULE.sub("", traceback.strip().splitlines()[-1])
