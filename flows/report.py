"""The report: MLflow -> page, pictures and tables, kept with the study's run and shown by Prefect."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from components.report import markdown_summary, table_rows
from components.report.findings import findings
from components.study.dataset import Dataset
from components.study.tracking import Store, find_study, read_regressed
from components.subjects import find_subject
from flows.in_process import InProcess
from flows.regression import raise_event
from flows.write_report import Report, make_report


@flow(name="report", validate_parameters=False)
def report(store: InProcess[Store], study: str = "", dataset: InProcess[Dataset] | None = None) -> Report:
    """Read a study from MLflow, write its report, show it among Prefect's artifacts; returns it.

    What is worse than in the run before raises an event, once. dataset: see `make_report`.
    """
    opened = store.value
    raised = read_regressed(opened, find_study(opened, study).info.run_id)
    made = make_report(opened, study, dataset=dataset and dataset.value)
    record = made.record
    if record.regressions and record.regressions != raised:
        raise_event(record)
    key = f"crossover-{made.page.parent.name}"
    summary = markdown_summary(findings(record), find_subject(record.subject).sections())
    create_markdown_artifact(summary, key=key, description=f"full report: {made.page}")
    description = f"{record.nouns.rate} by training size"
    create_table_artifact(table_rows(findings(record)), key=f"{key}-table", description=description)
    return made
