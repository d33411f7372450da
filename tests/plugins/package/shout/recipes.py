"""A recogniser: the project's support vector machine behind a stage of this package."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from components.recognisers import mfcc_svm
from components.study.recipe import Recipe
from shout.stage import Shout


def shout_svm() -> Pipeline:
    """mfcc-svm on louder clips."""
    return Pipeline([("shout", Shout()), *mfcc_svm().steps])


SHOUT_SVM = Recipe(shout_svm, "modular", closed_only=True)
