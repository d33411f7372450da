"""Curves: counts of errors by training size -> learning curves with intervals, and the crossover."""

from components.study.curves.answer import sentence
from components.study.curves.change import Change, change
from components.study.curves.crossing import Crossover, crossover, crossovers
from components.study.curves.data_multiplier import DataMultiplier, data_multiplier
from components.study.curves.equal_cost import crossover_at_cost
from components.study.curves.forecast import Forecast, forecast
from components.study.curves.learning import Curve, LearningCurves, learning_curves
from components.study.curves.pair import Pair, pairs
from components.study.curves.resampling import BEST

__all__ = [
    "BEST",
    "Change",
    "Crossover",
    "Curve",
    "DataMultiplier",
    "Forecast",
    "LearningCurves",
    "Pair",
    "change",
    "crossover",
    "crossover_at_cost",
    "crossovers",
    "data_multiplier",
    "forecast",
    "learning_curves",
    "pairs",
    "sentence",
]
