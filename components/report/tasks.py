"""Tasks: what recognisers answer besides the words, how well, and what learning it is worth to the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from components.report.chart import number, percent
from components.report.findings import Findings
from components.report.task_matrix import TaskMatrix, task_matrix
from components.report.task_pairs import compared
from components.report.transfer import labels_in_words
from components.speech.several_tasks import ALONE, TOGETHER
from components.speech.tasks import WORDS
from components.study.curves import BEST, Curve, LearningCurves, crossover, learning_curves
from components.study.curves.answer import about
from components.study.curves.crossing import shared_sizes
from components.study.curves.label_worth import label_worth
from components.study.recipe import base_name
from components.study.task import CLASS, NUMBER, TEXT, Task
from components.study.task_scores import metric_name, trials_of_task

COLUMNS = ["task", "recogniser", "size", "rate", "low", "high"]


@dataclass(frozen=True, eq=False)
class TaskTable:
    """The answers to one task.

    Attributes
    ----------
    task
        Its name, kind and unit; no labels.
    curves
        Of its errors, by recogniser.
    guess
        The error of one answer for all test utterances, None if it is not known.
    """

    task: Task
    curves: LearningCurves
    guess: float | None

    @property
    def caption(self) -> str:
        """What the numbers are, with their unit."""
        name, unit = self.task.name, self.task.unit
        return {
            CLASS: f"{name}: utterances whose {name} is wrong, per cent",
            TEXT: f"{name}: wrong {unit or 'symbols'}, per cent",
            NUMBER: f"{name}: mean absolute error, {unit or 'in the unit of its labels'}",
        }[self.task.kind]

    @property
    def rows(self) -> dict[str, dict[int, dict[str, str]]]:
        """Recogniser -> size -> rate, low and high in words."""
        return {name: _cells(self, self.curves.curves[name]) for name in self.recognisers}

    @property
    def recognisers(self) -> list[str]:
        """Names of those that answer the task."""
        return [name for name, members in self.curves.members.items() if members == (name,)]

    def words(self, rate: float) -> str:
        """A rate -> it with its unit."""
        unit = f" {self.task.unit}".rstrip()
        return f"{number(rate)}{unit}" if self.task.kind == NUMBER else percent(rate)

    def difference(self, value: float) -> str:
        """A difference of two rates -> it with its sign and unit."""
        unit = f" {self.task.unit}".rstrip()
        return signed(value, 2, unit) if self.task.kind == NUMBER else points(value)


def points(value: float) -> str:
    """A difference of two shares -> in points of per cent, with its sign."""
    return signed(100 * value, 1, " points")


def signed(value: float, digits: int, unit: str) -> str:
    """A difference -> with its sign, so many digits behind the point, and a unit."""
    return f"{value:+.{digits}f}".replace("-", "−") + unit


def _cells(table: TaskTable, curve: Curve) -> dict[int, dict[str, str]]:
    values = zip(curve.sizes.tolist(), curve.rate, curve.low, curve.high, strict=True)
    return {
        size: dict(zip(("rate", "low", "high"), map(table.words, rates), strict=True))
        for size, *rates in values
    }


@dataclass(frozen=True, eq=False)
class TasksView:
    """tables: one a task. sentences: what they say, and what tasks are worth to the words.

    matrix: which task helps or harms which.
    """

    tables: list[TaskTable]
    sentences: list[str]
    sizes: list[int]
    matrix: TaskMatrix | None = None

    @property
    def files(self) -> dict[str, pd.DataFrame]:
        """Name -> table for a file: tasks, and task_matrix where there is one."""
        return {"tasks": self.table} | ({"task_matrix": self.matrix.table} if self.matrix else {})

    @property
    def table(self) -> pd.DataFrame:
        """One row a task, recogniser and size: rate and both ends of its interval."""
        rows = [
            (one.task.name, name, *values)
            for one in self.tables
            for name in one.recognisers
            for curve in [one.curves.curves[name]]
            for values in zip(curve.sizes.tolist(), curve.rate, curve.low, curve.high, strict=True)
        ]
        return pd.DataFrame(rows, columns=COLUMNS)


def tasks_view(findings: Findings) -> TasksView | None:
    """Findings -> the answers to the study's tasks; None where nobody answered any."""
    known = findings.record.dataset.get("tasks") or {}
    tables = [table for name, facts in known.items() if (table := _table(findings, name, facts))]
    if not tables:
        return None
    sentences = [sentence for table in tables for sentence in _of_task(table, findings)]
    names, labelled = findings.record.recognisers, findings.nouns.labelled
    sentences += [_worth(findings, name) for name in names if base_name(name) == TOGETHER]
    sentences += compared(findings.curves, "the words", labelled, points, names)
    curves = {WORDS: findings.curves} if findings.curves else {}
    curves |= {table.task.name: table.curves for table in tables}
    matrix = task_matrix(curves, names)
    return TasksView(tables, [text for text in sentences if text], findings.record.sizes, matrix)


