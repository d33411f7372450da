"""What is worse than in the run before, raised as a Prefect event."""

from __future__ import annotations

from prefect.events import emit_event

from components.report.regression import regression_sentence
from components.study.results import StudyRecord

EVENT = "crossover.study.regressed"


def raise_event(record: StudyRecord) -> None:
    """A study that is worse than before -> a Prefect event, which automations can act on."""
    resource = {
        "prefect.resource.id": f"crossover.study.{record.name}",
        "prefect.resource.name": record.name,
        "crossover.run": record.run_id,
    }
    emit_event(EVENT, resource, payload={"said": regression_sentence(record), "worse": record.regressions})
