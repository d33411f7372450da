"""Estimators of scikit-learn, told from anything else without importing it: a second, for most commands."""

from __future__ import annotations

import sys
from typing import Any


def is_estimator(value: Any) -> bool:
    """Whether it is an estimator of scikit-learn; while that is not imported, there is none."""
    base = sys.modules.get("sklearn.base")
    return base is not None and isinstance(value, base.BaseEstimator)


def is_of_scikit_learn(value: Any) -> bool:
    """Whether its class is one of scikit-learn's own."""
    return type(value).__module__.partition(".")[0] == "sklearn"
