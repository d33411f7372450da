"""Wrong settings of every part are refused before fit, or fit can do with them: none fails inside a trial."""

from collections.abc import Mapping, Sequence
from inspect import isclass
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest

from components.contract import ChecksSettings
from tests.laws import laws
from tests.laws.parts import PARTS, STAGES, usable


def wrong_values(annotation):
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


def cases():
    """Every part that trains or is trained with, each setting of its own, each wrong value."""
    for name, kind in PARTS.items():
        for setting, usual in sorted(usable(kind).get_params(deep=False).items()):
            for value in wrong_values(get_type_hints(kind.__init__).get(setting)):
                if (type(value), value) != (type(usual), usual):
                    yield pytest.param(kind, setting, value, id=f"{name}-{setting}={value}")


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_every_setting_has_a_type(kind):
    untyped = usable(kind).get_params(deep=False).keys() - get_type_hints(kind.__init__).keys()
    if untyped:
        laws.broke(
            kind, f"its settings have types ({', '.join(sorted(untyped))})", "annotate the constructor"
        )


@pytest.mark.parametrize(("kind", "setting", "value"), list(cases()))
def test_a_wrong_value_is_refused_before_fit_or_works(kind, setting, value):
    laws.refused_or_accepted(kind, setting, value)


@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_every_stage_with_numbers_names_their_ranges(kind):
    numbers = [name for name, hint in get_type_hints(kind.__init__).items() if int in (hint, *get_args(hint))]
    if numbers and not isinstance(usable(kind), ChecksSettings):
        laws.broke(kind, "its numbers have ranges", "offer check_settings, see components.ranges")
