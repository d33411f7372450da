"""Errors by number of kept layers as an inline SVG: a point with its interval for each."""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from components.report.chart import percent

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 340, 250, 58, 18, 46
COLOUR, SCRATCH = "#0072b2", "#808080"
TICKS = (1, 2, 5, 10, 20, 25, 50)  # steps of the axis, in per cent
MOST_TICKS = 5


def draw_kept_layers(table: pd.DataFrame, scratch: float | None, highest: float, key: str) -> Markup:
    """Rows of one size by kept layers, rising -> their SVG element, with a description in words.

    scratch: error rate of the same network from scratch, a dashed line. highest: rate at the top of the axis.
    key: of the ids of title and description, unique on the page.
    """
    step = next((step for step in TICKS if 100 * highest <= step * MOST_TICKS), TICKS[-1])
    top = max(1, math.ceil(100 * highest / step)) * step / 100
    ticks = [tick / 100 for tick in range(0, round(100 * top) + 1, step)]
    parts = [_tick(tick, top) for tick in ticks]
    if scratch is not None:
        parts += [_line(LEFT, _y(scratch, top), WIDTH - 6, _y(scratch, top), SCRATCH, "5 4")]
    places = {kept: _x(place, len(table)) for place, kept in enumerate(table["kept"])}
    for row in table.itertuples():
        parts.append(_point(places[row.kept], *(_y(rate, top) for rate in (row.rate, row.low, row.high))))
        parts.append(_text("none", places[row.kept], HEIGHT - BOTTOM + 18, str(row.kept)))
    parts.append(_text("none", (LEFT + WIDTH) / 2, HEIGHT - 6, "kept layers"))
    said = [
        f"{row.kept} kept: {percent(row.rate)}, {percent(row.low)} to {percent(row.high)}."
        for row in table.itertuples()
    ]
    return Markup(
        '<svg class="bars" style="max-width:{w}px" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{key}-t '
        '{key}-d"><title id="{key}-t">Errors by number of kept layers</title><desc id="{key}-d">{desc}</desc>'
        "{body}</svg>"
    ).format(w=WIDTH, h=HEIGHT, key=key, desc=" ".join(said), body=Markup("").join(parts))


def _x(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT) * (place + 0.5) / count


def _y(rate: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(rate, top) / top


def _tick(rate: float, top: float) -> Markup:
    y = _y(rate, top)
    label = _text("none", LEFT - 8, y + 4, f"{100 * rate:.0f} %", "end")
    return _line(LEFT, y, WIDTH - 6, y, SCRATCH, "none", 0.25) + label


def _point(x: float, y: float, low: float, high: float) -> Markup:
    dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>').format(x, y, COLOUR)
    return _line(x, low, x, high, COLOUR, "none") + dot


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str, opacity: float = 1.0
) -> Markup:
    return Markup(
        '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="2" '
        'stroke-dasharray="{}" stroke-opacity="{}"/>'
    ).format(x1, y1, x2, y2, colour, dashes, opacity)


def _text(kind: str, x: float, y: float, text: str, anchor: str = "middle") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )
