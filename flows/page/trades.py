"""Trades: findings -> from where on end-to-end is ahead when both sides may spend as much, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.curves import Crossover, crossover_at_cost
from components.results import StudyRecord, TrialResult
from flows.page.findings import Findings
from flows.page.outlook import ONE_DRAW

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
    costs = costs_of(found.record)
    return [
        {"modular": each.modular, "end-to-end": each.end_to_end}
        | {name: text for cost in costs for name, text in _trade(found, each, cost).items()}
        for each in pairs
    ]


def costs_of(record: StudyRecord) -> list[Cost]:
    """A record -> the costs that its recognisers can be compared at."""
    costs = [
        Cost("labelled speech", _speech, _duration),
        Cost("time to train", lambda trial: trial.metrics.get("train_seconds", np.nan), _duration),
        Cost("time to recognise", lambda trial: trial.metrics.get("decode_rtf", np.nan), _milliseconds),
        Cost("size of the model", lambda trial: trial.metrics.get("model_bytes", np.nan), _bytes),
    ]
    label, hour = (record.settings.get(name) or 0.0 for name in ("label_price", "hour_price"))
    if label or hour:
        costs.append(Cost("money", lambda trial: _money(trial, label, hour), _figures))
    return costs


def _speech(trial: TrialResult) -> float:
    """Seconds of speech it learned from."""
    names = ("train_seconds", "audio_seconds_per_second")
    return float(np.prod([trial.metrics.get(name, np.nan) for name in names]))


def _money(trial: TrialResult, label: float, hour: float) -> float:
    training = trial.metrics.get("train_seconds", np.nan) / HOUR * hour if hour else 0.0
    return trial.size * label + training


def _trade(found: Findings, each: Crossover, cost: Cost) -> Mapping[str, str]:
    """A crossover and a cost -> the crossover at that cost and its interval, in words."""
    sides = [(name, _means(found, name, cost)) for name in (each.modular, each.end_to_end)]
    known = all(np.isfinite(means).all() for _, means in sides)
    at = crossover_at_cost(found.curves, *sides) if known else None
    said, between = ("-", "") if at is None else _words(at, cost.said)
    return {cost.name: said, f"{cost.name} between": between}


def _means(found: Findings, name: str, cost: Cost) -> np.ndarray:
    """Mean cost of a recogniser's finished trials, (sizes,), at the sizes of its curve; nan where unknown."""
    own = [(trial.size, cost.of(trial)) for trial in found.record.finished if trial.recogniser == name]
    known = pd.Series([each for _, each in own], index=[size for size, _ in own]).groupby(level=0).mean()
    return known.reindex(found.curves.curves[name].sizes).to_numpy(dtype=float)


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
