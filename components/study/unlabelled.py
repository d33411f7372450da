"""Examples that nobody labelled, for systems that learn from such as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Unlabelled(Sequence):
    """Examples without their targets, each read, and made bare, when it is asked for.

    places: examples, and the position of one of them. bare: as Dataset's.
    """

    def __init__(self, places: Sequence[tuple[Sequence[Any], int]], bare: Callable[[Any], Any]) -> None:
        self._places, self._bare = places, bare

    def __len__(self) -> int:
        return len(self._places)

    def __add__(self, other: Unlabelled) -> Unlabelled:
        return Unlabelled([*self._places, *other._places], self._bare)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Unlabelled(self._places[index], self._bare)
        examples, position = self._places[index]
        return self._bare(examples[position])


def as_it_is(example: Any) -> Any:
    """An example -> itself."""
    return example
