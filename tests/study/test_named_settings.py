"""Settings in a system's name: several values are several systems; they are those of the system."""

import pytest

from components.study.recipe import base_name, expand_settings, named_settings
from components.study.study import Study
from components.study.task import Task, label_counts, tasks_to_learn


def test_each_value_is_a_name_of_its_own():
    assert expand_settings("net:width=16/32:plain:missing=0.9") == [
        "net:width=16:plain:missing=0.9",
        "net:width=32:plain:missing=0.9",
    ]
    assert expand_settings("net:speed+noise") == ["net:speed+noise"]
    assert Study(systems=["net:width=1/2", "net:width=2", "other"]).systems == [
        "net:width=1",
        "net:width=2",
        "other",
    ]


def test_settings_are_read_from_the_name():
    name = "net:width=16:plain:learns=gender+age:missing=0.9"
    assert named_settings(name) == {"width": 16, "learns": "gender+age", "missing": 0.9}
    assert base_name(name) == "net" and named_settings("net:plain") == {}


@pytest.fixture
def tasks():
    labels = [None if place % 5 == 0 else "ab"[place % 2] for place in range(100)]
    return {"letter": Task("letter", "class", labels), "nothing": Task("nothing", "class", [None] * 100)}


def test_labels_are_missing_at_random_and_a_larger_share_takes_those_of_a_smaller_one(tasks):
    letter = tasks["letter"]
    few, none = letter.with_missing(0.9, 1), letter.with_missing(1.0, 1)
    half, other = letter.with_missing(0.5, 1), letter.with_missing(0.5, 2)
    assert none.present == [] and len(few.present) < 10 < 30 < len(half.present) < 50
    assert half.labels != other.labels and half.labels == letter.with_missing(0.5, 1).labels
    for smaller, larger in ((letter, half), (half, few)):
        assert all(a == b for a, b in zip(smaller.labels, larger.labels, strict=True) if b is not None)
    assert letter.with_missing(0.0).labels == letter.labels


def test_a_system_learns_the_tasks_that_it_names_and_none_without_a_label(tasks):
    tasks["number"] = Task("number", "number", [1.0] * 100)
    assert label_counts(tasks_to_learn(tasks)) == {"letter": 80, "number": 100}
    assert label_counts(tasks_to_learn(tasks, "number", 0.5)) == {"number": 50}
    assert tasks_to_learn(tasks, missing=1.0) == tasks_to_learn(None) == {}
