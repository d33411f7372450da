"""Beside: two studies -> one page and one table on what sets them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from components.report import svg
from components.report.chart import Chart, Look, Mark, learning_chart, looks, percent, points
from components.report.findings import REPLICATIONS, Findings, findings
from components.report.tables import crossover_rows
from components.report.write import environment, flat, recogniser_settings
from components.study.curves.answer import about, listed
from components.study.curves.crossover_shift import moved
from components.study.curves.study_diff import Beside, beside
from components.study.results import StudyRecord


@dataclass(frozen=True, eq=False)
class Side:
    """One of two studies. mark: the word that stands for it in a picture. label: the same with its name."""

    record: StudyRecord
    mark: str

    @property
    def found(self) -> Findings:
        """What its own report says."""
        return findings(self.record)

    @property
    def label(self) -> str:
        """Which study it is, for a heading."""
        return f"{self.mark}: {self.record.name}, {self.record.created[:16].replace('T', ' ')}"


@dataclass(frozen=True, eq=False)
class Sides:
    """Two studies and what sets them apart. apart: its `after` is the one, its `before` the other."""

    one: Side
    other: Side
    apart: Beside
    shared: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Whether the crossover is another one, in a sentence."""
        both = [side.found.headline for side in (self.other, self.one)]
        if None in both:
            return "There are not two crossovers to compare: one of the two studies has none."
        places = ", ".join(_crossover(side) for side in (self.one, self.other))
        if min(found.draws for found in both) < 2:
            return f"Whether the crossover moved cannot be told from one draw: {places}."
        said = {
            "stayed": f"The crossover did not move beyond its interval: {places}.",
            "moved": f"The crossover moved, the two intervals lie apart: {places}.",
            "unclear": f"The crossover may have moved, but the two intervals overlap: {places}.",
        }
        return said[moved(*both)]

    @property
    def changes(self) -> str:
        """Whose error rates changed beyond luck, in a sentence."""
        if self.apart.repetitions < 2:
            return "From one draw nothing can be said of the luck of training: run at least 3 draws."
        rows = self.apart.table[self.apart.sure]
        if not len(rows):
            return "No error rate differs beyond luck."
        rising = {"more": rows[rows["difference"] > 0], "fewer": rows[rows["difference"] < 0]}
        parts = [f"{how} errors by {_who(own)}" for how, own in rising.items() if len(own)]
        return f"Beyond luck, {self.one.mark} has {', and '.join(parts)}."


def _who(rows: pd.DataFrame) -> str:
    """Rows -> "mel-ctc (30, 75) and wave-ctc (30)"."""
    sizes = rows.groupby("recogniser", sort=False)["size"]
    return listed([f"{name} ({', '.join(f'{size:,}' for size in own)})" for name, own in sizes])


def _crossover(side: Side) -> str:
    row = crossover_rows(side.found)[0]
    return f"{side.mark} {row['from']} ({row['interval']})"


def two_sides(one: StudyRecord, other: StudyRecord) -> Sides:
    """Two studies -> what sets them apart. Raises ValueError if no recogniser was measured in both."""
    heard = [{trial.recogniser for trial in record.finished} for record in (one, other)]
    shared = tuple(name for name in one.recognisers if name in heard[0] & heard[1])
    if not shared:
        own = [", ".join(sorted(names)) or "nothing" for names in heard]
        raise ValueError(
            f"two studies to compare expected a recogniser that both have measured, got {own[0]} in {one.name} "
            f"and {own[1]} in {other.name}; run one of them with the recognisers of the other."
        )
    marks = ("now", "before") if one.name == other.name and one.created > other.created else ("A", "B")
    sides = (Side(record, mark) for record, mark in zip((one, other), marks, strict=True))
    return Sides(*sides, beside(other, one, REPLICATIONS), shared)


