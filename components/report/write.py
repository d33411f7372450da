"""Write: a study record and a folder -> the report page, its pictures and its tables, as files there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.report.findings import REPLICATIONS, findings
from components.report.page import Page, render
from components.report.sections import Section
from components.report.tables import answer_frame, in_nouns, trial_frame
from components.study.nouns import capitalised
from components.study.printable import plain_cells, printable
from components.study.results import StudyRecord


@dataclass(frozen=True)
class ReportFiles:
    """What was written: the page, the pictures (PNG and SVG), the tables (CSV)."""

    page: Path
    pictures: tuple[Path, ...]
    tables: tuple[Path, ...]


def write_report(
    record: StudyRecord,
    folder: Path,
    sections: Sequence[Section] = (),
    attachments: Mapping[str, bytes] | None = None,
    replications: int = REPLICATIONS,
) -> ReportFiles:
    """A record and a folder, made if need be -> the files of its report; the page needs none but itself.

    Parameters
    ----------
    record, folder
        The study, and where its report goes.
    sections
        Of its subject.
    attachments
        Example -> a FLAC file to listen to, for sections that play it.
    replications
        Resampled studies behind the intervals.
    """
    page = Page(findings(record, replications), sections)
    return ReportFiles(
        write_page(page, folder, attachments),
        tuple(draw_pictures(page, folder)),
        tuple(write_tables(page, folder)),
    )


def write_page(page: Page, folder: Path, attachments: Mapping[str, bytes] | None = None) -> Path:
    """A page and a folder, made if need be -> its HTML file there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "index.html"
    file.write_text(printable(render(page, attachments)), encoding="utf-8")
    return file


def draw_pictures(page: Page, folder: Path) -> list[Path]:
    """A page and a folder -> its charts there, as PNG and SVG files."""
    from components.report.pictures import save_breakdown, save_chart  # matplotlib takes a second to import

    nouns, parts = page.record.nouns, page.breakdown
    files = [file for chart in (*page.main_charts, *page.cost_charts) for file in save_chart(chart, folder)]
    if parts is not None and len(parts.groups):
        styles = {name: page.styles[name] for name in parts.finalists}
        title = f"{capitalised(nouns.wrong)} by {nouns.group}"
        rows = parts.groups.assign(**{nouns.group: parts.groups[nouns.group].astype(str).map(printable)})
        files += save_breakdown(rows, nouns.group, title, styles, folder)
    return files + [file for section, view in page.views for file in section.pictures(view, folder)]


def write_tables(page: Page, folder: Path) -> list[Path]:
    """A page and a folder, made if need be -> its tables there, as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    record, nouns = page.record, page.record.nouns
    tables = {
        "answer": in_nouns(answer_frame(page.findings), nouns),
        "trials": in_nouns(trial_frame(record), nouns),
        "set-aside": record.set_aside,
    }
    if page.breakdown is not None:
        tables[f"errors-by-{nouns.group}"] = page.breakdown.groups
    for section, view in page.views:
        tables |= section.tables(view)
    files = [folder / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        plain_cells(table).to_csv(file, index=False)
    return files
