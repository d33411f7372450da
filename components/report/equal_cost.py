"""Trades: findings -> from where on end-to-end is ahead when both sides may spend as much, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.report.extrapolation import ONE_DRAW
from components.report.findings import Findings, cost_table, metric
from components.study.curves import Crossover, crossover_at_cost
from components.study.results import StudyRecord, TrialResult

HOUR = 3600


@dataclass(frozen=True)
class Cost:
    """What a trial costs, in one currency. of: a trial -> that, nan if unknown. said: a cost -> words."""

    name: str
    of: Callable[[TrialResult], float]
    said: Callable[[float], str]


def trade_rows(found: Findings) -> list[dict[str, str]]:
    """Findings -> a row for every pair of recognisers: modular, end-to-end, and two columns for each cost.

    Under a cost's name from where on end-to-end is ahead when both may spend as much of it, under the name
    and " between" the interval; money only where the study names prices.
    """
    if found.curves is None:
        return []
    pairs = [
        each for each in found.crossovers if {each.modular, each.end_to_end} <= set(found.record.recognisers)
    ]
    rows = [{"modular": each.modular, "end-to-end": each.end_to_end} for each in pairs]
    for cost in costs_of(found.record):
        means = cost_table(found.record, cost.of).set_index(["recogniser", "size"])["mean"]
        for row, each in zip(rows, pairs, strict=True):
            row[cost.name], row[f"{cost.name} between"] = _trade(found, each, means, cost.said)
    return rows


def costs_of(record: StudyRecord) -> list[Cost]:
    """A record -> the costs that its recognisers can be compared at."""
    costs = [
        Cost("labelled speech", _speech, _duration),
        Cost("time to train", metric("train_seconds"), _duration),
        Cost("time to recognise", metric("decode_rtf"), _milliseconds),
        Cost("size of the model", metric("model_bytes"), _bytes),
    ]
    label, hour = (record.settings.get(name) or 0.0 for name in ("label_price", "hour_price"))
    if label or hour:
        costs.append(Cost("money", lambda trial: _money(trial, label, hour), _figures))
    return costs


def _speech(trial: TrialResult) -> float:
    """Seconds of speech it learned from."""
    return metric("train_seconds")(trial) * metric("audio_seconds_per_second")(trial)


def _money(trial: TrialResult, label: float, hour: float) -> float:
    training = metric("train_seconds")(trial) / HOUR * hour if hour else 0.0
    return trial.size * label + training


def _trade(
    found: Findings, each: Crossover, means: pd.Series, said: Callable[[float], str]
) -> tuple[str, str]:
    """A crossover and mean costs by recogniser and size -> the crossover at equal cost, and its interval."""
    sides = []
    for name in (each.modular, each.end_to_end):
        keys = [(name, size) for size in found.curves.curves[name].sizes]
        sides.append((name, means.reindex(keys).to_numpy(dtype=float)))  # nan, where unknown, is no cost
    at = crossover_at_cost(found.curves, *sides)
    return ("-", "") if at is None else _words(at, said)


def _words(at: Crossover, said: Callable[[float], str]) -> tuple[str, str]:
    """A crossover at a cost -> where it lies, and its interval."""
    first, last = said(at.sizes[0]), said(at.sizes[-1])
    if at.outcome == "inside":
        where = said(at.estimate)
    else:
        where = f"ahead at {first}" if at.outcome == "below" else f"not within {last}"
    if at.draws < 2:
        return where, ONE_DRAW
    if at.low == at.high:
        return where, "surely"
    if len(at.sizes) == 1:
        return where, "not surely"
    low = said(at.low) if at.low > 0 else f"below {first}"
    high = said(at.high) if np.isfinite(at.high) else f"beyond {last}"
    return where, f"{low} to {high}"


def _duration(seconds: float) -> str:
    """Seconds -> the same in two figures: 62 s, 14 min, 2.3 h."""
    for unit, size in (("h", HOUR), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{_figures(seconds / size)} {unit}"
    return f"{_figures(seconds)} s"


def _milliseconds(seconds: float) -> str:
    return f"{_figures(1000 * seconds)} ms"


def _bytes(size: float) -> str:
    """Bytes -> kB or MB."""
    return f"{_figures(size / 1e6)} MB" if size >= 1e6 else f"{_figures(size / 1e3)} kB"


def _figures(value: float) -> str:
    """Number -> two figures of it, or all before the point."""
    return f"{value:.2g}" if value < 99.5 else f"{value:,.0f}"
