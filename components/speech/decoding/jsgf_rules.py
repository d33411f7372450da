"""Rules of a JSGF grammar: their expansions as dataclasses, and the error that names a line of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A sequence of words, perhaps empty."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """The expansion of the rule of that name; line: of the file."""

    name: str
    line: int


@dataclass(frozen=True)
class Concatenation:
    """Expansions one after another."""

    parts: tuple[Expansion, ...]


@dataclass(frozen=True)
class Choice:
    """One of the expansions, each with its probability; none: no sentence, not even the empty one."""

    options: tuple[tuple[float, Expansion], ...]


@dataclass(frozen=True)
class Repeat:
    """The expansion zero or more times; another time has probability 1/2."""

    part: Expansion


Expansion = Words | Reference | Concatenation | Choice | Repeat


@dataclass(frozen=True)
class Rule:
    """A rule, the line of the file that defines it, and its expansion."""

    name: str
    line: int
    public: bool
    expansion: Expansion


def references(expansion: Expansion) -> Iterator[Reference]:
    """Expansion -> every reference to a rule in it."""
    if isinstance(expansion, Reference):
        yield expansion
    for inside in _parts(expansion):
        yield from references(inside)


def words_in(rules: Mapping[str, Rule]) -> Iterator[str]:
    """Rules -> every word in them."""
    pending = [rule.expansion for rule in rules.values()]
    while pending:
        expansion = pending.pop()
        pending.extend(_parts(expansion))
        yield from expansion.words if isinstance(expansion, Words) else ()


def _parts(expansion: Expansion) -> Iterator[Expansion]:
    if isinstance(expansion, Concatenation):
        yield from expansion.parts
    elif isinstance(expansion, Choice):
        yield from (option for _, option in expansion.options)
    elif isinstance(expansion, Repeat):
        yield expansion.part


def grammar_error(line: int, expected: str, got: str, way_out: str) -> ValueError:
    """The sentence for a grammar file that cannot be used; raise what it returns."""
    return ValueError(f"the grammar expected {expected} on line {line}, got {got}; {way_out}.")
