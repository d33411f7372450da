"""Two studies in one report: MLflow -> page and table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from components.report.study_diff import StudyComparison, compare_studies, diff_table, write_study_diff
from components.study.fingerprint import digest
from components.study.results import StudyRecord
from components.study.tracking import Store, find_study, read_study
from flows.compare_before import earlier_run
from flows.pages import owned_folder, page_owner, pages_of, report_folder


def make_study_diff(store: Store, name: str, other: str) -> tuple[StudyComparison, Path]:
    """Names or run ids of two studies -> what differs, and the written page.

    The same study twice stands for its newest run and the one before. Raises ValueError if there is no such
    study, or no recogniser that both have measured.
    """
    record = read_study(store, name)
    comparison = compare_studies(record, read_study(store, _other_run(store, record, other)))
    return comparison, write_study_diff(comparison, _folder(store, record, comparison.second.record))


def _folder(store: Store, record: StudyRecord, second: StudyRecord) -> Path:
    """Where the page on two studies lies: after their names, or the second's run for one study twice."""
    again = second.name == record.name
    last = second.run_id if again else report_folder(store, second).name
    owner = digest(["beside", page_owner(record), second.run_id if again else page_owner(second)])
    return owned_folder(pages_of(store), f"{report_folder(store, record).name}-beside-{last}", owner)


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


def show_study_diff(comparison: StudyComparison, page: Path, screen: Console) -> None:
    """Two studies -> both answers, a table of what changed, and where the page lies."""
    screen.print()
    screen.print(diff_table(comparison))
    for side in comparison.sides:
        screen.print(f"\n[bold]{side.label}:[/bold] {side.findings.sentence}", soft_wrap=True)
    screen.print(f"\n[bold]{comparison.verdict}[/bold] {comparison.changes}\n", soft_wrap=True)
    screen.print(f"Report:  {page}", soft_wrap=True)