def write_beside(sides: Sides, folder: Path) -> Path:
    """Two studies and a folder, made if need be -> the page there, alone but for its table as a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(render_beside(sides), encoding="utf-8")
    sides.apart.table.to_csv(folder / "beside.csv", index=False)
    return page


def render_beside(sides: Sides) -> str:
    """Two studies -> the whole page as one string."""
    look, table = _looks(sides), sides.apart.table.assign(sure=sides.apart.sure)
    both = (sides.one, sides.other)
    return (
        environment()
        .get_template("study_diff.html.j2")
        .render(
            sides=sides,
            looks=look,
            chart=beside_chart(sides),
            svg=svg,
            index={_named(name, side): place for place, name in enumerate(look) for side in both},
            sizes=sorted(set(table["size"])),
            cells={(row["recogniser"], row["size"]): row for row in table.to_dict("records")},
            unlike=unlike(sides),
        )
    )


def _named(recogniser: str, side: Side) -> str:
    return f"{recogniser}, {side.mark}"


def _looks(sides: Sides) -> dict[str, Look]:
    """Shared recognisers -> a look each, the same for both studies."""
    record = sides.one.record
    shared = [trial for trial in record.trials if trial.recogniser in sides.shared]
    return looks(replace(record, trials=shared))


def beside_chart(sides: Sides) -> Chart:
    """Two studies -> the learning curves of the recognisers that both have, the other study's dashed."""
    drawn = {side.mark: learning_chart(side.found) for side in (sides.one, sides.other)}
    one, other = drawn[sides.one.mark], drawn[sides.other.mark]
    lines = [
        replace(line, name=_named(name, side), look=replace(look, dashed=side is sides.other))
        for name, look in _looks(sides).items()
        for side in (sides.one, sides.other)
        for line in drawn[side.mark].lines
        if line.name == name
    ]
    return replace(
        one,
        key="beside",
        title="Words wrong in both studies by number of labelled utterances",
        reading=f"Lower is better. Solid lines: {sides.one.label}. Dashed: {sides.other.label}. The shades "
        "are 95 % intervals, over other draws of the training clips and other test speakers.",
        lines=lines,
        ticks=sorted({*one.ticks, *other.ticks}),
        mark=_marked(one, sides.one),
        other=_marked(other, sides.other),
        summary=sides.verdict,
    )


def _marked(chart: Chart, side: Side) -> Mark | None:
    return chart.mark and replace(chart.mark, label=f"{side.mark}: {about(chart.mark.at)}")


def unlike(sides: Sides) -> list[tuple[str, str, str]]:
    """Two studies -> (what, in the one, in the other) for all that differs, results aside."""
    one, other = (_facts(side.record, sides.shared) for side in (sides.one, sides.other))
    rows = [(what, one.get(what, "-"), other.get(what, "-")) for what in one | other]
    return [row for row in rows if row[1] != row[2]]


def _facts(record: StudyRecord, shared: Sequence[str]) -> dict[str, str]:
    """Everything that went into a study: date, corpus, code, libraries, what was asked, every setting."""
    facts = {"date": record.created[:16].replace("T", " ")}
    facts |= {f"corpus: {name}": value for name, value in flat(record.dataset)}
    facts |= {f"code of {name}": record.code.get(name, "not known")[:12] for name in shared}
    facts |= {f"version of {name}": value for name, value in record.versions.items()}
    facts |= {f"asked: {name}": value for name, value in flat(record.settings)}
    knobs = recogniser_settings(record)
    rows = [(name, *row) for name in shared for row in knobs[name]]
    return facts | {f"{name}: {knob}": value for name, knob, value in rows if not knob.startswith("chose.")}


def beside_table(sides: Sides) -> Table:
    """Two studies -> word error rates of the one and how they differ from the other, for a terminal."""
    title = f"Words wrong {sides.one.label}; in brackets the change from {sides.other.label}, in points"
    table = Table(title=title, caption="* beyond luck, tested at every size of every recogniser")
    table.add_column("utterances", justify="right")
    for name in sides.shared:
        table.add_column(name, justify="right", no_wrap=True)
    rows = sides.apart.table.assign(sure=sides.apart.sure)
    for size, here in rows.groupby("size"):
        own = {row.recogniser: row for row in here.itertuples()}
        table.add_row(f"{size:,}", *(_cell(own[name]) if name in own else "" for name in sides.shared))
    return table


def _cell(row: Any) -> str:
    """One row of differences -> "12.1 % (-1.9*)"."""
    star = "*" if row.sure else ""
    return f"{percent(row.after)} ({points(row.difference)}{star})"
