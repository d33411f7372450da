"""Study diff: two studies -> one page and one table on what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from components.report import svg
from components.report.chart import Chart, Mark, learning_chart, percent, points
from components.report.findings import REPLICATIONS, Findings, findings
from components.report.line_style import LineStyle, line_styles
from components.report.settings import flat, recogniser_settings
from components.report.tables import crossover_rows, in_nouns
from components.report.templating import environment
from components.study.curves.answer import about, listed
from components.study.curves.crossover_shift import crossover_shift
from components.study.curves.study_diff import StudyDiff, study_diff
from components.study.nouns import Nouns, capitalised
from components.study.printable import plain_cells, printable
from components.study.results import StudyRecord

CHANGED = {"more": 1, "fewer": -1}  # errors, by the sign of the difference


@dataclass(frozen=True, eq=False)
class StudySide:
    """One of two studies: what its own report says, and the word that stands for it in a picture."""

    findings: Findings
    mark: str

    @property
    def record(self) -> StudyRecord:
        """The study."""
        return self.findings.record

    @property
    def label(self) -> str:
        """Which study it is, for a heading."""
        return f"{self.mark}: {self.record.name}, {self.record.created[:16].replace('T', ' ')}"


@dataclass(frozen=True, eq=False)
class StudyComparison:
    """Two studies and what differs: `diff.after` is the first, `diff.before` the second.

    shared: recognisers that both have measured.
    """

    first: StudySide
    second: StudySide
    diff: StudyDiff
    shared: tuple[str, ...]

    @property
    def nouns(self) -> Nouns:
        """The words of the studies' subject."""
        return self.first.findings.nouns

    @property
    def sides(self) -> tuple[StudySide, StudySide]:
        """The first and the second."""
        return self.first, self.second

    @property
    def verdict(self) -> str:
        """Whether the crossover differs, in a sentence."""
        both = [side.findings.headline for side in (self.second, self.first)]
        if None in both:
            return "There are not two crossovers to compare: one of the two studies has none."
        places = ", ".join(_crossover(side) for side in self.sides)
        if min(headline.draws for headline in both) < 2:
            return f"Whether the crossover moved cannot be told from one draw: {places}."
        sentences = {
            "stayed": f"The crossover did not move beyond its interval: {places}.",
            "moved": f"The crossover moved, the two intervals lie apart: {places}.",
            "unclear": f"The crossover may have moved, but the two intervals overlap: {places}.",
        }
        return sentences[crossover_shift(*both)]

    @property
    def changes(self) -> str:
        """Whose error rates changed beyond luck, in a sentence."""
        if self.diff.repetitions < 2:
            return "From one draw nothing can be said of the luck of training: run at least 3 draws."
        rows = self.diff.table[self.diff.significant]
        if not len(rows):
            return "No error rate differs beyond luck."
        changed = {how: rows[sign * rows["difference"] > 0] for how, sign in CHANGED.items()}
        parts = [f"{how} errors by {_cells_listed(some)}" for how, some in changed.items() if len(some)]
        return f"Beyond luck, {self.first.mark} has {', and '.join(parts)}."


def _cells_listed(rows: pd.DataFrame) -> str:
    """Rows -> "mel-ctc (30, 75) and wave-ctc (30)"."""
    by_name = rows.groupby("recogniser", sort=False)["size"]
    return listed([f"{name} ({', '.join(f'{size:,}' for size in sizes)})" for name, sizes in by_name])


def _crossover(side: StudySide) -> str:
    row = crossover_rows(side.findings)[0]
    return f"{side.mark} {row['from']} ({row['interval']})"


def compare_studies(
    first: StudyRecord, second: StudyRecord, replications: int = REPLICATIONS
) -> StudyComparison:
    """Two studies -> what differs. Raises ValueError if no recogniser was measured in both."""
    measured = [{trial.recogniser for trial in record.finished} for record in (first, second)]
    shared = tuple(name for name in first.recognisers if name in measured[0] & measured[1])
    if not shared:
        raise _nothing_shared(first, second, measured)
    marks = ("now", "before") if first.name == second.name and first.created > second.created else ("A", "B")
    both = zip((first, second), marks, strict=True)
    sides = [StudySide(findings(record, replications), mark) for record, mark in both]
    return StudyComparison(*sides, study_diff(second, first, replications), shared)


def _nothing_shared(first: StudyRecord, second: StudyRecord, measured: Sequence[set[str]]) -> ValueError:
    names = [", ".join(sorted(some)) or "nothing" for some in measured]
    nouns = first.nouns
    return ValueError(
        f"two studies to compare expected a {nouns.system} that both have measured, got {names[0]} in "
        f"{first.name} and {names[1]} in {second.name}; run one of them with the {nouns.systems} of the "
        "other."
    )


