"""Curves: counts of errors by training size -> learning curves with intervals, and the crossover."""

from components.curves.answer import sentence
from components.curves.crossing import Crossover, crossover, crossovers
from components.curves.learning import Curve, LearningCurves, learning_curves
from components.curves.resampling import BEST

__all__ = [
    "BEST",
    "Crossover",
    "Curve",
    "LearningCurves",
    "crossover",
    "crossovers",
    "learning_curves",
    "sentence",
]
