"""A system's settings -> nothing, or one error that names every bad one: before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import isclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from components.contract import WRAPPED, ChecksSettings
from components.ranges import BadSettings, Problem

WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "True or False", NoneType: "None"}


def check_settings(system: Any) -> None:
    """System -> nothing. Raises ValueError, one line for each setting that cannot be used.

    Every setting at any depth is held to its annotation in the constructor; then each part that offers
    `check_settings` is asked, unless one of its own settings is of the wrong type already.
    """
    lines = []
    for path, part in _parts(system):
        wrong = list(_wrong_types(part)) or _out_of_range(part)
        lines += [_line(path, problem) for problem in wrong]
    if lines:
        raise ValueError("\n".join(lines))


def _parts(system: Any) -> Iterator[tuple[str, Any]]:
    """The system and every part in it, each with what users write before its settings."""
    yield "", system
    for name, value in system.get_params(deep=True).items():
        if hasattr(value, "get_params") and not isclass(value):
            yield f"{name}__".removeprefix(WRAPPED), value


def _wrong_types(part: Any) -> Iterator[Problem]:
    usual = _defaults(type(part))
    for setting, annotation in _annotations(type(part)).items():
        value = getattr(part, setting, None)
        if (adapter := _adapter(annotation)) is None or value is usual.get(setting, part):
            continue
        try:
            adapter.validate_python(_plain(value), strict=True)
        except ValidationError:
            yield Problem(setting, described(annotation), value, usual.get(setting))


def _out_of_range(part: Any) -> Sequence[Problem | str]:
    if not isinstance(part, ChecksSettings):
        return []
    try:
        part.check_settings()
    except BadSettings as error:
        return error.problems
    except ValueError as error:
        return str(error).splitlines()
    return []


def _line(path: str, problem: Problem | str) -> str:
    if isinstance(problem, str):
        return f"{path.removesuffix('__')}: {problem}" if path else problem
    got = f"{problem.expected}, got {problem.got!r}"
    return f"setting {path}{problem.setting} expected {got}; {problem.way_out}."


@cache
def _annotations(kind: type) -> Mapping[str, Any]:
    """Class -> the types of its constructor's settings; none where they cannot be read."""
    try:
        return {name: hint for name, hint in get_type_hints(kind.__init__).items() if name != "return"}
    except (NameError, TypeError, AttributeError):
        return {}


@cache
def _defaults(kind: type) -> Mapping[str, Any]:
    try:
        return kind().get_params(deep=False)
    except TypeError:  # it has settings without a default
        return {}


def _adapter(annotation: Any) -> TypeAdapter | None:
    """A type -> what checks it; None for a type that cannot be checked, such as a plain Protocol."""
    try:
        return _known_adapter(annotation)
    except TypeError:  # not hashable
        return None


@cache
def _known_adapter(annotation: Any) -> TypeAdapter | None:
    try:
        return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))
    except (PydanticSchemaGenerationError, PydanticUserError, TypeError):
        return None


def _plain(value: Any) -> Any:
    """A value with numpy's numbers in it -> with Python's, which mean the same."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value


def described(annotation: Any) -> str:
    """A type -> what it asks for, in words: `int | None` -> "a whole number or None"."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return " or ".join(map(described, inside))
    if origin is Literal:
        return " or ".join(filter(None, [", ".join(map(repr, inside[:-1])), repr(inside[-1])]))
    if isclass(origin) and issubclass(origin, Mapping):
        return "values by name"
    if isclass(origin) and issubclass(origin, Sequence):
        return f"a list, each item {described(inside[0])}"
    return WORDS.get(annotation) or f"a {getattr(annotation, '__name__', annotation)}"
