"""Findings: a study record -> everything the report says about it, computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from components.study.curves import (
    BEST,
    Crossover,
    LearningCurves,
    Pair,
    crossovers,
    learning_curves,
    pairs,
    sentence,
)
from components.study.curves.crossing import leader
from components.study.curves.without_labels import Unlabelled, without_labels, without_labels_sentence
from components.study.nouns import Nouns
from components.study.results import StudyRecord, TrialResult

REPLICATIONS = 2000


@dataclass(frozen=True, eq=False)
class Findings:
    """A record and all that follows from it.

    Attributes
    ----------
    record
        The study.
    curves
        None if no trial finished.
    crossovers
        Of the best of each family first, then of every pair.
    pairs
        Systems of one family beside each other, see study.curves.pair.
    sentence
        The answer in words.
    replications
        Resampled studies behind the intervals.
    """

    record: StudyRecord
    curves: LearningCurves | None
    crossovers: list[Crossover]
    pairs: list[Pair]
    sentence: str
    replications: int

    @property
    def nouns(self) -> Nouns:
        """The words of the study's subject."""
        return self.record.nouns

    @cached_property
    def without_labels(self) -> dict[str, Unlabelled]:
        """Systems that were given no label, and their error rates."""
        return without_labels(self.record)

    @property
    def headline(self) -> Crossover | None:
        """The crossover of the best of each family, where both were measured."""
        first = self.crossovers[0] if self.crossovers else None
        return first if first and first.modular == BEST["modular"] else None

    @property
    def is_pair(self) -> bool:
        """Whether two systems of one family are all that was compared."""
        return len(self.pairs) == 1 and len(self.record.families) == 1

    @property
    def luck(self) -> str:
        """What the intervals of the error rates are over, in words; "" where none is known."""
        if self.curves is None:
            return ""
        nouns = self.nouns
        named = any((trial.scores["group"] != "").any() for trial in self.record.finished)
        trained = f"draws of the training {nouns.items}" if self.curves.draws > 1 else "first weights"
        over = [trained] if self.curves.repetitions > 1 else []
        over += [f"test {nouns.groups if named else nouns.examples}"] if self.curves.groups > 1 else []
        return " and over ".join(over)

    @property
    def finalists(self) -> list[str]:
        """For each family measured, the recogniser with the lowest error at its largest size.

        Both systems of a study of two of one family.
        """
        if self.curves is None:
            return []
        if self.is_pair:
            return [self.pairs[0].before, self.pairs[0].after]
        measured = [best for best in BEST.values() if best in self.curves.curves]
        return [leader(self.curves, best, self.curves.curves[best].sizes[-1]) for best in measured]

    @property
    def missing(self) -> list[str]:
        """Sizes left out of a curve because part of the test was never scored there, in words."""
        if self.curves is None:
            return []
        missing = []
        for name in self.record.recognisers:
            measured = set(self.sizes(name).tolist())
            lost = [f"{n:,}" for n in sizes_tried(self.record, name) if n and n not in measured]
            missing += [f"{name} at {', '.join(lost)}"] if lost else []
        return missing

    def sizes(self, recogniser: str) -> np.ndarray:
        """Sizes at which a recogniser has a point of its curve, smallest first."""
        curves = self.curves.curves if self.curves else {}
        return curves[recogniser].sizes if recogniser in curves else np.empty(0)


def sizes_tried(record: StudyRecord, recogniser: str) -> list[int]:
    """Sizes at which trials of a recogniser were run, finished or not."""
    return sorted({trial.size for trial in record.trials if trial.recogniser == recogniser})


def findings(record: StudyRecord, replications: int = REPLICATIONS) -> Findings:
    """A record -> its curves, crossovers and sentence; remembered for the last few records."""
    return _findings(record, replications)


@lru_cache(maxsize=4)
def _findings(record: StudyRecord, replications: int) -> Findings:
    learned = replace(record, trials=[trial for trial in record.trials if trial.size])
    curves = learning_curves(learned.finished, replications=replications) if learned.finished else None
    alone = without_labels_sentence(record, without_labels(record))
    answer = sentence(learned, curves) if learned.trials or not alone else ""
    return Findings(
        record,
        curves,
        crossovers(curves) if curves else [],
        pairs(record, curves),
        " ".join(filter(None, (answer, alone))),
        replications,
    )


def metric(name: str) -> Callable[[TrialResult], float]:
    """Name of a metric -> a function that reads it from a trial; nan where it was not recorded."""
    return lambda trial: trial.metrics.get(name, np.nan)


def cost_table(record: StudyRecord, of: Callable[[TrialResult], float]) -> pd.DataFrame:
    """Means of what finished trials cost, where known: columns recogniser, size, mean, min, max."""
    rows = [(trial.recogniser, trial.size, of(trial)) for trial in record.finished]
    known = pd.DataFrame(rows, columns=["recogniser", "size", "value"]).dropna()
    table = known.groupby(["recogniser", "size"])
    return table["value"].agg(["mean", "min", "max"]).reset_index()


def largest_trials(record: StudyRecord, recogniser: str) -> tuple[int, list[TrialResult]]:
    """The largest size a recogniser finished, and its trials there."""
    finished = [trial for trial in record.finished if trial.recogniser == recogniser]
    size = max(trial.size for trial in finished)
    return size, [trial for trial in finished if trial.size == size]
