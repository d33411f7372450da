"""Ranges of numbers that settings may have, and the error that names all settings out of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Range:
    """text: what is expected, in words. fits: a number -> whether it is in the range; NaN never is."""

    text: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True)
class Problem:
    """A setting that cannot be used. usual: the default value; None where that is to leave it out."""

    setting: str
    expected: str
    got: Any
    usual: Any = None

    @property
    def sentence(self) -> str:
        """The error without its subject."""
        return f"expected {self.expected} for {self.setting}, got {self.got!r}; {self.way_out}."

    @property
    def way_out(self) -> str:
        """What to do about it."""
        return "leave it out" if self.usual is None else f"{self.usual!r} is usual"


class BadSettings(ValueError):
    """A part's settings that cannot be used, all at once; `problems` names them one by one."""

    def __init__(self, part: Any, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        name = type(part).__name__
        lines = [
            f"{name} expected {p.expected} for {p.setting}, got {p.got!r}; {p.way_out}." for p in problems
        ]
        super().__init__("\n".join(lines))


def at_least(low: float) -> Range:
    """The numbers from `low` on."""
    return Range(f"a number from {low:g} on", lambda number: number >= low)


def above(low: float) -> Range:
    """The numbers above `low`."""
    return Range(f"a number above {low:g}", lambda number: number > low)


def above_up_to(low: float, high: float) -> Range:
    """The numbers above `low`, up to `high`."""
    return Range(f"a number above {low:g}, up to {high:g}", lambda number: low < number <= high)


def between(low: float, high: float) -> Range:
    """The numbers from `low` to `high`, both included."""
    return Range(f"a number from {low:g} to {high:g}", lambda number: low <= number <= high)


def check_ranges(part: Any, **ranges: Range) -> None:
    """A part and the range of each of its settings -> nothing; BadSettings for those out of range.

    None is in every range: whether a setting may be None is for its annotation to say.
    """
    usual = type(part)().get_params(deep=False)
    values = {setting: getattr(part, setting) for setting in ranges}
    wrong = [
        Problem(setting, ranges[setting].text, value, usual[setting])
        for setting, value in values.items()
        if value is not None and not ranges[setting].fits(value)
    ]
    if wrong:
        raise BadSettings(part, wrong)
