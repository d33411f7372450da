"""Tasks and a fold -> nothing, or the error of a task that cannot be learned or tested there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.study.splits import UNTRAINED_SHARE, Fold
from components.study.task import CLASS, Label, Task

SHOWN = 5  # names in an error


def check_tasks(tasks: Mapping[str, Task], fold: Fold, data: str) -> None:
    """Raises ValueError for a task without labels on a side of a fold, or with some classes not trained.

    Where none of them is, as of people who are all others in the test, the task is only learned. data: name
    of the dataset.
    """
    for task in tasks.values():
        train, test = (task.at(side).present for side in (fold.train, fold.test))
        for side, labels in (("train", train), ("test", test)):
            if not labels:
                raise ValueError(
                    f"task {task.name!r} expected labels in {data} to {side} with, got none; fill some in "
                    "or leave the task out."
                )
        if task.kind == CLASS and not task.is_only_learned(fold.train, fold.test):
            _check_classes(task.name, train, test, data)


def _check_classes(name: str, train: Sequence[Label], test: Sequence[Label], data: str) -> None:
    untrained = set(test) - set(train)
    lost = sum(label in untrained for label in test)
    if lost > UNTRAINED_SHARE * len(test):
        some = sorted(map(str, untrained))
        more = f" and {len(some) - SHOWN:,} more" if len(some) > SHOWN else ""
        raise ValueError(
            f"task {name!r} of {data} expected training labels of every class that it tests, got none of "
            f"{', '.join(some[:SHOWN])}{more}; choose another --split, or leave the task out."
        )
