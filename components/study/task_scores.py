"""The scores of a study's tasks: labels and answers -> errors of each example, metrics, trials of one task.

Errors of a class are 0 or 1, those of a text are counted as the subject counts its own, those of a number are
absolute differences. An example without a label has a total of 0 and no errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from components.study.counts import rate_interval, ratio
from components.study.results import TrialResult
from components.study.task import NUMBER, TEXT, Task

Score = Callable[[Sequence[str], Sequence[str], Sequence[Any], Sequence[Any]], pd.DataFrame]
PARTS = ("label", "answer", "errors", "total")  # of a task's columns
METRIC = {NUMBER: "absolute_error"}  # name of the rate; else error_rate


def column(task: str, part: str) -> str:
    """Name of a task and one of PARTS -> its column in a table of scores."""
    return f"task.{task}.{part}"


def metric_name(task: str, kind: str) -> str:
    """Name and kind of a task -> the name of its rate among a trial's metrics; its bounds begin alike."""
    return f"tasks/{task}/{METRIC.get(kind, 'error_rate')}"


def rate_names(facts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The tasks of a study's dataset, as its facts have them -> names of their rates among the metrics."""
    return [metric_name(name, task["kind"]) for name, task in facts.items()]


def with_tasks(
    scores: pd.DataFrame, tasks: Mapping[str, Task], answers: Mapping[str, Sequence[Any]], score: Score
) -> pd.DataFrame:
    """A table of scores, tasks of its examples in order and answers to some -> the table with their columns.

    score: as of a Subject, counts the errors of texts.
    """
    for name, task in tasks.items():
        if name not in answers:
            continue
        errors, totals = _counts(scores, task, answers[name], score)
        parts = (task.labels, answers[name], errors, totals)
        columns = {column(name, part): list(values) for part, values in zip(PARTS, parts, strict=True)}
        scores = scores.assign(**columns)
    return scores


def _counts(
    scores: pd.DataFrame, task: Task, answers: Sequence[Any], score: Score
) -> tuple[Sequence[float], Sequence[float]]:
    """A task and the answers to it -> errors and total of each example."""
    if task.kind == TEXT:
        texts = [label or "" for label in task.labels]
        counted = score(scores["id"], scores["group"], texts, answers)
        known = np.array([label is not None for label in task.labels])
        return (counted["errors"] * known).tolist(), (counted["total"] * known).tolist()
    pairs = list(zip(task.labels, answers, strict=True))
    if task.kind == NUMBER:
        errors = [0.0 if label is None else abs(float(label) - float(answer)) for label, answer in pairs]
    else:
        errors = [int(label is not None and label != answer) for label, answer in pairs]
    return errors, [int(label is not None) for label, _ in pairs]


def task_metrics(
    scores: pd.DataFrame,
    tasks: Mapping[str, Task],
    trained: Mapping[str, Task],
    labels: Mapping[str, int] | None = None,
) -> dict[str, float]:
    """A table of scores with tasks' columns -> rate, its interval, errors and total of each.

    trained: the tasks of the training examples, from which the error of a guess follows that looks at none:
    the commonest class, the median number. labels: how many of each the system learned from; None: all.
    """
    metrics: dict[str, float] = {}
    for name, task in tasks.items():
        if column(name, "errors") in scores:
            count = (labels or {}).get(name, len(trained[name].present))
            metrics |= _metrics(task, scores, trained[name], count)
    return metrics


def _metrics(task: Task, scores: pd.DataFrame, trained: Task, labels: int) -> dict[str, float]:
    errors, totals = (scores[column(task.name, part)] for part in ("errors", "total"))
    low, high = rate_interval(errors, totals, scores["group"])
    name, counts = (
        metric_name(task.name, task.kind),
        {"errors": float(errors.sum()), "total": float(totals.sum())},
    )
    metrics = {name: ratio(**counts), f"{name}_low": low, f"{name}_high": high}
    metrics |= {f"tasks/{task.name}/{part}": count for part, count in counts.items()}
    metrics[f"tasks/{task.name}/training_labels"] = float(labels)
    return metrics | _guess(task, trained)


def _guess(task: Task, trained: Task) -> dict[str, float]:
    """The error of one answer for all, the one that is best on the training labels; none for texts."""
    if task.kind == TEXT or not trained.present or not task.present:
        return {}
    if task.kind == NUMBER:
        error = float(np.abs(np.array(task.present) - np.median(trained.present)).mean())
    else:
        names, counts = np.unique(trained.present, return_counts=True)
        error = float(np.mean([label != names[counts.argmax()] for label in task.present]))
    return {f"{metric_name(task.name, task.kind)}_of_a_guess": error}


def trials_of_task(trials: Sequence[TrialResult], name: str) -> list[TrialResult]:
    """Finished trials and the name of a task -> those that answer it, with the scores of the task alone."""
    errors, total = column(name, "errors"), column(name, "total")
    answering = [trial for trial in trials if trial.scores is not None and errors in trial.scores]
    return [replace(trial, scores=_of_task(trial.scores, errors, total)) for trial in answering]


def _of_task(scores: pd.DataFrame, errors: str, total: str) -> pd.DataFrame:
    labelled = scores[scores[total] > 0]
    return labelled.assign(errors=labelled[errors], total=labelled[total])
