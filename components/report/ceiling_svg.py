"""Ceiling picture: the share of errors that each true stage takes away, as inline SVG of rows of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from components.report.chart import percent


@dataclass(frozen=True)
class Bars:
    """Rows of bars over the same sizes.

    rates: words wrong as trained, at each size. rows: name -> share of those errors that goes, at each size.
    axis: what sizes and rates are, in words.
    """

    key: str
    title: str
    sizes: Sequence[int]
    rates: Sequence[float]
    rows: dict[str, Sequence[float]]
    summary: str
    axis: str


@dataclass(frozen=True)
class BarFrame:
    """Size of the drawing, the room for names on its left, and the heights of a row and its tallest bar."""

    width: int
    left: int
    row: int = 72
    tallest: int = 40
    foot: int = 56


WIDE = BarFrame(760, left=130)
NARROW = BarFrame(380, left=14, row=86)
WIDEST = 70


def draw_bars(bars: Bars, frame: BarFrame, index: dict[str, int]) -> Markup:
    """Bars -> their SVG element, with a description in words. index: name -> number of its line style."""
    key = f"{bars.key}-{frame.width}"
    height = frame.row * len(bars.rows) + frame.foot
    rows = [_row(bars, frame, place, name, index[name]) for place, name in enumerate(bars.rows)]
    return Markup(
        '<svg class="bars" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>{body}</svg>'
    ).format(
        w=frame.width,
        h=height,
        key=key,
        title=bars.title,
        desc=bars.summary,
        body=Markup("").join([*rows, _foot(bars, frame, height)]),
    )


def _row(bars: Bars, frame: BarFrame, place: int, name: str, style: int) -> Markup:
    base = frame.row * (place + 1) - 6
    wide = frame is WIDE
    parts = [_text("name", 8 if wide else frame.left, base - (4 if wide else 64), name, "start")]
    for column, share in enumerate(bars.rows[name]):
        middle, width = _middle(bars, frame, column), min(WIDEST, _step(bars, frame) * 0.56)
        high = frame.tallest * max(0.0, share)
        parts.append(_bar(middle - width / 2, base - high, width, high))
        kind, label = "value" if share else "none", share_label(share)
        parts.append(_text(kind, middle, base - high - 5, label, "middle"))
    parts.append(
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            frame.left, frame.width - 8, base, base
        )
    )
    return Markup('<g class="l{}">{}</g>').format(style, Markup("").join(parts))


def _foot(bars: Bars, frame: BarFrame, height: int) -> Markup:
    """Under the bars: the sizes, and below them the errors as trained."""
    columns = [
        _text(kind, _middle(bars, frame, column), height - up, text, "middle")
        for column, (size, rate) in enumerate(zip(bars.sizes, bars.rates, strict=True))
        for kind, up, text in (("name", 36, f"{size:,}"), ("tick", 18, percent(rate)))
    ]
    if frame is WIDE:
        titles = [(36, "utterances"), (18, "wrong as trained")]
        columns += [_text("tick", 8, height - up, title, "start") for up, title in titles]
    else:
        columns.append(_text("tick", 14, height - 2, "utterances, and words wrong as trained", "start"))
    return Markup("").join(columns)


def share_label(share: float) -> str:
    """Share of the errors that goes -> in words: whole per cent, "+" for errors that came."""
    whole = round(100 * share)
    return "0" if not whole else f"+{-whole} %" if whole < 0 else f"−{whole} %"


def _step(bars: Bars, frame: BarFrame) -> float:
    return (frame.width - 8 - frame.left) / len(bars.sizes)


def _middle(bars: Bars, frame: BarFrame, column: int) -> float:
    return frame.left + _step(bars, frame) * (column + 0.5)


def _bar(x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        x, y, width, height
    )


def _text(kind: str, x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, escape(text)
    )
