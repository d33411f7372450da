"""Draws and seeds as they are named -> the runs of a study, and whether they tell the luck of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.external.rows import Row
from components.study.checks import CheckResult

SEEDS_ARE_DRAWS = "Its interval takes each seed for another draw of the training data."


@dataclass(frozen=True)
class Repetitions:
    """What tells the luck of training.

    runs: draw and init of each row. draws: of the training data. how: what they were taken for. caution: for
    the answer.
    """

    runs: list[tuple[int, int]]
    draws: int
    how: Mapping[str, str]
    checks: Sequence[CheckResult] = ()
    caution: str = ""


def read_repetitions(
    rows: Sequence[Row], columns: Mapping[str, str], cells: Sequence[tuple[str, int]]
) -> Repetitions:
    """Rows, their columns and the system and size of each -> their runs.

    Where some system was trained once at a size and others more often, all are inits of one draw: then no
    interval of the crossover is given, since it would leave out the luck of whichever was trained once.
    """
    names = {field: columns[field] for field in ("draw", "seed") if field in columns}
    labels = [tuple(row.text(column) for column in names.values()) for row in rows]
    how = {field: f"column {column}" for field, column in names.items()}
    times = _times(cells, labels)
    once = [f"{system} at {size:,}" for (system, size), number in times.items() if number < 2]
    if once:
        check = _one_draw() if len(once) == len(times) else _some_once(once, max(times.values()))
        return Repetitions([(0, init) for init in _within(cells, labels)], 1, how, [check])
    firsts = _numbered([label[:1] for label in labels])
    seconds = _numbered([label[1:] for label in labels])
    runs = [(firsts[label[:1]], seconds[label[1:]]) for label in labels]
    seeds = "draw" not in columns
    if seeds:
        how["seed"] += ", each taken for another draw of the training data"
    return Repetitions(runs, len(firsts), how, caution=SEEDS_ARE_DRAWS if seeds else "")


def _times(cells: Sequence[tuple[str, int]], labels: Sequence[tuple[str, ...]]) -> dict[tuple[str, int], int]:
    """System and size -> how often it was drawn, or trained where no draw is named; at 0 it is not."""
    seen: dict[tuple[str, int], set] = {}
    for cell, label in zip(cells, labels, strict=True):
        if cell[1]:
            seen.setdefault(cell, set()).add(label[:1])
    return {cell: len(found) for cell, found in seen.items()}


def _within(cells: Sequence[tuple[str, int]], labels: Sequence[tuple[str, ...]]) -> list[int]:
    """System and size, and label, of each row -> the label's place among those of its system and size."""
    seen: dict[tuple[str, int], list] = {}
    for cell, label in zip(cells, labels, strict=True):
        if label not in seen.setdefault(cell, []):
            seen[cell].append(label)
    return [seen[cell].index(label) for cell, label in zip(cells, labels, strict=True)]


def _numbered(labels: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Labels -> their places, numbers in their order."""
    ordered = sorted(set(labels), key=lambda label: [(len(text), text) for text in label])
    return {label: place for place, label in enumerate(ordered)}


def _one_draw() -> CheckResult:
    return CheckResult(
        "one-draw",
        "look",
        "Every system was trained on one draw at every size, so nothing tells what another draw of the "
        "training data would have changed, and the crossover has no interval.",
    )


def _some_once(once: Sequence[str], most: int) -> CheckResult:
    return CheckResult(
        "trained-once",
        "look",
        f"Some systems were trained on one draw at a size, others on up to {most}; an interval of the "
        "crossover would leave out the luck of the former, so there is none.",
        tuple(once),
    )
