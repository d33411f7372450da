"""Chart: what a picture shows, as plain data that the SVG and the matplotlib drawing both read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from components.report.costs import Cost, costs_of
from components.report.findings import Findings, cost_table
from components.report.line_style import LineStyle, line_styles
from components.study.curves.answer import about
from components.study.nouns import Nouns, capitalised
from components.study.results import StudyRecord

MANY_SIZES = "Each line is a {system} trained on more and more {labelled}", "the shade"
ONE_SIZE = "Each mark is a {system}, all trained on as many {labelled}", "the line through it"
NO_LUCK = "How far another draw or test would move it is not known."
ZERO = " At 0, before the break of the axis, nothing was labelled"
FROM_SOURCE = ": what can be answered there is what the source has, or the settings tell"
ABOVE_ZERO = 20  # where a value is zero, the largest drawn is at least so many times the lowest
ROOM = 1.12  # between the outermost sizes and the edge, as a factor
TO_ZERO = 2.5  # from the smallest size to 0, which a log axis does not have, as a factor


@dataclass(frozen=True)
class Line:
    """One recogniser in a chart.

    Attributes
    ----------
    name, style
        Of the recogniser.
    x, y, low, high
        Points with their range.
    labels
        Each point in words.

    A point at 0 comes first and stands alone: no line leads to it.
    """

    name: str
    style: LineStyle
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    labels: Sequence[str]

    @property
    def joined(self) -> slice:
        """The points that a line leads through."""
        return slice(int(len(self.x) > 0 and not self.x[0]), None)


@dataclass(frozen=True)
class Mark:
    """A place on the x axis with its range, and its label."""

    at: float
    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A picture with log axes.

    Attributes
    ----------
    key
        File name.
    title, reading, summary
        Its heading, one line on how to read it, and what it shows in words.
    x_title, y_title, y_kind
        Of the axes; see `y_label`.
    lines, ticks
        What is drawn, and the sizes marked on the x axis.
    nouns
        The words of the study's subject.
    mark, second_mark
        The crossover, and that of a second study.
    floor
        Values up to it do not stretch the y axis.
    x_words
        What the numbers on the x axis count; empty: labelled examples.
    """

    key: str
    title: str
    reading: str
    x_title: str
    y_title: str
    y_kind: str
    lines: Sequence[Line]
    ticks: Sequence[float]
    nouns: Nouns
    mark: Mark | None = None
    second_mark: Mark | None = None
    summary: str = ""
    floor: float = field(default=0.0)
    x_words: str = ""

    @property
    def y_range(self) -> tuple[float, float]:
        """Lowest and highest value drawn; zeros sit on the lowest, as a log axis has none, and well below."""
        positive = [v for line in self.lines for side in (line.y, line.high) for v in side if v > 0]
        low = [v for line in self.lines for v in (*line.y, *line.low) if v > self.floor]
        if not positive:
            return 0.001, 1.0
        bottom = min(low or positive)
        if any(v <= 0 for line in self.lines for v in line.y):
            bottom = min(bottom, max(positive) / ABOVE_ZERO)
        return bottom / 1.15, max(max(positive) * 1.15, bottom * 3)

    @property
    def x_range(self) -> tuple[float, float]:
        """Smallest and largest size drawn, with room at both ends."""
        sizes = [self.at(x) for line in self.lines for x in line.x] or [1, 10]
        return min(sizes) / ROOM, max(sizes) * ROOM

    def at(self, x: float) -> float:
        """Where a number stands on the x axis: at itself; 0 a step before the smallest."""
        return x or min((x for line in self.lines for x in line.x if x), default=1) / TO_ZERO

    @property
    def gap(self) -> float | None:
        """Where the x axis is broken, between 0 and the smallest size; None where there is no 0."""
        sizes = {x for line in self.lines for x in line.x}
        return self.at(0) * math.sqrt(TO_ZERO) if 0 in sizes and len(sizes) > 1 else None

    @property
    def one_size(self) -> bool:
        """Whether all points are of one size."""
        return of_one_size(self.lines)

    def drawn_at(self, line: Line) -> list[float]:
        """Where a line's points stand on the x axis: at their sizes; those of 0, or of the only size, beside
        each other."""
        apart = [one for one in self.lines if self.one_size or 0 in one.x]
        if line not in apart:
            return list(line.x)
        place = apart.index(line) - (len(apart) - 1) / 2
        beside = ROOM ** (2 * place / len(apart))
        return [self.at(x) * (beside if self.one_size or not x else 1.0) for x in line.x]


def of_one_size(lines: Sequence[Line]) -> bool:
    """Whether all points of the lines are of one size."""
    return len({x for line in lines for x in line.x}) == 1


