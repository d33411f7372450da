"""Wake words: trials -> false alarms an hour, the DET curve, latency and size of the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.keywords.det import RATES, SHOWN_RATES, can_show, hours_to_show, poisson_interval
from components.keywords.scoring import ALARMS, HOURS, LATENCY, MISSES
from components.report.chart import Chart, Line, number, percent
from components.report.findings import Findings, largest_trials
from components.report.line_style import LineStyle, line_styles
from components.report.sections import Section, from_template
from components.report.transfer import TRANSFER
from components.study.results import TrialResult

COLUMNS = ["recogniser", "size", "false_alarms_per_hour", "low", "high", "latency_ms", "model_bytes"]
TICKS = [int(rate) if rate >= 1 else rate for rate in RATES]


@dataclass(frozen=True, eq=False)
class WakeWordView:
    """What a detector costs beside what it misses.

    Attributes
    ----------
    table
        One row a recogniser and size: means over trials, the interval of the false alarms, misses at each
        rate of the DET curve.
    hours
        Of test background.
    chart
        The DET curves of the largest sizes; None where the background is too short for any point.
    sizes
        Numbers of recordings of the keyword.
    """

    table: pd.DataFrame
    hours: float
    chart: Chart | None
    sizes: list[int]

    @property
    def cells(self) -> dict[str, dict[int, dict[str, str]]]:
        """Recogniser -> size -> what stands in its cells, in words."""
        cells: dict[str, dict[int, dict[str, str]]] = {}
        for row in self.table.to_dict("records"):
            cells.setdefault(row["recogniser"], {})[row["size"]] = {
                "alarms": number(row["false_alarms_per_hour"]),
                "interval": f"{number(row['low'])} to {number(row['high'])}",
                **{f"misses at {rate:g}": self._misses(row, rate) for rate in SHOWN_RATES},
                "latency": f"{row['latency_ms']:.0f} ms" if row["latency_ms"] == row["latency_ms"] else "-",
                "size": f"{row['model_bytes'] / 1000:,.0f} kB",
            }
        return cells

    def _misses(self, row: dict, rate: float) -> str:
        if not can_show(rate, self.hours):
            return f"takes {hours_to_show(rate):g} h"
        return percent(row[MISSES.format(rate)])


def wake_word_view(findings: Findings) -> WakeWordView | None:
    """Findings -> their view; None where no trial has finished."""
    finished = findings.record.finished
    if not finished:
        return None
    cells: dict[tuple[str, int], list[TrialResult]] = {}
    for trial in finished:
        cells.setdefault((trial.recogniser, trial.size), []).append(trial)
    names = [*COLUMNS, *(MISSES.format(rate) for rate in RATES)]
    order = sorted(cells, key=lambda cell: (findings.record.recognisers.index(cell[0]), cell[1]))
    rows = [_row(*cell, cells[cell]) for cell in order]
    hours = finished[0].metrics[HOURS]
    return WakeWordView(pd.DataFrame(rows, columns=names), hours, _chart(findings), findings.record.sizes)


def _row(name: str, size: int, trials: Sequence[TrialResult]) -> list:
    """All trials hear the same background, so the mean of their counts is one count, and no more is known."""
    count, hours = _mean(trials, ALARMS), trials[0].metrics[HOURS]
    misses = [_mean(trials, MISSES.format(rate)) for rate in RATES]
    costs = [_mean(trials, LATENCY), _mean(trials, "model_bytes")]
    return [name, size, count / hours, *poisson_interval(count, hours), *costs, *misses]


def _mean(trials: Sequence[TrialResult], name: str) -> float:
    """Mean of a metric over the trials that have it; nan if none has."""
    values = [trial.metrics[name] for trial in trials if name in trial.metrics]
    return float(np.mean(values)) if values else float("nan")


def _chart(findings: Findings) -> Chart | None:
    record, styles = findings.record, line_styles(findings.record)
    lines = []
    for name in record.recognisers:
        if any(trial.recogniser == name for trial in record.finished):
            lines += _line(name, styles[name], largest_trials(record, name)[1])
    if not lines:
        return None
    title = f"Missed against false alarms, {max(record.sizes):,} {findings.nouns.labelled}"
    return Chart(
        key="det",
        title=title,
        reading="Each line is a recogniser at all its thresholds: further left fewer false alarms, further "
        "down fewer keywords missed. The thresholds of these points are read off the test background itself; "
        "the shade is from the least to the most of any draw.",
        x_title="false alarms an hour",
        y_title=findings.nouns.wrong,
        y_kind="percent",
        lines=lines,
        ticks=TICKS,
        nouns=findings.nouns,
        x_words="false alarms an hour",
    )


def _line(name: str, style: LineStyle, trials: Sequence[TrialResult]) -> list[Line]:
    """A recogniser's DET curve; none where it has no point."""
    points = []
    for rate, tick in zip(RATES, TICKS, strict=True):
        shares = [trial.metrics.get(MISSES.format(rate), np.nan) for trial in trials]
        if not np.isnan(shares).any():
            points.append((tick, float(np.mean(shares)), min(shares), max(shares)))
    if not points:
        return []
    x, y, low, high = zip(*points, strict=True)
    return [Line(name, style, x, y, low, high, list(map(percent, y)))]


WAKE_WORD_SECTIONS = (
    Section(
        "wake-word",
        link="False alarms",
        after="extrapolation",
        view=wake_word_view,
        html=from_template("wake_words.html.j2", rates=SHOWN_RATES),
        tables=lambda view: {"false-alarms": view.table},
    ),
    TRANSFER,
)
