"""Which task helps or harms which: errors of one with another beside it against without, as cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from components.speech.several_tasks import ALONE, APART, APART_LARGE, TOGETHER
from components.speech.tasks import WORDS
from components.study.curves import LearningCurves, change
from components.study.curves.change import holm
from components.study.recipe import base_name, named_settings

COLUMNS = ["task", "beside", "size", "change", "low", "high", "p_value"]
LEVEL = 0.05


@dataclass(frozen=True)
class Cell:
    """Errors of `task` once `beside` is learned by the same network, as a change of what they were.

    Attributes
    ----------
    change, low, high : as a share of the errors without; below zero is better. The ends are those of a 95 %
        interval.
    p_value : of the test that there is none, corrected for one test a size and cell (Holm, 1979).
    before, after : names of the recognisers compared, at `size` labelled examples.
    """

    task: str
    beside: str
    size: int
    change: float
    low: float
    high: float
    p_value: float
    before: str
    after: str

    @property
    def verdict(self) -> Literal["helps", "harms", "even"]:
        """What `beside` does to `task`, beyond luck."""
        if self.p_value >= LEVEL:
            return "even"
        return "helps" if self.change < 0 else "harms"


@dataclass(frozen=True)
class TaskMatrix:
    """tasks: in order, of rows and columns. cells: those that were tried."""

    tasks: list[str]
    cells: list[Cell]

    @property
    def table(self) -> pd.DataFrame:
        """One row a cell."""
        rows = [
            (one.task, one.beside, one.size, one.change, one.low, one.high, one.p_value) for one in self.cells
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    @property
    def sentence(self) -> str:
        """The cells beyond luck, in words."""
        beyond = [one for one in self.cells if one.verdict != "even"]
        words = [f"{one.beside} {one.verdict} {one.task} ({signed_percent(one.change)})" for one in beyond]
        return f"Beyond luck {', '.join(words)}." if words else "No task helps or harms another beyond luck."


def task_matrix(curves: Mapping[str, LearningCurves], names: Sequence[str]) -> TaskMatrix | None:
    """Task -> its learning curves, the words' among them, and all recognisers -> cells at the largest sizes.

    A cell compares the smallest network that learns both tasks with the one that learns all but the second.
    None where nothing can be compared.
    """
    further = [task for task in curves if task != WORDS]
    together = _together(names, further)
    cells = [
        cell
        for task in curves
        for beside in curves
        if task != beside and (cell := _cell(curves[task], task, beside, together, names))
    ]
    p_values = holm(np.array([cell.p_value for cell in cells])).tolist()
    cells = [replace(cell, p_value=p_value) for cell, p_value in zip(cells, p_values, strict=True)]
    return TaskMatrix([*curves], cells) if cells else None


def _together(names: Sequence[str], tasks: Sequence[str]) -> dict[frozenset[str], str]:
    """What a network learns -> its name, of those without other settings; words are among it."""
    learned = {}
    for name in names:
        own = named_settings(name)
        if base_name(name) == TOGETHER and not own.keys() - {"learns"}:
            learned[frozenset([WORDS, *(str(own["learns"]).split("+") if own else tasks)])] = name
    return learned


def _cell(
    curves: LearningCurves,
    task: str,
    beside: str,
    together: Mapping[frozenset[str], str],
    names: Sequence[str],
) -> Cell | None:
    after = together.get(frozenset({WORDS, task, beside}))
    before = _without(task, beside, together, names)
    if after not in curves.curves or before not in curves.curves:
        return None
    both = change(curves, before, after)
    rates = dict(zip(curves.curves[before].sizes.tolist(), curves.curves[before].rate, strict=True))
    if not len(both.sizes) or not (rate := float(rates[int(both.sizes[-1])])):
        return None
    values = (float(values[-1] / rate) for values in (both.difference, both.low, both.high))
    return Cell(task, beside, int(both.sizes[-1]), *values, float(both.p_value[-1]), before, after)


def _without(
    task: str, beside: str, together: Mapping[frozenset[str], str], names: Sequence[str]
) -> str | None:
    """The recogniser that learns the task without the other: words alone, a task alone, a task and words."""
    if task == WORDS:
        return ALONE[TOGETHER]
    if beside == WORDS:
        return next((name for name in (APART_LARGE, APART) if name in names), None)
    return together.get(frozenset({WORDS, task}))


def signed_percent(share: float) -> str:
    """A share -> in per cent, with its sign."""
    return f"{100 * share:+.0f} %".replace("-", "−")
