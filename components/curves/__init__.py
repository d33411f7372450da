"""Curves: counts of errors by training size -> learning curves with intervals, and the crossover."""

from components.curves.answer import sentence
from components.curves.change import Change, change
from components.curves.cost import crossover_at_cost
from components.curves.crossing import Crossover, crossover, crossovers
from components.curves.forecast import Forecast, forecast
from components.curves.learning import Curve, LearningCurves, learning_curves
from components.curves.resampling import BEST
from components.curves.worth import Worth, worth

__all__ = [
    "BEST",
    "Change",
    "Crossover",
    "Curve",
    "Forecast",
    "LearningCurves",
    "Worth",
    "change",
    "crossover",
    "crossover_at_cost",
    "crossovers",
    "forecast",
    "learning_curves",
    "sentence",
    "worth",
]
