"""Choices: what a trained system chose by itself inside its training examples, and against what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from components.contract import is_learned
from components.parts import pipeline_steps
from components.study.estimators import is_estimator

CHOICE = "choice."  # what a trial's parameters with choices begin with


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what it was chosen against.

    Attributes
    ----------
    what : name of what was to choose, as "acoustic model".
    chosen : name of the alternative taken.
    by : the measure on held-out training examples, with its unit.
    compared : alternative -> its value; empty where there was too little to compare on.
    limit : how time or memory bounded the comparison; "" if they did not.
    """

    what: str
    chosen: str
    by: str
    compared: Mapping[str, float] = field(default_factory=dict)
    limit: str = ""


def choices(system: Any) -> list[Choice]:
    """A trained system -> all that its parts chose, outer parts first: see contract.RecordsChoices."""
    if steps := pipeline_steps(system):
        return [choice for _, step in steps for choice in choices(step)]
    if not (is_estimator(system) and type(system).__module__.startswith("components.")):
        return []
    learned = [value for name, value in vars(system).items() if is_learned(name) and name != "choices_"]
    return [*getattr(system, "choices_", ()), *(choice for part in learned for choice in choices(part))]


def choice_params(system: Any) -> dict[str, str]:
    """A trained system -> its choices as parameters of a trial: name -> JSON."""
    return {CHOICE + choice.what: json.dumps(asdict(choice)) for choice in choices(system)}


def read_choices(params: Mapping[str, str]) -> list[Choice]:
    """Parameters of a trial -> its choices."""
    return [Choice(**json.loads(text)) for name, text in params.items() if name.startswith(CHOICE)]


def simplest_within_luck(losses: Mapping[str, np.ndarray]) -> str:
    """Name, the simplest first -> losses of the same held-out examples -> the first name whose mean is above
    the least by no more than the standard error of their difference.

    Source: Breiman et al. (1984), Classification and regression trees.
    """
    least = min(losses.values(), key=np.mean)
    return next(name for name, own in losses.items() if _is_within_luck(own - least))


def _is_within_luck(gaps: np.ndarray) -> bool:
    """Gaps -> whether their mean is at most its standard error; one error in all is its own."""
    error = gaps.std(ddof=1) / np.sqrt(len(gaps)) if len(gaps) > 1 else 0.0
    return bool(gaps.mean() <= error or np.isclose(gaps.mean(), error))
