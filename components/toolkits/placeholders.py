"""Placeholders in a recipe's commands: which there are, and a command with their values."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Formatter

from components.errors import unknown

SHARED = ("python", "model", "seed", "device", "language", "rate")
OF_THE_LANGUAGE = ("text", "lm_text", "lm", "grammar", "lexicon", "dictionary")  # files: what may be said
TRAIN = ("train", "size", *OF_THE_LANGUAGE, *SHARED)
TRANSCRIBE = ("test", "hypotheses", *SHARED)


def placeholders(command: str) -> frozenset[str]:
    """A command -> names of the placeholders in it; ValueError for a brace that begins or ends none."""
    try:
        fields = [field for field in Formatter().parse(command) if field[1] is not None]
    except ValueError as error:
        raise ValueError(f"expected braces around names alone, got {error}; write {{{{ for a brace") from None
    odd = [name for _, name, form, conversion in fields if form or conversion or not name.isidentifier()]
    if odd:
        raise ValueError(f"expected braces around names alone, got {{{odd[0]}}}; write {{{{ for a brace")
    return frozenset(name for _, name, _, _ in fields)


def check_placeholders(what: str, command: str, known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Raises ValueError for a placeholder that is not known, with the nearest, or one that is missing."""
    try:
        found = placeholders(command)
    except ValueError as error:
        raise ValueError(f"{what} {error}.") from None
    for name in sorted(found - {*known}):
        raise unknown(f"placeholder of {what}", name, known)
    if missing := [f"{{{name}}}" for name in needed if name not in found]:
        raise ValueError(f"{what} expected {' and '.join(missing)} in it, got none; write where it goes.")


def words_of(what: str, command: str) -> list[str]:
    """A command -> its words as a shell splits them; ValueError for a quotation mark that is left open."""
    try:
        return shlex.split(command)
    except ValueError as error:
        raise ValueError(f"{what} expected words, got {str(error).lower()}; close it.") from None


def filled(command: str, values: Mapping[str, str], shell: bool) -> list[str]:
    """A command and what its placeholders stand for -> its words; with a shell, those of the shell's call.

    A value stays one word whatever is in it.
    """
    if shell:
        quoted = {name: shlex.quote(value) for name, value in values.items()}
        return ["/bin/sh", "-c", command.format_map(quoted)]
    return [word.format_map(values) for word in shlex.split(command)]
