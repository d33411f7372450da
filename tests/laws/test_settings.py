"""Wrong settings of every part are refused before fit, or fit can do with them: none fails inside a trial."""

from typing import get_args, get_type_hints

import pytest

from components.contract import ChecksSettings
from components.laws import hook_laws, laws
from components.laws.wrong_settings import wrong_settings
from tests.laws.parts import HARDLY, PARTS, STAGES, usable


def cases():
    """Every part that trains or is trained with, each setting of its own, each wrong value."""
    for name, kind in PARTS.items():
        for setting, value in wrong_settings(usable(kind)):
            yield pytest.param(kind, setting, value, id=f"{name}-{setting}={value}")


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_every_setting_has_a_type(kind):
    laws.types_its_settings(kind, usable)


@pytest.mark.parametrize(("kind", "setting", "value"), list(cases()))
def test_a_wrong_value_is_refused_before_fit_or_works(kind, setting, value):
    hook_laws.refused_or_accepted(kind, setting, value, lambda kind: usable(kind, HARDLY))


@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_every_stage_with_numbers_names_their_ranges(kind):
    numbers = [name for name, hint in get_type_hints(kind.__init__).items() if int in (hint, *get_args(hint))]
    if numbers and not isinstance(usable(kind), ChecksSettings):
        laws.broke(kind, "its numbers have ranges", "offer check_settings, see components.ranges")
