"""Values that a setting should refuse: of another type, or numbers that often cannot work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import isclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def wrong_settings(part: Any) -> Iterator[tuple[str, Any]]:
    """An untrained part -> each setting of its own with each value that may be wrong for it."""
    hints = get_type_hints(type(part).__init__)
    for setting, usual in sorted(part.get_params(deep=False).items()):
        for value in wrong_values(hints.get(setting)):
            if (type(value), value) != (type(usual), usual):
                yield setting, value


def wrong_values(annotation: Any) -> list[Any]:
    """A type -> a few values that are not of it, or numbers that often cannot work."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return list({repr(v): v for option in inside for v in wrong_values(option)}.values())
    if annotation is None:
        return []
    if annotation is int:
        return ["wide", 1.5, [1], -1, 0]
    if annotation is float:
        return ["wide", [1.0], -1, 0, float("nan")]
    if annotation is bool:
        return ["yes", 2]
    if annotation is str or origin is Literal:
        return ["no such thing", 3]
    if isclass(origin) and issubclass(origin, Mapping | Sequence):
        return ["no such thing", 3, ["no such thing"]]
    return [] if annotation is NoneType else ["no such thing", 3]
