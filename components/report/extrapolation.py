"""Outlook: findings -> what more labels would buy, and what each recogniser is worth in data, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

from components.report.chart import percent, points
from components.report.findings import Findings
from components.study.curves import Crossover, change, forecast, worth
from components.study.curves.answer import about

ONE_DRAW = "not known from one draw"


@dataclass(frozen=True)
class Outlook:
    """rows: one dict a recogniser, what twice its labels would bring. worths: what the best one is worth."""

    rows: list[dict[str, str]]
    worths: list[str]


@lru_cache(maxsize=2)
def outlook(found: Findings) -> Outlook | None:
    """Findings -> the outlook; None if nothing finished or only one size was tried."""
    if found.curves is None or len(found.record.sizes) < 2:
        return None
    names = [name for name in found.record.recognisers if len(_sizes(found, name))]
    best = min(names, key=lambda name: found.curves.curves[name].rate[-1], default="")
    worths = [_worth(found, best, other) for other in names if other != best]
    return Outlook([_row(found, name) for name in names], [said for said in worths if said])


def _sizes(found: Findings, name: str) -> np.ndarray:
    curve = found.curves.curves.get(name)
    return np.empty(0) if curve is None else curve.sizes


def _row(found: Findings, name: str) -> dict[str, str]:
    """One recogniser -> twice its labels, the rate they would bring, what that gains, labels to halve it."""
    said, largest = forecast(found.curves, name), int(_sizes(found, name)[-1])
    row = {"name": name, "refusal": said.refusal, "labels": f"{2 * largest:,}"}
    if said.refusal:
        return row
    rate, low, high = said.at(2 * largest)
    if np.isnan(rate):
        reach = f"checked only as far as {about(said.sizes[-1])} labelled utterances"
        return row | {"refusal": reach}
    gained = [points(share).lstrip("+") for share in said.gained(2 * largest)]
    needed, fewest, most = (_labels(size, said.sizes[-1]) for size in said.needed(said.rate[0] / 2))
    between = {
        "between": f"{percent(low)[:-2]} to {percent(high)}",
        "gained between": f"{gained[1]} to {gained[2]}",
        "halved between": "" if fewest == most else f"{fewest} to {most}",
    }
    if found.curves.draws < 2:
        between = dict.fromkeys(between, ONE_DRAW)
    return row | between | {"rate": percent(rate), "gained": gained[0], "halved": needed}


def _labels(size: float, reach: float) -> str:
    return about(size) if np.isfinite(size) else f"over {about(reach)}"


def _worth(found: Findings, best: str, other: str) -> str:
    """Two recognisers -> a sentence on what the better of them is worth in data; "" if there is none."""
    each = worth(found.curves, best, other)
    if each is None:
        return ""
    worth_of = f"the data of {each.other} with {each.size:,} labelled utterances"
    if each.times is None:
        return f"{each.better} is worth more times {worth_of} than could be measured."
    if found.curves.draws < 2:
        return f"{each.better} is worth {each.times:.1f} times {worth_of} (interval {ONE_DRAW})."
    low = f"{each.low:.1f}" if each.low else "less than 1"
    high = f"{each.high:.1f}" if np.isfinite(each.high) else "more than could be measured"
    return f"{each.better} is worth {each.times:.1f} times {worth_of} (95 % {low} to {high})."


def surely(found: Findings, each: Crossover) -> tuple[str, str]:
    """A crossover -> the sizes at which a paired test finds end-to-end ahead, and those where behind."""
    if each.draws < 2:
        return ONE_DRAW, ONE_DRAW
    told = change(found.curves, each.modular, each.end_to_end)
    return _runs(each.sizes, told.significantly_lower), _runs(each.sizes, told.significantly_higher)


def _runs(sizes: Sequence[float], some: np.ndarray) -> str:
    """Sizes and some of them -> these in words, neighbours as one: "30, 450 to 2,700"; "-" for none."""
    runs = [list(run) for inside, run in groupby(sizes, key=lambda size: size in some) if inside]
    said = [f"{run[0]:,}" if len(run) == 1 else f"{run[0]:,} to {run[-1]:,}" for run in runs]
    return ", ".join(said) or "-"
