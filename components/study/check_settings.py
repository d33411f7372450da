"""A system's settings -> nothing, or one error that names every bad one: before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import isclass
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from components.contract import WRAPPED, ChecksSettings
from components.ranges import BadSettings, Problem
from components.study.estimators import is_of_scikit_learn
from components.study.undefined_names import undefined_names

WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "True or False", NoneType: "None"}


def check_settings(system: Any) -> None:
    """System -> nothing. Raises ValueError, one line for each setting that cannot be used.

    Every setting at any depth is held to its annotation in the constructor; then each part that offers
    `check_settings` is asked, unless one of its own settings is of the wrong type already. Those of
    scikit-learn are held to what it says of them itself. So is the code of each part to the names it reads.
    """
    lines, broken = [], dict[str, None]()
    for path, part in _parts(system):
        wrong = list(_wrong_types(part)) or _out_of_range(part)
        lines += [_line(path, problem) for problem in wrong]
        broken |= dict.fromkeys(undefined_names(part))
    if lines or broken:
        raise ValueError("\n".join([*lines, *broken]))


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
    yield from _texts_for_numbers(part, usual)


def _texts_for_numbers(part: Any, usual: Mapping[str, Any]) -> Iterator[Problem]:
    """Settings without a type whose usual value is a number, and that are a text: as `--set` gives a slip."""
    if is_of_scikit_learn(part):
        return
    numbers = {name: number for name, number in usual.items() if type(number) in (int, float)}
    for setting in sorted(numbers.keys() - _annotations(type(part)).keys()):
        if isinstance(value := getattr(part, setting, None), str):
            expected = "a number (annotate it if it may be a text)"
            yield Problem(setting, expected, value, numbers[setting])


def _out_of_range(part: Any) -> Sequence[Problem | str]:
    if is_of_scikit_learn(part):
        return _constraints(part)
    if not isinstance(part, ChecksSettings):
        return []
    try:
        part.check_settings()
    except BadSettings as error:
        return error.problems
    except ValueError as error:
        return str(error).splitlines()
    return []


def _constraints(part: Any) -> Sequence[str]:
    """A part of scikit-learn -> what it would say of its settings when it is fitted."""
    from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

    constraints = getattr(part, "_parameter_constraints", {})
    own = {name: value for name, value in part.get_params(deep=False).items() if name in constraints}
    try:
        validate_parameter_constraints(constraints, own, type(part).__name__)
    except InvalidParameterError as error:
        return [f"{' '.join(str(error).split())} Leave it out, or correct it."]
    return []


def _line(path: str, problem: Problem | str) -> str:
    if isinstance(problem, str):
        return f"{path.removesuffix('__')}: {problem}" if path else problem
    got = f"{problem.expected}, got {problem.got!r}"
    return f"setting {path}{problem.setting} expected {got}; {problem.way_out}."


@cache
def _annotations(kind: type) -> Mapping[str, Any]:
    """Class -> the types of its constructor's settings, those that can be read."""
    written = getattr(kind.__init__, "__annotations__", {})
    found = {name: _hint(kind.__init__, name, one) for name, one in written.items() if name != "return"}
    return {name: hint for name, hint in found.items() if hint is not None}


def _hint(function: Any, name: str, written: Any) -> Any:
    """A parameter's type as it is written -> the type; None where it cannot be read."""
    alone = SimpleNamespace(__annotations__={name: written})
    try:
        return get_type_hints(alone, function.__globals__)[name]
    except (NameError, TypeError, AttributeError):
        return None


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