def _table(findings: Findings, name: str, facts: dict[str, Any]) -> TaskTable | None:
    trials = trials_of_task(findings.record.finished, name)
    if not trials:
        return None
    task = Task(name, facts["kind"], [], facts["unit"])
    curves = learning_curves(trials, replications=findings.replications)
    guesses = [trial.metrics.get(f"{metric_name(name, task.kind)}_of_a_guess") for trial in trials]
    known = [guess for guess in guesses if guess is not None]
    return TaskTable(task, curves, float(np.mean(known)) if known else None)


def _of_task(table: TaskTable, findings: Findings) -> list[str]:
    """Sentences on one task: who errs least with most labels, which family, and whether together or apart."""
    labelled = findings.nouns.labelled
    return [
        _best(table, findings),
        _family(table, findings.record.sizes, labelled),
        *compared(table.curves, table.task.name, labelled, table.difference, table.recognisers),
    ]


def _best(table: TaskTable, findings: Findings) -> str:
    """The recogniser that errs least at its largest size, in words."""
    curves = [table.curves.curves[name] for name in table.recognisers if len(table.curves.curves[name].sizes)]
    if not curves:
        return ""
    best = min(curves, key=lambda curve: (-curve.sizes[-1], curve.rate[-1]))
    rate, low, high = (table.words(values[-1]) for values in (best.rate, best.low, best.high))
    name, unit = table.task.name, table.task.unit
    what = {
        CLASS: f"gets the {name} of {rate} of the test {findings.nouns.examples} wrong",
        TEXT: f"gets {rate} of the {unit or f'symbols of {name}'} wrong",
        NUMBER: f"is off by {rate} of {name} on average",
    }[table.task.kind]
    with_labels = f"With {best.sizes[-1]:,} {findings.nouns.labelled} {best.name}"
    return f"{with_labels} {what} (95 % interval {low} to {high}){_without_listening(table)}."


def _without_listening(table: TaskTable) -> str:
    if table.guess is None:
        return ""
    guess = table.words(table.guess)
    if table.task.kind == NUMBER:
        return f"; whoever always answers the median is off by {guess}"
    return f"; whoever always answers the commonest class is wrong for {guess}"


def _family(table: TaskTable, sizes: list[int], labelled: str) -> str:
    """From which size on the best end-to-end answers err less than the best modular ones, in words."""
    curves, names = table.curves, (BEST["modular"], BEST["end-to-end"])
    if not set(names) <= curves.curves.keys() or not len(shared_sizes(curves, *names)):
        return ""
    crossing = crossover(curves, *names)
    low, high = (labels_in_words(size, sizes) for size in (crossing.low, crossing.high))
    ahead = {
        "below": f"errs less than modular from {sizes[0]:,} {labelled} on, the fewest tried",
        "never": f"does not err less than modular with {sizes[-1]:,} {labelled}, the most tried",
        "inside": f"errs less than modular from about {about(crossing.estimate or 0)} {labelled} on",
    }[crossing.outcome]
    return f"Asked for {table.task.name}, end-to-end {ahead} (95 % interval {low} to {high})."


def _worth(findings: Findings, name: str) -> str:
    """What the further tasks are worth to the words, in labels of a recogniser that learns these alone."""
    curves, alone = findings.curves, ALONE[TOGETHER]
    if curves is None or not {name, alone} <= curves.curves.keys():
        return ""
    worths = label_worth(curves, name, alone)
    inside = [
        worth for worth in worths if 0 < worth.labels < np.inf and worth.size < findings.record.sizes[-1]
    ]
    if not inside:
        return ""
    worth = inside[-1]
    low, high = (labels_in_words(size, findings.record.sizes) for size in (worth.low, worth.high))
    return (
        f"For the words, {worth.size:,} {findings.nouns.labelled} with the other tasks ({name}) do what "
        f"{about(worth.labels)} do without ({alone}; 95 % {low} to {high})."
    )
