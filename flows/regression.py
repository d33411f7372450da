"""A study run again, by a schedule or by hand: what is worse than before is kept, shown and raised."""

from __future__ import annotations

from dataclasses import replace

from prefect.events import emit_event

from components.report.regression import regression_sentence
from components.study.curves.study_diff import study_diff
from components.study.results import StudyRecord
from components.study.tracking import Store, earlier_study, log_regressed, read_study

EVENT = "crossover.study.regressed"


def compared_with_before(store: Store, record: StudyRecord) -> StudyRecord:
    """A study -> the same with all that is worse than in the run before, which its own run keeps as well."""
    run_id = earlier_study(store, record)
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


def raise_event(record: StudyRecord) -> None:
    """A study that is worse than before -> a Prefect event, which automations can act on."""
    resource = {
        "prefect.resource.id": f"crossover.study.{record.name}",
        "prefect.resource.name": record.name,
        "crossover.run": record.run_id,
    }
    emit_event(EVENT, resource, payload={"said": regression_sentence(record), "worse": record.regressions})
