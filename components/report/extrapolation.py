"""Extrapolation: findings -> what more labels would bring, and data multipliers, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from components.report.chart import percent, points
from components.report.findings import Findings
from components.study.curves import Crossover, change, data_multiplier, forecast
from components.study.curves.answer import about

ONE_DRAW = "not known from one draw"


@dataclass(frozen=True)
class Extrapolation:
    """rows: one dict a recogniser, what twice its labels would bring. multipliers: of the best, in words."""

    rows: list[dict[str, str]]
    multipliers: list[str]


def extrapolation(findings: Findings) -> Extrapolation | None:
    """Findings -> what lies beyond the sizes tried; None if nothing finished or only one size was tried."""
    if findings.curves is None or len(findings.record.sizes) < 2:
        return None
    names = [name for name in findings.record.recognisers if len(findings.sizes(name))]
    best = min(names, key=lambda name: findings.curves.curves[name].rate[-1], default="")
    sentences = [_multiplier(findings, best, other) for other in names if other != best]
    return Extrapolation([_row(findings, name) for name in names], [text for text in sentences if text])


def _row(findings: Findings, name: str) -> dict[str, str]:
    """One recogniser -> twice its labels, the rate they would bring, what that gains, labels to halve it."""
    predicted, largest = forecast(findings.curves, name), int(findings.sizes(name)[-1])
    row = {"name": name, "refusal": predicted.refusal, "labels": f"{2 * largest:,}"}
    if predicted.refusal:
        return row
    rate, low, high = predicted.at(2 * largest)
    if np.isnan(rate):
        reach = f"checked only as far as {about(predicted.sizes[-1])} {findings.nouns.labelled}"
        return row | {"refusal": reach}
    gained = [points(share).lstrip("+") for share in predicted.gained(2 * largest)]
    needed, fewest, most = (
        _labels(size, predicted.sizes[-1]) for size in predicted.needed(predicted.rate[0] / 2)
    )
    between = {
        "between": f"{percent(low)[:-2]} to {percent(high)}",
        "gained between": f"{gained[1]} to {gained[2]}",
        "halved between": "" if fewest == most else f"{fewest} to {most}",
    }
    if findings.curves.draws < 2:
        between = dict.fromkeys(between, ONE_DRAW)
    return row | between | {"rate": percent(rate), "gained": gained[0], "halved": needed}


def _labels(size: float, reach: float) -> str:
    return about(size) if np.isfinite(size) else f"over {about(reach)}"


def _multiplier(findings: Findings, best: str, other: str) -> str:
    """Two recognisers -> a sentence on the data multiplier of the better of them; "" if there is none."""
    multiplier = data_multiplier(findings.curves, best, other)
    if multiplier is None:
        return ""
    data = f"the data of {multiplier.worse} with {multiplier.size:,} {findings.nouns.labelled}"
    if multiplier.times is None:
        return f"{multiplier.better} is worth more times {data} than could be measured."
    start = f"{multiplier.better} is worth {multiplier.times:.1f} times {data}"
    if findings.curves.draws < 2:
        return f"{start} (interval {ONE_DRAW})."
    low = f"{multiplier.low:.1f}" if multiplier.low else "less than 1"
    high = f"{multiplier.high:.1f}" if np.isfinite(multiplier.high) else "more than could be measured"
    return f"{start} (95 % {low} to {high})."


def significant_sizes(findings: Findings, crossover: Crossover) -> tuple[str, str]:
    """A crossover -> the sizes at which a paired test finds end-to-end ahead, and those where behind."""
    if crossover.draws < 2:
        return ONE_DRAW, ONE_DRAW
    tested = change(findings.curves, crossover.modular, crossover.end_to_end)
    ahead, behind = tested.significantly_lower, tested.significantly_higher
    return _ranges(crossover.sizes, ahead), _ranges(crossover.sizes, behind)


def _ranges(sizes: Sequence[float], some: np.ndarray) -> str:
    """Sizes and some of them -> these in words, neighbours as one: "30, 450 to 2,700"; "-" for none."""
    runs = [list(run) for inside, run in groupby(sizes, key=lambda size: size in some) if inside]
    ranges = [f"{run[0]:,}" if len(run) == 1 else f"{run[0]:,} to {run[-1]:,}" for run in runs]
    return ", ".join(ranges) or "-"
