"""Labels of further tasks that are not given: at random, of whole recordings or speakers, by parts."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components.contract import Clip
from components.errors import unknown
from components.study.task import Task

LABELS, RECORDINGS, SPEAKERS, PARTS = MISSING_BY = ("labels", "recordings", "speakers", "parts")


def tasks_to_learn(
    settings: Any, tasks: Mapping[str, Task] | None, clips: Sequence[Clip], seed: int
) -> dict[str, Task]:
    """The tasks of a study -> those that a system learns, without those that have no label.

    settings: the system's. `learns`: names of tasks, joined by "+"; "": all. `missing`: share of the labels
    of each that it is not given, drawn by the seed; a larger share takes those of a smaller one, too.
    `missing_by`: "labels", of each task by itself; "recordings", the same ones for all tasks; "speakers", all
    recordings of some, as near to the share as whole speakers are, never of all unless the share is 1;
    "parts", each task has labels in a part of its own, apart from the others' where the share leaves room.
    Raises ValueError for missing speakers where no clip says who speaks.
    """
    names = settings.learns.split("+") if settings.learns else list(tasks or {})
    asked = {name: task for name, task in (tasks or {}).items() if name in names}
    speakers, share = [clip.speaker for clip in clips], settings.missing
    known = {}
    for place, (name, task) in enumerate(asked.items()):
        if settings.missing_by == SPEAKERS:
            lost = _of_speakers(speakers, share, seed)
        else:
            lost = _of_order(_order(settings.missing_by, task, place / len(asked), seed), share)
        known[name] = task.without(lost)
    return {name: task for name, task in known.items() if task.present}


def check_missing_by(name: str) -> None:
    """Raises ValueError, with the nearest known one, for a way to miss labels that there is none of."""
    if name not in MISSING_BY:
        raise unknown("missing_by", name, MISSING_BY)


def _order(by: str, task: Task, turn: float, seed: int) -> np.ndarray:
    """Clips in the order in which they lose the label of a task. turn: share of the clips that come last."""
    own = [zlib.crc32(task.name.encode())] if by == LABELS else []
    order = np.random.default_rng([seed, *own]).permutation(len(task.labels))
    return np.roll(order, -round(turn * len(order))) if by == PARTS else order


def _of_order(order: np.ndarray, share: float) -> np.ndarray:
    return order[: round(share * len(order))]


def _of_speakers(speakers: Sequence[str], share: float, seed: int) -> np.ndarray:
    """The clips of whole speakers that are to lose labels: those whose middle clip lies within the share."""
    names, counts = np.unique(speakers, return_counts=True)
    if share and not any(names):
        raise ValueError(
            "missing_by=speakers expected clips that say who speaks, got none that does; speakers who are a "
            "task are hidden: take missing_by=recordings."
        )
    order = np.random.default_rng(seed).permutation(len(names))
    middles = np.cumsum(counts[order]) - counts[order] / 2
    lost = order[middles <= share * len(speakers)]
    return np.flatnonzero(np.isin(speakers, names[lost if share == 1 else lost[: len(names) - 1]]))
