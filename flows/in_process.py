"""What one flow hands to another in the same process, without Prefect recording it."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class InProcess(Generic[T]):
    """A value as a flow's parameter, of which Prefect neither looks into nor sends anything to its server.

    It records every parameter as JSON, up to half a megabyte: the names of some thousand examples are more.
    """

    __slots__ = ("value",)  # no __dict__, so that it cannot be made JSON of

    def __init__(self, value: T) -> None:
        self.value = value
