"""Curves: counts of errors by training size -> learning curves with intervals, and the crossover."""

from components.curves.crossover import Crossover, crossover, crossovers
from components.curves.learning import BEST, Curve, LearningCurves, learning_curves
from components.curves.sentence import sentence

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
