"""A task that cannot be learned or tested on a fold is refused before anything is trained."""

import numpy as np
import pytest

from components.study.splits import Fold
from components.study.task import Task
from components.study.task_checks import check_tasks

FOLD = Fold("declared", np.arange(10), np.arange(10, 20))


def test_labels_on_both_sides_are_fine_with_some_missing():
    labels = ["a", None, "b", *["a"] * 7, *["b", None] * 5]
    check_tasks({"mood": Task("mood", "class", labels)}, FOLD, "my.csv")
    check_tasks({"age": Task("age", "number", [3.0] * 20)}, FOLD, "my.csv")


@pytest.mark.parametrize(
    ("side", "labels"), [("train", [None] * 10 + ["a"] * 10), ("test", ["a"] * 10 + [None] * 10)]
)
def test_a_side_without_labels_is_named(side, labels):
    with pytest.raises(ValueError) as error:
        check_tasks({"mood": Task("mood", "class", labels)}, FOLD, "my.csv")
    assert str(error.value) == (
        f"task 'mood' expected labels in my.csv to {side} with, got none; fill some in or leave the task out."
    )


def test_classes_that_are_tested_and_never_trained_are_named():
    labels = ["ann"] * 10 + ["bob"] * 8 + ["ann"] * 2
    with pytest.raises(ValueError) as error:
        check_tasks({"speaker": Task("speaker", "class", labels)}, FOLD, "my.csv")
    assert str(error.value) == (
        "task 'speaker' of my.csv expected training labels of every class that it tests, got none of bob; "
        "choose another --split, or leave the task out."
    )


def test_classes_of_which_none_is_tested_are_only_learned():
    task = Task("speaker", "class", ["ann"] * 10 + ["bob"] * 9 + [None])
    check_tasks({"speaker": task}, FOLD, "my.csv")
    assert task.is_only_learned(FOLD.train, FOLD.test)
    assert not Task("age", "number", [3.0] * 10 + [4.0] * 10).is_only_learned(FOLD.train, FOLD.test)
    assert not Task("mood", "class", ["a"] * 10 + [None] * 10).is_only_learned(FOLD.train, FOLD.test)
