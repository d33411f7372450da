"""Terminal: findings -> their learning curves as text, both axes on a log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotext
from matplotlib.colors import to_rgb

from components.report.chart import Chart, Line, learning_chart, y_label, y_ticks
from components.report.findings import Findings

# telling lines apart needs no colour: small letters are modular, capitals end-to-end
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def terminal_plot(findings: Findings, width: int = 78, height: int = 20, colour: bool = False) -> str:
    """Findings -> their learning curves drawn in characters, in colour only if asked; "" if none finished.

    Small letters are of the modular family, capitals end-to-end; the column of colons is the crossover.
    """
    chart = learning_chart(findings)
    if not chart.lines:
        return ""
    figure = plotext.figure
    # the library has one figure for the whole process: leave it as empty as it has to be found
    figure.clear()
    figure.plot_size(width, height)
    figure.theme("colorless")
    _axes(figure, chart)
    if chart.mark is not None:
        figure.draw(figure.signal(*_column(chart), marker=":"))
    keys = _letters(chart.lines)
    for path in (True, False):
        for line, letter in zip(chart.lines, keys, strict=True):
            _draw(figure, chart, line, "·" if path else letter, path, colour)
    text = figure.build().string(colorless=not colour)
    figure.clear()
    legend = [f"{letter} {line.name}" for letter, line in zip(keys, chart.lines, strict=True)]
    legend += [f": {chart.mark.label}"] if chart.mark else []
    return "\n".join([chart.y_title, text.rstrip(), chart.x_title.center(width).rstrip(), "   ".join(legend)])


def _axes(figure: plotext.figure, chart: Chart) -> None:
    """Give the figure the log axes of the chart, their ticks at round values and at the sizes."""
    x_ticks = [tick for tick in chart.ticks if chart.x_range[0] < chart.at(tick) < chart.x_range[1]]
    heights = y_ticks(*chart.y_range)
    across, up = figure.ruler("x"), figure.ruler("y")
    across.lim(*(math.log10(end) for end in chart.x_range))
    across.ticks([math.log10(chart.at(tick)) for tick in x_ticks], [f"{tick:,}" for tick in x_ticks])
    up.lim(*(math.log10(end) for end in chart.y_range))
    up.ticks([math.log10(tick) for tick in heights], [y_label(tick, chart.y_kind) for tick in heights])


def _column(chart: Chart) -> tuple[list[float], list[float]]:
    """The crossover of a chart -> points above it, from bottom to top."""
    low, high = (math.log10(end) for end in chart.y_range)
    heights = [low + (high - low) * step / 60 for step in range(61)]
    return [math.log10(chart.mark.at)] * len(heights), heights


def _letters(lines: Sequence[Line]) -> list[str]:
    """Lines -> the letter of each; dashed ones, the modular family, get a small one."""
    letters = []
    for line in lines:
        turn = sum(other.style.dashed == line.style.dashed for other in lines[: len(letters)])
        letter = LETTERS[turn % len(LETTERS)]
        letters.append(letter if line.style.dashed else letter.upper())
    return letters


def _draw(figure: plotext.figure, chart: Chart, line: Line, sign: str, path: bool, colour: bool) -> None:
    """Draw the path of one line, or its points."""
    bottom = chart.y_range[0]
    points = [math.log10(chart.at(x)) for x in line.x], [math.log10(max(y, bottom)) for y in line.y]
    if path:
        points = tuple(side[line.joined] for side in points)
    paint = tuple(round(255 * part) for part in to_rgb(line.style.light)) if colour else None
    signal = figure.signal(*points, marker=plotext.marker(sign, paint))
    figure.draw(signal.lines() if path else signal)
