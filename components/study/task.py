"""A task: what a study asks of an example besides its target; its answer is a class, number or text."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

Kind = Literal["class", "number", "text"]
CLASS, NUMBER, TEXT = KINDS = get_args(Kind)
Label = str | float | None  # None: missing


@dataclass(frozen=True, eq=False)
class Task:
    """A question about every example, besides its target.

    Attributes
    ----------
    name
        As users type it.
    kind
        "class": one of few; "number"; "text": symbols between spaces.
    labels
        One an example, None where it is missing; of a number a float, else a text.
    unit
        What errors are counted in, in the plural: of a number its own ("years"), of a text its symbols. ""
        if it is not known.
    """

    name: str
    kind: Kind
    labels: Sequence[Label]
    unit: str = ""

    def at(self, positions: Iterable[int]) -> Task:
        """Positions -> the task of the examples there."""
        return replace(self, labels=[self.labels[i] for i in positions])

    def with_missing(self, share: float, seed: int = 0) -> Task:
        """The same without a share of the labels, drawn at random, a larger share with a smaller one's."""
        order = np.random.default_rng([seed, zlib.crc32(self.name.encode())]).permutation(len(self.labels))
        lost = set(order[: round(share * len(order))].tolist())
        return replace(self, labels=[None if i in lost else label for i, label in enumerate(self.labels)])

    @property
    def present(self) -> list[Any]:
        """The labels that are not missing."""
        return [label for label in self.labels if label is not None]

    @property
    def facts(self) -> dict[str, str | int]:
        """What a report says of it."""
        classes = {"classes": len(set(self.present))} if self.kind == CLASS else {}
        return {"kind": self.kind, "unit": self.unit, **classes, "labelled": len(self.present)}


def tasks_to_learn(
    tasks: Mapping[str, Task] | None, learns: str = "", missing: float = 0.0, seed: int = 0
) -> dict[str, Task]:
    """The tasks of a study -> those that a system learns, without those that have no label.

    learns: their names, joined by "+"; "": all. missing: share of the labels of each that it is not given,
    drawn by the seed.
    """
    names = learns.split("+") if learns else list(tasks or {})
    some = {name: task.with_missing(missing, seed) for name, task in (tasks or {}).items() if name in names}
    return {name: task for name, task in some.items() if task.present}


def label_counts(tasks: Mapping[str, Task]) -> dict[str, int]:
    """Tasks -> how many labels each has."""
    return {name: len(task.present) for name, task in tasks.items()}
