"""Two studies in one report: MLflow -> page and table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from components.report.study_diff import Sides, beside_table, two_sides, write_beside
from components.study.results import StudyRecord
from components.study.tracking import Store, find_study, read_study
from flows.compare_before import earlier_run
from flows.write_report import report_folder, slug


def make_beside(store: Store, name: str, other: str) -> tuple[Sides, Path]:
    """Names or run ids of two studies -> what sets them apart, and the written page.

    The same study twice stands for its newest run and the one before. Raises ValueError if there is no such
    study, or no recogniser that both have measured.
    """
    record = read_study(store, name)
    sides = two_sides(record, read_study(store, _other_run(store, record, other)))
    folder, second = report_folder(store, record), sides.other.record
    last = second.run_id if second.name == record.name else slug(second.name)
    return sides, write_beside(sides, folder.with_name(f"{folder.name}-beside-{last}"))


def _other_run(store: Store, record: StudyRecord, other: str) -> str:
    run_id = find_study(store, other).info.run_id
    if run_id != record.run_id:
        return run_id
    run_id = earlier_run(store, record)
    if not run_id:
        raise ValueError(
            f"--beside expected another study or an earlier run of {record.name} with the same settings, got "
            f"{other!r}, which is the study itself and was never run before; name another."
        )
    return run_id


def show_beside(sides: Sides, page: Path, screen: Console) -> None:
    """Two studies -> both answers, a table of what changed, and where the page lies."""
    screen.print()
    screen.print(beside_table(sides))
    for side in (sides.one, sides.other):
        screen.print(f"\n[bold]{side.label}:[/bold] {side.found.sentence}", soft_wrap=True)
    screen.print(f"\n[bold]{sides.verdict}[/bold] {sides.changes}\n", soft_wrap=True)
    screen.print(f"Report:  {page}", soft_wrap=True)
