"""A trained system -> the settings that it chose by itself inside its training examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from components.contract import is_learned


def learned_settings(system: BaseEstimator) -> dict[str, str | float]:
    """System -> dotted path: value, of every learned attribute that is one word or number.

    Such are the weights of a search, the order of a language model, the share of a classifier, the name of an
    acoustic model, and what is in a `settings_`; arrays, counts and the parts of scikit-learn are left out.
    """
    return dict(sorted(_chosen(system, ())))


def _chosen(part: Any, path: tuple[str, ...]) -> list[tuple[str, str | float]]:
    if isinstance(part, Pipeline):
        return [pair for name, step in part.steps for pair in _chosen(step, (*path, name))]
    if isinstance(part, Mapping) and path[-1:] == ("settings",):
        return [pair for name, value in part.items() for pair in _chosen(value, (*path, str(name)))]
    if isinstance(part, BaseEstimator) and type(part).__module__.startswith("components."):
        learned = [(name.rstrip("_"), value) for name, value in vars(part).items() if is_learned(name)]
        return [pair for name, value in learned for pair in _chosen(value, (*path, name))]
    if isinstance(part, str | bool | int | float | np.number):
        return [(".".join(path), part if isinstance(part, str) else float(part))]
    return []