def write_study_diff(comparison: StudyComparison, folder: Path) -> Path:
    """Two studies and a folder, made if need be -> the page there, alone but for its table as a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(printable(render_study_diff(comparison)), encoding="utf-8")
    plain_cells(in_nouns(comparison.diff.table, comparison.nouns)).to_csv(folder / "beside.csv", index=False)
    return page


def render_study_diff(comparison: StudyComparison) -> str:
    """Two studies -> the whole page as one string."""
    styles, table = _styles(comparison), _marked_table(comparison)
    return (
        environment()
        .get_template("study_diff.html.j2")
        .render(
            comparison=comparison,
            nouns=comparison.nouns,
            styles=styles,
            chart=diff_chart(comparison),
            svg=svg,
            index={
                _named(name, side): place for place, name in enumerate(styles) for side in comparison.sides
            },
            sizes=sorted(set(table["size"])),
            cells={(row["recogniser"], row["size"]): row for row in table.to_dict("records")},
            inputs=different_inputs(comparison),
        )
    )


def _marked_table(comparison: StudyComparison) -> pd.DataFrame:
    """The table of differences, with a column that says which are significant."""
    return comparison.diff.table.assign(significant=comparison.diff.significant)


def _named(recogniser: str, side: StudySide) -> str:
    return f"{recogniser}, {side.mark}"


def _styles(comparison: StudyComparison) -> dict[str, LineStyle]:
    """Shared recognisers -> a line style each, the same for both studies."""
    record = comparison.first.record
    shared = [trial for trial in record.trials if trial.recogniser in comparison.shared]
    return line_styles(replace(record, trials=shared))


def diff_chart(comparison: StudyComparison) -> Chart:
    """Two studies -> the learning curves of the recognisers that both have, the second study's dashed."""
    first, second = comparison.sides
    charts = {side.mark: learning_chart(side.findings) for side in comparison.sides}
    lines = [
        replace(line, name=_named(name, side), style=replace(style, dashed=side is second))
        for name, style in _styles(comparison).items()
        for side in comparison.sides
        for line in charts[side.mark].lines
        if line.name == name
    ]
    nouns = comparison.nouns
    return replace(
        charts[first.mark],
        key="beside",
        title=f"{capitalised(nouns.wrong)} in both studies by number of {nouns.labelled}",
        reading=f"Lower is better. Solid lines: {first.label}. Dashed: {second.label}. The shades are 95 % "
        f"intervals, over other draws of the training {nouns.items} and other test {nouns.groups}.",
        lines=lines,
        ticks=sorted({tick for chart in charts.values() for tick in chart.ticks}),
        mark=_marked(charts[first.mark], first),
        second_mark=_marked(charts[second.mark], second),
        summary=comparison.verdict,
    )


def _marked(chart: Chart, side: StudySide) -> Mark | None:
    return chart.mark and replace(chart.mark, label=f"{side.mark}: {about(chart.mark.at)}")


def different_inputs(comparison: StudyComparison) -> list[tuple[str, str, str]]:
    """Two studies -> (what, in the first, in the second) for all that differs, results aside."""
    first, second = (_inputs(side.record, comparison.shared) for side in comparison.sides)
    rows = [(what, first.get(what, "-"), second.get(what, "-")) for what in first | second]
    return [row for row in rows if row[1] != row[2]]


def _inputs(record: StudyRecord, shared: Sequence[str]) -> dict[str, str]:
    """Everything that went into a study: date, data, code, libraries, what was asked, every setting."""
    inputs = {"date": record.created[:16].replace("T", " ")}
    inputs |= {f"{record.nouns.data}: {name}": value for name, value in flat(record.dataset)}
    inputs |= {f"code of {name}": record.code.get(name, "not known")[:12] for name in shared}
    inputs |= {f"version of {name}": value for name, value in record.versions.items()}
    inputs |= {f"asked: {name}": value for name, value in flat(record.settings)}
    settings = recogniser_settings(record)
    rows = [(name, *row) for name in shared for row in settings[name]]
    return inputs | {f"{name}: {key}": value for name, key, value in rows if not key.startswith("chose.")}


def diff_table(comparison: StudyComparison) -> Table:
    """Two studies -> error rates of the first and how they differ from the second, for a terminal."""
    first, second, nouns = *comparison.sides, comparison.nouns
    title = f"{capitalised(nouns.wrong)} {first.label}; in brackets the change from {second.label}, in points"
    table = Table(title=title, caption=f"* beyond luck, tested at every size of every {nouns.system}")
    table.add_column(nouns.labelled, justify="right")
    for name in comparison.shared:
        table.add_column(name, justify="right", no_wrap=True)
    for size, here in _marked_table(comparison).groupby("size"):
        rows = {row.recogniser: row for row in here.itertuples()}
        table.add_row(f"{size:,}", *(_cell(rows[name]) if name in rows else "" for name in comparison.shared))
    return table


def _cell(row: Any) -> str:
    """One row of differences -> "12.1 % (-1.9*)"."""
    star = "*" if row.significant else ""
    return f"{percent(row.after)} ({points(row.difference)}{star})"
