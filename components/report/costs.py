"""Costs: what a trial takes -> a chart by training size, a column of crossovers at equal cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.report.findings import metric
from components.study.results import StudyRecord, TrialResult

HOUR = 3600


@dataclass(frozen=True)
class Cost:
    """What a trial costs, in one currency.

    Attributes
    ----------
    of
        A trial -> its cost, nan if unknown.
    rank
        Place among the others, lowest first.
    title, unit, reading, kind
        Of its chart: title, unit of the axis, how to read it, and the kind of `chart.y_label`; no title, no
        chart.
    key
        File name of its chart.
    name, words, note
        At equal cost: name of the column, a cost -> words, and a sentence on it; no name, no column.
    """

    of: Callable[[TrialResult], float]
    rank: int
    title: str = ""
    unit: str = ""
    reading: str = ""
    kind: str = "number"
    key: str = ""
    name: str = ""
    words: Callable[[float], str] = str
    note: str = ""


def figures(value: float) -> str:
    """Number -> two figures of it, or all before the point."""
    return f"{value:.2g}" if value < 99.5 else f"{value:,.0f}"


def duration(seconds: float) -> str:
    """Seconds -> the same in two figures: 62 s, 14 min, 2.3 h."""
    for unit, size in (("h", HOUR), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{figures(seconds / size)} {unit}"
    return f"{figures(seconds)} s"


def model_size(size: float) -> str:
    """Bytes -> kB or MB."""
    return f"{figures(size / 1e6)} MB" if size >= 1e6 else f"{figures(size / 1e3)} kB"


COSTS = (
    Cost(
        metric("train_seconds"),
        20,
        title="Seconds to train",
        unit="seconds",
        reading="Lower is quicker.",
        kind="seconds",
        key="cost-train-seconds",
        name="time to train",
        words=duration,
    ),
    Cost(
        metric("parameters"),
        40,
        title="Learned numbers in the model",
        unit="parameters",
        reading="Fewer is smaller.",
        key="cost-parameters",
    ),
    Cost(
        metric("peak_memory_mb"),
        50,
        title="Memory at the peak of a trial",
        unit="MB",
        reading="Lower runs on smaller machines.",
        key="cost-peak-memory-mb",
    ),
    Cost(metric("model_bytes"), 60, name="size of the model", words=model_size),
)


def costs_of(record: StudyRecord, more: Sequence[Cost] = ()) -> list[Cost]:
    """A record and the costs of its subject -> all of its costs, and money where the study names prices."""
    label, hour = (record.settings.get(name) or 0.0 for name in ("label_price", "hour_price"))
    money = Cost(lambda trial: _money(trial, label, hour), 100, name="money", words=figures)
    return sorted([*COSTS, *more, *([money] if label or hour else [])], key=lambda cost: cost.rank)


def _money(trial: TrialResult, label: float, hour: float) -> float:
    training = metric("train_seconds")(trial) / HOUR * hour if hour else 0.0
    return trial.size * label + training
