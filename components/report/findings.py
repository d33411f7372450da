"""Findings: a study record -> everything the report says about it, computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from components.study.curves import BEST, Crossover, LearningCurves, crossovers, learning_curves, sentence
from components.study.curves.crossing import leader
from components.study.results import StudyRecord, TrialResult

REPLICATIONS = 2000


@dataclass(frozen=True, eq=False)
class Findings:
    """A record with its curves (None if no trial finished), its crossovers (best first) and its answer."""

    record: StudyRecord
    curves: LearningCurves | None
    crossovers: list[Crossover]
    sentence: str

    @property
    def headline(self) -> Crossover | None:
        """The crossover of the best of each family, where both were measured."""
        first = self.crossovers[0] if self.crossovers else None
        return first if first and first.modular == BEST["modular"] else None

    @property
    def finalists(self) -> list[str]:
        """For each family measured, the recogniser with the lowest error at its largest size."""
        if self.curves is None:
            return []
        known = [best for best in BEST.values() if best in self.curves.curves]
        return [leader(self.curves, best, self.curves.curves[best].sizes[-1]) for best in known]

    @property
    def missing(self) -> list[str]:
        """Sizes left out of a curve because part of the test was never heard there, in words."""
        if self.curves is None:
            return []
        gone = []
        for name in self.record.recognisers:
            has = set(self.curves.curves[name].sizes.tolist()) if name in self.curves.curves else set()
            lost = [f"{size:,}" for size in asked(self.record, name) if size not in has]
            gone += [f"{name} at {', '.join(lost)}"] if lost else []
        return gone


def asked(record: StudyRecord, recogniser: str) -> list[int]:
    """Sizes at which trials of a recogniser were run, finished or not."""
    return sorted({trial.size for trial in record.trials if trial.recogniser == recogniser})


@lru_cache(maxsize=4)
def findings(record: StudyRecord) -> Findings:
    """A record -> its curves, crossovers and sentence; remembered, as several views ask for the same."""
    curves = learning_curves(record.finished, replications=REPLICATIONS) if record.finished else None
    found = crossovers(curves) if curves else []
    return Findings(record, curves, found, sentence(record, curves))


def metric(name: str) -> Callable[[TrialResult], float]:
    """Name of a metric -> a function that reads it from a trial; nan where it was not recorded."""
    return lambda trial: trial.metrics.get(name, np.nan)


def cost_table(record: StudyRecord, of: Callable[[TrialResult], float]) -> pd.DataFrame:
    """Means of what finished trials cost, where known: columns recogniser, size, mean, min, max."""
    rows = [(trial.recogniser, trial.size, of(trial)) for trial in record.finished]
    known = pd.DataFrame(rows, columns=["recogniser", "size", "value"]).dropna()
    table = known.groupby(["recogniser", "size"])
    return table["value"].agg(["mean", "min", "max"]).reset_index()


def heard_at_most(record: StudyRecord, recogniser: str) -> tuple[int, list[TrialResult]]:
    """The largest size a recogniser finished, and its trials there."""
    own = [trial for trial in record.finished if trial.recogniser == recogniser]
    size = max(trial.size for trial in own)
    return size, [trial for trial in own if trial.size == size]
