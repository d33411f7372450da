"""A study run again, by a schedule or by hand: what is worse than in the run before is kept and shown."""

from __future__ import annotations

from dataclasses import replace

from components.study.curves.study_diff import study_diff
from components.study.results import StudyRecord
from components.study.study import run_settings
from components.study.tracking import Store, earlier_study, log_regressed, read_study
from components.subjects import find_subject


def compared_with_before(store: Store, record: StudyRecord) -> StudyRecord:
    """A study -> the same with all that is worse than in the run before, which its own run keeps as well."""
    run_id = earlier_run(store, record)
    if not run_id:
        return record
    before = read_study(store, run_id)
    since = {"run": run_id, "since": before.created}
    columns = ["recogniser", "size", "before", "after", "low", "high"]
    worse = study_diff(before, record).worse[columns].to_dict("records")
    rows = [row | since for row in worse]
    if rows or record.regressions:
        log_regressed(store, record.run_id, rows)
    return replace(record, regressions=rows)


def earlier_run(store: Store, record: StudyRecord) -> str:
    """A study -> run id of the newest one before it that measured the same; "" without one."""
    return earlier_study(store, record, run_settings(find_subject(record.subject).settings))
