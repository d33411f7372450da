"""How a setting of a study is written: its default, its description, how it is typed, and its kind."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainSerializer, WithJsonSchema, WrapValidator

RUN = "run"  # key of a field's metadata: how the study is run and reported, not what it measures
PLACE = "place"  # key of a field's metadata: it names a store, a path or a command
WHOLE = "whole"  # key of a field's metadata: a list, each item an option of its own, whatever commas it has
METAVAR = "metavar"  # key of a field's metadata: what stands for the value in the help

ALL = "all"  # as a size: the whole training side


def _number_or_all(value: Any, number: Any) -> Any:
    return ALL if value == ALL else number(value)


Size = Annotated[
    int,
    WrapValidator(_number_or_all),
    PlainSerializer(lambda size: size),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"const": ALL}]}),
]


def setting(
    default: Any,
    description: str,
    *,
    run: bool = False,
    metavar: str = "",
    place: bool = False,
    whole: bool = False,
    **more: Any,
) -> Any:
    """Default and description of a setting -> its field; see RUN, METAVAR, PLACE and WHOLE."""
    about = {RUN: run, METAVAR: metavar, PLACE: place, WHOLE: whole}
    about = {key: value for key, value in about.items() if value}
    return Field(default, description=description, json_schema_extra=about or None, **more)
