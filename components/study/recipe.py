"""A recipe: how to build one of the systems that a subject can compare, and its family."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.errors import unknown

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from components.study.results import Family

SEEDS = ("seed", "random_state")  # knobs that decide from which weights a system starts


class RenamedSetting(UserWarning):
    """A setting was asked for by an old name, which still works."""


@dataclass(frozen=True)
class Recipe:
    """How to build a system, and its family.

    closed_only: it needs a closed dataset, one of few classes. usual: it is compared where a study
    names no systems. source: name of the system that it starts from, trained on a source before. tasks: it
    learns the further tasks of a study, and is compared where a study has some. without_labels: builds what
    answers in its place where nothing is labelled, from the source alone; None: it needs labels.
    """

    build: Callable[[], BaseEstimator]
    family: Family
    closed_only: bool = False
    usual: bool = True
    source: str = ""
    tasks: bool = False
    without_labels: Callable[[], BaseEstimator] | None = None

    @property
    def summary(self) -> str:
        """The first line of the recipe's docstring; "" without one."""
        return next(iter((self.build.__doc__ or "").strip().splitlines()), "")


def base_name(name: str) -> str:
    """A system's name -> the one in the catalogue, without its variant: mel-ctc:plain -> mel-ctc."""
    return name.partition(":")[0]


def expand_settings(name: str) -> list[str]:
    """A system's name, perhaps with settings that have several values -> a name for each combination.

    mel-ctc:channels=64/128 -> mel-ctc:channels=64, mel-ctc:channels=128; any other name -> itself.
    """
    parts = [[part] for part in name.split(":")]
    for place, (part,) in enumerate(parts):
        knob, equals, values = part.partition("=")
        if equals:
            parts[place] = [f"{knob}={value}" for value in values.split("/")]
    return [":".join(chosen) for chosen in itertools.product(*parts)]


def named_settings(name: str) -> dict[str, Any]:
    """A system's name -> the settings in it: mel-ctc:channels=64 -> {"channels": 64}."""
    pairs = [part.partition("=")[::2] for part in name.split(":") if "=" in part]
    return {knob: read_value(value) for knob, value in pairs}


def read_value(text: str) -> Any:
    """A setting's value as it is typed -> read as JSON where it is, else the text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def names_above(name: str) -> list[str]:
    """A system's name -> those whose settings it has, its own last: a:b:c -> a, a:b, a:b:c."""
    parts = name.split(":")
    return [":".join(parts[: place + 1]) for place in range(len(parts))]


def find_recipe(recipes: Mapping[str, Recipe], name: str, what: str = "system") -> Recipe:
    """Name, with or without a variant -> recipe; ValueError with the nearest name if there is none."""
    if base_name(name) not in recipes:
        raise unknown(what, base_name(name), recipes)
    return recipes[base_name(name)]


def chosen_recipes(recipes: Mapping[str, Recipe], names: Sequence[str], what: str) -> dict[str, Recipe]:
    """Catalogue and the names that a study asks for -> their recipes; the usual ones if it asks for none."""
    if not names:
        return {name: recipe for name, recipe in recipes.items() if recipe.usual}
    return {name: find_recipe(recipes, name, what) for name in names}


def configure(
    name: str, system: BaseEstimator, settings: Mapping[str, Any], everywhere: Mapping[str, Any]
) -> BaseEstimator:
    """An untrained system, its settings and knobs for every part that has one of that name -> the same, set.

    settings: `step__knob` -> value. Raises ValueError naming every knob that is not there.
    """
    known = system.get_params(deep=True)
    wrong = [str(unknown(f"setting of {name}", knob, known)) for knob in settings if knob not in known]
    if wrong:
        raise ValueError("\n".join(wrong))
    shared = {knob: everywhere[last] for knob in known if (last := knob.split("__")[-1]) in everywhere}
    return system.set_params(**{**shared, **settings})
