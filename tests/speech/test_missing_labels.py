"""Labels that are not given: how many, and whose; a larger share takes those of a smaller one."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from components.contract import Clip
from components.speech.missing_labels import (
    LABELS,
    MISSING_BY,
    PARTS,
    RECORDINGS,
    SPEAKERS,
    check_missing_by,
    tasks_to_learn,
)
from components.study.task import Task, label_counts

CLIPS = [Clip(f"c{i}", f"s{i % 10}", np.zeros(1, np.float32), 8000) for i in range(100)]
LETTERS = [None if place % 5 == 0 else "ab"[place % 2] for place in range(100)]
TASKS = {
    "letter": Task("letter", "class", LETTERS),
    "number": Task("number", "number", [1.0] * 100),
    "nothing": Task("nothing", "class", [None] * 100),
}
SHARES = (0.0, 0.3, 0.5, 0.8, 0.9, 0.95)


def learned(learns="", missing=0.0, missing_by=LABELS, seed=0, tasks=TASKS):
    settings = SimpleNamespace(learns=learns, missing=missing, missing_by=missing_by)
    return tasks_to_learn(settings, tasks, CLIPS, seed)


def given(name, **settings):
    """Places of the clips whose label a system is given."""
    task = learned(**settings).get(name)
    return {i for i, label in enumerate(task.labels if task else []) if label is not None}


def test_a_system_learns_the_tasks_that_it_names_and_none_without_a_label():
    assert label_counts(learned()) == {"letter": 80, "number": 100}
    assert label_counts(learned("number", 0.5)) == {"number": 50}
    assert learned(missing=1.0) == learned(tasks=None) == {}


@pytest.mark.parametrize("by", MISSING_BY)
def test_a_larger_share_takes_the_labels_of_a_smaller_one_and_another_seed_takes_others(by):
    kept = [given("number", missing=share, missing_by=by) for share in SHARES]
    assert all(larger <= smaller for smaller, larger in pairwise(kept))
    assert [len(one) for one in kept[:-1]] == [100, 70, 50, 20, 10]
    assert len(kept[-1]) == (10 if by == SPEAKERS else 5) and not given("number", missing=1.0, missing_by=by)
    half = {"missing": 0.5, "missing_by": by}
    assert kept[2] == given("number", **half) != given("number", **half, seed=1)


def test_whole_recordings_and_whole_speakers_miss_all_tasks_at_once_and_labels_do_not():
    for by, same in ((LABELS, False), (RECORDINGS, True), (SPEAKERS, True)):
        letters, numbers = (given(name, missing=0.5, missing_by=by) for name in ("letter", "number"))
        assert (letters == numbers - set(range(0, 100, 5))) == same
    assert {i % 10 for i in numbers} == {i % 10 for i in range(100) if i in numbers} and len(numbers) == 50
    assert all(set(range(i % 10, 100, 10)) <= numbers for i in numbers)


def test_each_task_is_there_in_a_part_of_its_own():
    for share in (0.5, 0.9):
        some = {"learns": "letter+number", "missing": share, "missing_by": PARTS}
        assert not given("letter", **some) & given("number", **some)
    both = {"learns": "letter+number", "missing": 0.5, "missing_by": PARTS}
    assert given("letter", **both) | given("number", **both) >= set(range(100)) - set(range(0, 100, 5))


def test_a_way_that_there_is_not_and_speakers_that_nobody_knows_are_refused():
    with pytest.raises(ValueError, match="speakers"):
        check_missing_by("speaker")
    hidden = [Clip("c", "", np.zeros(1, np.float32), 8000)] * 100
    settings = SimpleNamespace(learns="", missing=0.5, missing_by=SPEAKERS)
    with pytest.raises(ValueError, match="take missing_by=recordings"):
        tasks_to_learn(settings, TASKS, hidden, 0)
