"""Chart: what a picture shows, as plain data that the SVG and the matplotlib drawing both read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from components.report.findings import Findings, asked, cost_table, metric
from components.study.curves.answer import about
from components.study.results import StudyRecord

# Okabe and Ito (2008), darkened for white paper where contrast asks for it; blues and greens are
# modular, warm colours end-to-end; dashes and markers say the same without colour
MODULAR = ("#0072b2", "#00805f", "#3b3b98", "#4a90a4")
END_TO_END = ("#d55e00", "#b3568a", "#a87400", "#a23b3b")
MODULAR_DARK = ("#56b4e9", "#2cc79c", "#a5a5f5", "#8ed1e0")
END_TO_END_DARK = ("#ff8a3d", "#e39bc4", "#f0b429", "#ff9a9a")
MANY_SIZES = "Each line is a recogniser trained on more and more labelled utterances; the shade"
ONE_SIZE = "Each mark is a recogniser, all trained on as many labelled utterances; the line through it"
ABOVE_ZERO = 20  # where a value is zero, the largest drawn is at least so many times the lowest
ROOM = 1.12  # between the outermost sizes and the edge, as a factor
MARKERS = {"modular": ("square", "diamond", "square", "diamond"), "end-to-end": ("circle", "triangle") * 2}


@dataclass(frozen=True)
class Look:
    """Colours on light and on dark ground, marker, and whether the line is dashed."""

    light: str
    dark: str
    marker: str
    dashed: bool


@dataclass(frozen=True)
class Line:
    """One recogniser in a chart: points with their range, and how to read each aloud."""

    name: str
    look: Look
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    said: Sequence[str]


@dataclass(frozen=True)
class Mark:
    """A place on the x axis with its range, and its label."""

    at: float
    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A picture with log axes. key: file name. reading: how to read it, one line. y_kind: see `y_label`.

    other: the mark of a second study.
    """

    key: str
    title: str
    reading: str
    x_title: str
    y_title: str
    y_kind: str
    lines: Sequence[Line]
    ticks: Sequence[int]
    mark: Mark | None = None
    other: Mark | None = None
    summary: str = ""
    floor: float = field(default=0.0)

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
        sizes = [x for line in self.lines for x in line.x] or [1, 10]
        return min(sizes) / ROOM, max(sizes) * ROOM

    @property
    def one_size(self) -> bool:
        """Whether all points are of one size."""
        return of_one_size(self.lines)

    def drawn_at(self, line: Line) -> list[float]:
        """Where a line's points stand on the x axis: at their sizes; if all are of one, beside each other."""
        if not self.one_size:
            return list(line.x)
        place = self.lines.index(line) - (len(self.lines) - 1) / 2
        return [x * ROOM ** (2 * place / len(self.lines)) for x in line.x]


def of_one_size(lines: Sequence[Line]) -> bool:
    """Whether all points of the lines are of one size."""
    return len({x for line in lines for x in line.x}) == 1


def looks(record: StudyRecord) -> dict[str, Look]:
    """Recognisers -> a look each, so that one keeps its look in every picture of the report."""
    families = {trial.recogniser: trial.family for trial in record.trials}
    colours = {"modular": (MODULAR, MODULAR_DARK), "end-to-end": (END_TO_END, END_TO_END_DARK)}
    found: dict[str, Look] = {}
    for family, (light, dark) in colours.items():
        own = [name for name in record.recognisers if families[name] == family]
        for place, name in enumerate(own):
            turn = place % len(light)
            marker = MARKERS[family][turn]
            found[name] = Look(light[turn], dark[turn], marker, family == "modular")
    return found


def learning_chart(found: Findings) -> Chart:
    """Findings -> word error rate by training size, with the crossover of the best of each family."""
    look, lines = looks(found.record), []
    curves = found.curves.curves if found.curves else {}
    for name in found.record.recognisers:
        if name not in curves or not len(curves[name].sizes):
            continue
        curve = curves[name]
        points = zip(curve.rate, curve.low, curve.high, strict=True)
        said = [f"{percent(r)} ({percent(lo)} to {percent(hi)})" for r, lo, hi in points]
        lines.append(Line(name, look[name], curve.sizes, curve.rate, curve.low, curve.high, said))
    return Chart(
        key="learning-curves",
        title="Word errors by number of labelled utterances",
        reading=f"Lower is better. {ONE_SIZE if of_one_size(lines) else MANY_SIZES} is its 95 % "
        "interval, over other draws of the training clips and other test speakers.",
        x_title="labelled utterances for training (log scale)",
        y_title="words wrong (WER, log scale)",
        y_kind="percent",
        lines=lines,
        ticks=found.record.sizes,
        mark=_mark(found),
        summary=found.sentence,
        floor=0.0005,
    )


def _mark(found: Findings) -> Mark | None:
    best = found.headline
    if best is None or best.estimate is None:
        return None
    ends = (best.low or best.sizes[0], min(best.high, best.sizes[-1]))
    if best.draws < 2:
        ends = (best.estimate, best.estimate)
    return Mark(best.estimate, *ends, f"crossover, about {about(best.estimate)}")


COSTS = (
    ("train_seconds", "Seconds to train", "seconds", "Lower is quicker.", "seconds"),
    (
        "decode_rtf",
        "Time to recognise one second of speech",
        "RTF",
        "Below 1 is faster than speech.",
        "number",
    ),
    ("parameters", "Learned numbers in the model", "parameters", "Fewer is smaller.", "number"),
    ("peak_memory_mb", "Memory at the peak of a trial", "MB", "Lower runs on smaller machines.", "number"),
    (
        "altered_hearings",
        "Altered hearings of each training clip",
        "times",
        "Copies for a modular recogniser, passes for a network; none if it is not drawn.",
        "number",
    ),
)


def cost_charts(found: Findings) -> list[Chart]:
    """Findings -> one chart for each cost that any finished trial has recorded."""
    charts = []
    for name, title, unit, reading, kind in COSTS:
        lines = _cost_lines(found.record, name, unit)
        if lines:
            charts.append(
                Chart(
                    key=f"cost-{name.replace('_', '-')}",
                    title=title,
                    reading=f"{reading} The shade runs from the cheapest to the dearest trial.",
                    x_title="labelled utterances (log scale)",
                    y_title=f"{unit} (log scale)",
                    y_kind=kind,
                    lines=lines,
                    ticks=found.record.sizes,
                )
            )
    return charts


def _cost_lines(record: StudyRecord, cost: str, unit: str) -> list[Line]:
    table, look, lines = cost_table(record, metric(cost)), looks(record), []
    for name in record.recognisers:
        rows = table[(table["recogniser"] == name) & table["size"].isin(asked(record, name))]
        if len(rows) and (rows["mean"] > 0).any():
            said = [f"{number(value)} {unit}" for value in rows["mean"]]
            columns = [rows[column].tolist() for column in ("size", "mean", "min", "max")]
            lines.append(Line(name, look[name], *columns, said))
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
