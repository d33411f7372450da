"""A task: what a study asks of an example besides its target; its answer is a class, number or text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

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

    def without(self, positions: Iterable[int]) -> Task:
        """Positions -> the same without the labels of the examples there."""
        lost = set(positions)
        return replace(self, labels=[None if i in lost else label for i, label in enumerate(self.labels)])

    def is_only_learned(self, train: Iterable[int], test: Iterable[int]) -> bool:
        """Positions of both sides of a fold -> whether none of the classes that are tested is trained.

        So of people, none of whom is on both sides: they can be learned beside others, and not be told.
        """
        tested = set(self.at(test).present)
        return self.kind == CLASS and bool(tested) and tested.isdisjoint(self.at(train).present)

    @property
    def present(self) -> list[Any]:
        """The labels that are not missing."""
        return [label for label in self.labels if label is not None]

    @property
    def facts(self) -> dict[str, str | int]:
        """What a report says of it."""
        classes = {"classes": len(set(self.present))} if self.kind == CLASS else {}
        return {"kind": self.kind, "unit": self.unit, **classes, "labelled": len(self.present)}


def label_counts(tasks: Mapping[str, Task]) -> dict[str, int]:
    """Tasks -> how many labels each has."""
    return {name: len(task.present) for name, task in tasks.items()}
