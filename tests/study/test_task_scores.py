"""Scores by task: errors of classes, numbers and texts, of the examples that have a label."""

import pandas as pd
import pytest

from components.speech.scoring import score_utterances
from components.study.results import TrialResult
from components.study.task import Task
from components.study.task_scores import metric_name, task_metrics, trials_of_task, with_tasks

IDS, GROUPS = ["a", "b", "c", "d"], ["ann", "ann", "bob", "bob"]
TASKS = {
    "gender": Task("gender", "class", ["f", "m", None, "m"]),
    "age": Task("age", "number", [30.0, None, 40.0, 20.0], "years"),
    "phones": Task("phones", "text", ["W AH N", "T UW", None, "F AY V"], "phones"),
}
ANSWERS = {
    "gender": ["f", "f", "f", "m"],
    "age": [33.0, 50.0, 40.0, 18.0],
    "phones": ["W AH N", "T", "X", "F AY V V"],
}


@pytest.fixture
def scores():
    words = score_utterances(IDS, GROUPS, ["one", "two", "four", "five"], ["one", "two", "for", "five"])
    return with_tasks(words, TASKS, ANSWERS, score_utterances)


def test_errors_are_counted_of_labels_that_are_there(scores):
    assert scores["errors"].tolist() == [0, 0, 1, 0]  # the words' own
    assert scores["task.gender.errors"].tolist() == [0, 1, 0, 0]
    assert scores["task.gender.total"].tolist() == [1, 1, 0, 1]
    assert scores["task.age.errors"].tolist() == [3.0, 0.0, 0.0, 2.0]
    assert scores["task.age.total"].tolist() == [1, 0, 1, 1]
    assert scores["task.phones.errors"].tolist() == [0, 1, 0, 1]
    assert scores["task.phones.total"].tolist() == [3, 2, 0, 3]


def test_metrics_have_rate_interval_counts_and_the_error_of_a_guess(scores):
    metrics = task_metrics(scores, TASKS, TASKS)
    assert metrics["tasks/gender/error_rate"] == pytest.approx(1 / 3)
    assert metrics["tasks/gender/error_rate_of_a_guess"] == pytest.approx(1 / 3)  # always m
    assert metrics["tasks/age/absolute_error"] == pytest.approx(5 / 3)
    assert metrics["tasks/age/absolute_error_of_a_guess"] == pytest.approx(20 / 3)  # always 30
    assert metrics["tasks/phones/error_rate"] == pytest.approx(2 / 8)
    assert metrics["tasks/gender/total"] == metrics["tasks/gender/training_labels"] == 3
    for task in TASKS.values():
        name = metric_name(task.name, task.kind)
        assert metrics[f"{name}_low"] <= metrics[name] <= metrics[f"{name}_high"]


def test_a_task_that_is_not_answered_has_no_metrics_and_no_trials(scores):
    some = with_tasks(
        scores[["id", "group", "errors", "total"]], TASKS, {"age": ANSWERS["age"]}, score_utterances
    )
    assert not any(name.startswith("tasks/gender") for name in task_metrics(some, TASKS, TASKS))
    trial = TrialResult("run", "mel-ctc", "end-to-end", "", 10, 0, 0, "finished", scores=some)
    assert trials_of_task([trial], "gender") == []
    (of_age,) = trials_of_task([trial], "age")
    assert of_age.scores["id"].tolist() == ["a", "c", "d"] and of_age.scores["errors"].sum() == 5
    assert isinstance(trial.scores, pd.DataFrame) and trial.scores is some  # the trial itself is as it was
