"""A dataset: labelled examples of any kind, who they belong to, and a fingerprint of all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.study.nouns import Nouns
from components.study.task import Task
from components.study.unlabelled import Unlabelled, as_it_is


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples and, beside them, what a study needs to know of each; all in the same order.

    Attributes
    ----------
    examples : what a system is given, without its target
    targets : what a system should answer, hashable
    ids : unique names of the examples
    groups : what each example belongs to, resampled and split whole; "" for none
    parts : "train", "dev" or "test" of each example, "" where the data declare no split
    fingerprint : hash of everything that can change a result
    facts : what a report says of the data, by name; `name` is among them
    folder : where intermediate results are kept, such as features and checkpoints, if anywhere
    set_aside : (name, reason) of each example that could not be used
    closed : whether targets are few classes, none of which may be tested without having been trained
    nouns : the words for these data, where they are not the subject's usual ones
    tasks : name -> what is asked of every example besides its target
    background : what every system may learn from besides its training examples, however few these are
    bare : an example -> the same without its name or anything else by which its target may be known
    """

    examples: Sequence[Any]
    targets: Sequence[Any]
    ids: Sequence[str]
    groups: Sequence[str]
    parts: Sequence[str]
    fingerprint: str
    facts: Mapping[str, Any]
    folder: Path | None = None
    set_aside: Sequence[tuple[str, str]] = ()
    closed: bool = False
    nouns: Nouns | None = None
    tasks: Mapping[str, Task] = field(default_factory=dict)
    background: Sequence[Any] = ()
    bare: Callable[[Any], Any] = as_it_is

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def name(self) -> str:
        """What the data are called."""
        return str(self.facts["name"])

    def labelled(self, positions: Iterable[int]) -> tuple[list[Any], list[Any]]:
        """Positions -> the examples there, and their targets."""
        positions = list(positions)
        return [self.examples[i] for i in positions], [self.targets[i] for i in positions]

    def unlabelled(self, positions: Iterable[int]) -> Unlabelled:
        """Positions -> the examples there without targets and bare, each read when it is asked for."""
        return Unlabelled([(self.examples, int(position)) for position in positions], self.bare)

    def tasks_at(self, positions: Iterable[int]) -> dict[str, Task]:
        """Positions -> the tasks of the examples there, with their labels."""
        positions = list(positions)
        return {name: task.at(positions) for name, task in self.tasks.items()}

    def tasks_scored(self, train: Iterable[int], test: Iterable[int]) -> dict[str, Task]:
        """Positions of both sides of a fold -> the tasks of the test, but for those that are only learned."""
        known = {name: task for name, task in self.tasks.items() if not task.is_only_learned(train, test)}
        return {name: task.at(test) for name, task in known.items()}
