"""A trained system -> the settings that it chose by itself inside its training examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from components.contract import KeepsOutput, is_learned
from components.parts import pipeline_steps
from components.study.estimators import is_estimator

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator


def learned_settings(system: BaseEstimator) -> dict[str, str | float]:
    """System -> dotted path: value, of every learned attribute that is one word or number.

    Such are the weights of a search, the order of a language model, the share of a classifier, the name of an
    acoustic model, and what is in a `settings_`; arrays, counts, the parts of scikit-learn, and what a
    program printed (KeepsOutput) are left out.
    """
    return dict(sorted(_chosen(system, ())))


def _chosen(part: Any, path: tuple[str, ...]) -> list[tuple[str, str | float]]:
    if steps := pipeline_steps(part):
        return [pair for name, step in steps for pair in _chosen(step, (*path, name))]
    if isinstance(part, Mapping) and path[-1:] == ("settings",):
        return [pair for name, value in part.items() for pair in _chosen(value, (*path, str(name)))]
    if is_estimator(part) and type(part).__module__.startswith("components."):
        learned = [
            (name.rstrip("_"), value)
            for name, value in vars(part).items()
            if is_learned(name) and name not in KeepsOutput.__annotations__
        ]
        return [pair for name, value in learned for pair in _chosen(value, (*path, name))]
    if isinstance(part, str | bool | int | float | np.number):
        return [(".".join(path), part if isinstance(part, str) else float(part))]
    return []
