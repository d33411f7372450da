"""Pictures: charts and breakdowns -> PNG and SVG files, drawn by matplotlib without a screen."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from components.report.ceiling_svg import Bars, share_label
from components.report.chart import Chart, percent, y_label, y_ticks
from components.report.line_style import LineStyle

MARKS = {"square": "s", "diamond": "D", "circle": "o", "triangle": "^"}
STYLE = {
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": "#5b6470",
    "xtick.color": "#3b424c",
    "ytick.color": "#3b424c",
    "text.color": "#1b1f24",
    "axes.labelcolor": "#3b424c",
    "svg.hashsalt": "crossover",
    "svg.fonttype": "none",
}


def save_chart(chart: Chart, folder: Path) -> list[Path]:
    """A chart and a folder -> its PNG and SVG files there."""
    with rc_context(STYLE):
        figure = Figure(figsize=(8.6, 5), layout="constrained")
        axes = figure.subplots()
        _axes(axes, chart)
        for line in chart.lines:
            _line(axes, chart, line)
        _mark(axes, chart)
        axes.set_title(chart.title, loc="left", fontweight="bold", pad=28)
        figure.legend(loc="outside lower center", ncols=min(len(chart.lines), 4), frameon=False)
        return _save(figure, folder / chart.key)


def _axes(axes: Axes, chart: Chart) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([chart.at(tick) for tick in chart.ticks], [f"{tick:,}" for tick in chart.ticks])
    axes.set_xlim(*chart.x_range)
    axes.set_ylim(*chart.y_range)
    axes.yaxis.set_major_locator(FixedLocator(y_ticks(*chart.y_range)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    if chart.gap is not None:
        axes.text(chart.gap, 0, "//", transform=axes.get_xaxis_transform(), ha="center", va="center")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: y_label(value, chart.y_kind)))
    axes.grid(axis="y", color="#dfe3e8", linewidth=0.8)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(chart.x_title)
    axes.text(0, 1.04, chart.y_title, transform=axes.transAxes, color="#3b424c", fontsize=9.5)


def _line(axes: Axes, chart: Chart, line) -> None:
    bottom = chart.y_range[0]
    y, low, high = (
        np.maximum(np.asarray(side, dtype=float), bottom) for side in (line.y, line.low, line.high)
    )
    x = chart.drawn_at(line)
    joined, colour = line.joined, line.style.light
    axes.fill_between(x[joined], low[joined], high[joined], color=colour, alpha=0.13, linewidth=0)
    alone = slice(len(y) if len(y) == 1 else joined.start)
    axes.vlines(x[alone], low[alone], high[alone], color=colour, linewidth=1.5)
    look = {"color": colour, "marker": MARKS[line.style.marker], "linewidth": 2}
    dashes = (0, (5, 3)) if line.style.dashed else "-"
    axes.plot(x[: joined.start], y[: joined.start], **look)
    axes.plot(x[joined], y[joined], linestyle=dashes, label=line.name, **look)


def _mark(axes: Axes, chart: Chart) -> None:
    if chart.mark is None:
        return
    axes.axvspan(chart.mark.low, chart.mark.high, color="#5b6470", alpha=0.1, linewidth=0)
    axes.axvline(chart.mark.at, color="#1b1f24", linewidth=1.2, linestyle=":")
    axes.annotate(
        chart.mark.label,
        (chart.mark.at, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(5, -12),
        textcoords="offset points",
        fontsize=9.5,
    )


def save_breakdown(
    table: pd.DataFrame, what: str, title: str, styles: dict[str, LineStyle], folder: Path, most: int = 30
) -> list[Path]:
    """Rates of the finalists by word or group, worst first -> PNG and SVG with a dot for each finalist.

    Parameters
    ----------
    table, what
        Rows of rates, and the column that names them, which is also in the file's name.
    title
        Of the picture.
    styles
        Finalist -> its line style.
    folder
        Where the files go.
    most
        Rows drawn.
    """
    rows = table.head(most)[::-1]
    with rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.6 + 0.24 * len(rows)), layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))
        ends = rows[list(styles)]
        axes.hlines(places, ends.min(axis=1), ends.max(axis=1), color="#c3c9d1", linewidth=2)
        for name, style in styles.items():
            marker = {"marker": MARKS[style.marker], "linestyle": "none"}
            axes.plot(rows[name], places, color=style.light, label=name, **marker)
        axes.set_yticks(places, [str(name).replace("$", r"\$") for name in rows[what]])
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
        axes.set_title(title, loc="left", fontweight="bold")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
        return _save(figure, folder / f"errors-by-{what}")


def save_bars(bars: Bars, styles: dict[str, LineStyle], folder: Path) -> list[Path]:
    """Rows of bars and a folder -> their PNG and SVG files there."""
    with rc_context(STYLE):
        figure = Figure(figsize=(8.6, 1.4 + 0.85 * len(bars.rows)), layout="constrained")
        rows = figure.subplots(len(bars.rows), sharex=True, squeeze=False)[:, 0]
        places = np.arange(len(bars.sizes))
        for axes, (name, shares) in zip(rows, bars.rows.items(), strict=True):
            high = np.maximum(shares, 0)
            axes.bar(places, high, 0.5, color=styles[name].light)
            for place, top, share in zip(places, high, shares, strict=True):
                axes.text(place, top + 0.05, share_label(share), ha="center", va="bottom", fontsize=9.5)
            axes.set_ylim(0, 1.45)
            axes.set_xlim(-0.7, len(places) - 0.3)
            axes.set_yticks([])
            axes.tick_params(axis="x", length=0)
            axes.set_ylabel(name, rotation=0, ha="right", va="center", fontweight="bold")
        labels = [f"{n:,}\n{percent(rate)}" for n, rate in zip(bars.sizes, bars.rates, strict=True)]
        rows[-1].set_xticks(places, labels)
        rows[-1].set_xlabel(bars.axis)
        figure.suptitle(bars.title, x=0.01, ha="left", fontweight="bold", fontsize=12)
        return _save(figure, folder / bars.key)


def _save(figure: Figure, stem: Path) -> list[Path]:
    files = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
    with warnings.catch_warnings():
        # a script that the font lacks is drawn as boxes here; the page shows it as it is
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(files[0], dpi=160)
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(files[1], metadata={"Date": None})
    return files
