"""SVG: a chart -> an inline drawing that a stylesheet colours and a small script lets one read."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from components.report.chart import Chart, Line, Mark, y_label, y_ticks


@dataclass(frozen=True)
class Frame:
    """Size of the drawing and the room left for its labels, in units of the view box.

    named: whether every line has its name at its end.
    """

    width: int
    height: int
    left: int = 58
    right: int = 18
    top: int = 34
    bottom: int = 50
    named: bool = False


LETTER = 9  # widest mean width of a name's letters, in a font that readers may have

SMALL = Frame(380, 280)
NARROW = Frame(380, 400, left=50, right=14)


def wide(chart: Chart) -> Frame:
    """A chart -> the frame for a wide screen, with room for the names of its lines.

    Lines of one size stand side by side, where names would hide the next one: the legend has them.
    """
    if chart.one_size:
        return Frame(760, 400)
    longest = max((len(line.name) for line in chart.lines), default=0)
    return Frame(760, 400, right=14 + LETTER * longest, named=True)


@dataclass(frozen=True)
class Scales:
    """Log scales of one chart in one frame."""

    chart: Chart
    frame: Frame

    def x(self, value: float) -> float:
        """Size -> distance from the left."""
        low, high = self.chart.x_range
        share = math.log(self.chart.at(value) / low) / math.log(high / low)
        return self.frame.left + share * (self.frame.width - self.frame.left - self.frame.right)

    def y(self, value: float) -> float:
        """Value -> distance from the top; what lies outside the axis sits on its edge."""
        low, high = self.chart.y_range
        share = math.log(min(max(value, low), high) / low) / math.log(high / low)
        return (
            self.frame.height
            - self.frame.bottom
            - share * (self.frame.height - self.frame.bottom - self.frame.top)
        )


def draw(chart: Chart, frame: Frame, index: dict[str, int]) -> Markup:
    """A chart -> its SVG element, with a title and a description for those who do not see it.

    index: recogniser -> number of its line style, by which the stylesheet colours it.
    """
    scales, key = Scales(chart, frame), f"{chart.key}-{frame.width}-{frame.height}"
    body = Markup("").join(
        [_grid(scales), *_marks(scales), *(_line(scales, place, index) for place in range(len(chart.lines)))]
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" tabindex="0" aria-labelledby="{key}-t {key}-d" '
        'data-readings="{readings}"><title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>'
        '{body}<line class="cursor" x1="0" x2="0" y1="{top}" y2="{base}" hidden="hidden"/></svg>'
    ).format(
        w=frame.width,
        h=frame.height,
        key=key,
        readings=json.dumps(_readings(scales, index)),
        title=chart.title,
        desc=describe(chart),
        body=body,
        top=frame.top,
        base=frame.height - frame.bottom,
    )


def describe(chart: Chart) -> str:
    """A chart -> its first and last values in words."""
    ends = [
        f"{line.name}: {line.labels[0]} at {line.x[0]:,}, "
        f"{line.labels[-1]} at {line.x[-1]:,} {chart.x_words or chart.nouns.labelled}"
        for line in chart.lines
    ]
    return " ".join(part for part in (chart.summary, "; ".join(ends) + ".") if part)


def _readings(scales: Scales, index: dict[str, int]) -> list[dict[str, object]]:
    """For each size drawn: where it is, and what every recogniser scored there, lowest on top."""
    sizes = sorted({x for line in scales.chart.lines for x in line.x})
    readings = []
    for size in sizes:
        rows = []
        for place, line in enumerate(scales.chart.lines):
            points = [i for i, x in enumerate(line.x) if x == size]
            rows += [(float(line.y[i]), place, line.labels[i]) for i in points]
        names = [scales.chart.lines[place].name for _, place, _ in sorted(rows)]
        lines = [
            {"style": f"l{index[name]}", "name": name, "label": label}
            for name, (*_, label) in zip(names, sorted(rows), strict=True)
        ]
        title = f"{size:,} {scales.chart.x_words or scales.chart.nouns.labelled}"
        readings.append({"x": round(scales.x(size), 1), "title": title, "rows": lines})
    return readings


def _grid(scales: Scales) -> Markup:
    frame, chart = scales.frame, scales.chart
    base, end = frame.height - frame.bottom, frame.width - frame.right
    parts = []
    for tick in y_ticks(*chart.y_range):
        y = scales.y(tick)
        parts.append(_rule("grid", frame.left, y, end, y))
        parts.append(_text("tick", frame.left - 8, y + 4, y_label(tick, chart.y_kind), "end"))
    for tick in _roomy(scales, chart.ticks):
        x = scales.x(tick)
        parts += [_rule("tickmark", x, base, x, base + 5), _text("tick", x, base + 19, f"{tick:,}", "middle")]
    parts.append(_rule("axis", frame.left, base, end, base))
    if chart.gap is not None:
        parts += [_rule("axis", x - 3, base + 6, x + 3, base - 6) for x in _break(scales)]
    parts.append(_text("axis-title", frame.left - 44 if frame.left < 56 else 6, 16, chart.y_title, "start"))
    parts.append(_text("axis-title", (frame.left + end) / 2, frame.height - 8, chart.x_title, "middle"))
    return Markup("").join(parts)


def _break(scales: Scales) -> tuple[float, float]:
    """Where two strokes show that the axis is broken."""
    middle = scales.x(scales.chart.gap)
    return middle - 2.5, middle + 2.5


def _roomy(scales: Scales, ticks: Sequence[float]) -> list[float]:
    """Ticks that leave room for their labels, the largest first."""
    roomy: list[float] = []
    low, high = scales.chart.x_range
    for tick in sorted((t for t in ticks if low <= scales.chart.at(t) <= high), reverse=True):
        if not roomy or scales.x(roomy[-1]) - scales.x(tick) >= 12 + 7 * len(f"{tick:,}"):
            roomy.append(tick)
    return roomy


def _marks(scales: Scales) -> list[Markup]:
    marks = filter(None, (scales.chart.mark, scales.chart.second_mark))
    return [_mark(scales, mark, scales.frame.top + 14 + 18 * place) for place, mark in enumerate(marks)]


def _mark(scales: Scales, mark: Mark, height: int) -> Markup:
    frame = scales.frame
    base, middle = frame.height - frame.bottom, scales.x(mark.at)
    left, right = (
        scales.x(max(mark.low, scales.chart.x_range[0])),
        scales.x(min(mark.high, scales.chart.x_range[1])),
    )
    side = "end" if middle > frame.width * 0.55 else "start"
    band = Markup('<rect class="mark-band" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>')
    return (
        band.format(left, frame.top, max(right - left, 1), base - frame.top)
        + _rule("mark-line", middle, frame.top, middle, base)
        + _text("mark-label", middle + (-6 if side == "end" else 6), height, mark.label, side)
    )


def _line(scales: Scales, place: int, index: dict[str, int]) -> Markup:
    line, frame = scales.chart.lines[place], scales.frame
    places = [scales.x(x) for x in scales.chart.drawn_at(line)]
    points, upper, lower = (
        [(x, scales.y(y)) for x, y in zip(places, side, strict=True)]
        for side in (line.y, line.high, line.low)
    )
    joined = [side[line.joined] for side in (points, upper, lower)]
    parts = [_path("band", [*joined[1], *reversed(joined[2])], closed=True), _path("curve", joined[0])]
    alone = len(points) if len(points) == 1 else line.joined.start
    parts += [_whisker(high, low) for high, low in zip(upper[:alone], lower[:alone], strict=True)]
    parts += [_marker(line.style.marker, x, y) for x, y in points]
    if frame.named:
        parts.append(_text("name", places[-1] + 10, _free_height(scales, place) + 4, line.name, "start"))
    dashed = " dashed" if line.style.dashed else ""
    return Markup('<g class="line l{}{}" data-line="{}">{}</g>').format(
        index[line.name], dashed, place, Markup("").join(parts)
    )


def _free_height(scales: Scales, place: int) -> float:
    """Height for the name of a line at its end, pushed down where names would touch."""
    ends = sorted((scales.y(line.y[-1]), other) for other, line in enumerate(scales.chart.lines))
    low, heights = -math.inf, {}
    for height, other in ends:
        low = max(height, low + 16)
        heights[other] = low
    return heights[place]


def _path(kind: str, points: Sequence[tuple[float, float]], closed: bool = False) -> Markup:
    if not points:
        return Markup()
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Markup('<path class="{}" d="M{}{}"/>').format(kind, steps, "Z" if closed else "")


def _whisker(high: tuple[float, float], low: tuple[float, float]) -> Markup:
    return _rule("curve", *high, *low)


def _rule(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    rule = '<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
    return Markup(rule).format(kind, x1, y1, x2, y2)


def _text(kind: str, x: float, y: float, text: str, anchor: str) -> Markup:
    label = '<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>'
    return Markup(label).format(kind, x, y, anchor, escape(text))


def _marker(kind: str, x: float, y: float) -> Markup:
    if kind == "circle":
        return Markup('<circle class="point" cx="{:.1f}" cy="{:.1f}" r="4.5"/>').format(x, y)
    return Markup('<polygon class="point" points="{}"/>').format(
        " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in CORNERS[kind])
    )


CORNERS = {
    "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
    "diamond": ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)),
    "triangle": ((0, -5.5), (5, 4), (-5, 4)),
}


def key(line: Line) -> Markup:
    """A line -> the small drawing that stands for it in a legend."""
    dashed = " dashed" if line.style.dashed else ""
    return Markup(
        '<svg class="key{}" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">'
        '<line class="curve" x1="1" y1="7" x2="33" y2="7"/>{}</svg>'
    ).format(dashed, _marker(line.style.marker, 17, 7))