def learning_chart(findings: Findings) -> Chart:
    """Findings -> error rate by training size, with the crossover of the best of each family."""
    styles, nouns = line_styles(findings.record), findings.nouns
    alone = findings.without_labels
    names = [name for name in findings.record.recognisers if len(findings.sizes(name)) or name in alone]
    lines = [_learning_line(findings, name, styles[name]) for name in names]
    what, around = ONE_SIZE if of_one_size(lines) else MANY_SIZES
    luck = f"; {around} is its 95 % interval, over {findings.luck}." if findings.luck else f". {NO_LUCK}"
    if alone and findings.record.sizes:
        luck += ZERO + (FROM_SOURCE if findings.record.settings.get("source") else "") + "."
    return Chart(
        key="learning-curves",
        title=f"{capitalised(nouns.unit)} errors by number of {nouns.labelled}",
        reading=f"Lower is better. {what.format(**vars(nouns))}{luck}",
        x_title=f"{nouns.labelled} for training (log scale)",
        y_title=f"{nouns.wrong} ({nouns.rate_short}, log scale)",
        y_kind="percent",
        lines=lines,
        ticks=findings.record.all_sizes,
        nouns=nouns,
        mark=_mark(findings),
        summary=findings.sentence,
        floor=0.0005,
    )


def _learning_line(findings: Findings, name: str, style: LineStyle) -> Line:
    points = _points(findings, name)
    labels = [" ".join(filter(None, (percent(rate), interval(low, high)))) for _, rate, low, high in points]
    sizes, rates, *ends = zip(*points, strict=True)
    ends = [
        [rate if math.isnan(end) else end for rate, end in zip(rates, side, strict=True)] for side in ends
    ]
    return Line(name, style, sizes, rates, *ends, labels)


def _points(findings: Findings, name: str) -> list[tuple[float, ...]]:
    """Size, rate and both ends of its interval, of each point of a recogniser; that without labels first."""
    alone = findings.without_labels.get(name)
    first = [(0, alone.rate, alone.low, alone.high)] if alone else []
    if not len(findings.sizes(name)):
        return first
    curve = findings.curves.curves[name]
    return [*first, *zip(curve.sizes.tolist(), curve.rate, curve.low, curve.high, strict=True)]


def interval(low: float, high: float) -> str:
    """Both ends of an interval of rates -> in brackets; "" where it is not known."""
    return "" if math.isnan(low) else f"({percent(low)} to {percent(high)})"


def _mark(findings: Findings) -> Mark | None:
    best = findings.headline
    if best is None or best.estimate is None:
        return None
    ends = (best.low or best.sizes[0], min(best.high, best.sizes[-1]))
    if best.draws < 2:
        ends = (best.estimate, best.estimate)
    return Mark(best.estimate, *ends, f"crossover, about {about(best.estimate)}")


def cost_charts(findings: Findings, more: Sequence[Cost] = ()) -> list[Chart]:
    """Findings and the costs of their subject -> one chart for each cost that any finished trial recorded."""
    costs = [cost for cost in costs_of(findings.record, more) if cost.title]
    charts = [_cost_chart(findings, cost) for cost in costs]
    return [chart for chart in charts if chart.lines]


def _cost_chart(findings: Findings, cost: Cost) -> Chart:
    return Chart(
        key=cost.key,
        title=cost.title,
        reading=f"{cost.reading} The shade runs from the cheapest to the dearest trial.",
        x_title=f"{findings.nouns.labelled} (log scale)",
        y_title=f"{cost.unit} (log scale)",
        y_kind=cost.kind,
        lines=_cost_lines(findings.record, cost),
        ticks=findings.record.sizes,
        nouns=findings.nouns,
    )


def _cost_lines(record: StudyRecord, cost: Cost) -> list[Line]:
    table, styles, lines = cost_table(record, cost.of), line_styles(record), []
    for name in record.recognisers:
        rows = table[(table["recogniser"] == name) & table["size"].isin(record.sizes)]
        if len(rows) and (rows["mean"] > 0).any():
            labels = [f"{number(value)} {cost.unit}" for value in rows["mean"]]
            columns = [rows[column].tolist() for column in ("size", "mean", "min", "max")]
            lines.append(Line(name, styles[name], *columns, labels))
    return lines


def percent(share: float) -> str:
    """Share -> per cent with two figures or one place: 0.0123 -> "1.2 %", 0.254 -> "25.4 %"."""
    return f"{100 * share:.1f} %" if 100 * share >= 0.095 or not share else f"{100 * share:.2f} %"


def points(difference: float) -> str:
    """Difference of two shares -> percentage points with their sign: -0.0214 -> "−2.1"."""
    return f"{100 * difference:+.1f}".replace("-", "−").replace("−0.0", "0.0").replace("+0.0", "0.0")


def number(value: float) -> str:
    """Number -> three figures, thousands by letter: 1234567 -> "1.23M"; 0.0123 -> "0.0123"."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e4)):
        if abs(value) >= size:
            scale = 1e3 if unit == "k" else size
            return f"{value / scale:.3g}{unit}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def y_label(value: float, kind: str) -> str:
    """Value on the y axis -> its label; kind is "percent", "seconds" or "number"."""
    return f"{100 * value:g} %" if kind == "percent" else number(value)


def y_ticks(low: float, high: float) -> list[float]:
    """Range of a log axis -> round values in it: 1, 2, 5 in each decade, or fewer where it is long."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if math.log10(high / low) < 2.5 else (1, 3) if math.log10(high / low) < 4 else (1,)
    return [tick for tick in (s * 10.0**d for d in decades for s in steps) if low <= tick <= high]
