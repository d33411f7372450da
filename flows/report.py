"""The report: MLflow -> page, pictures and tables, kept with the study's run and shown by Prefect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from components.report import markdown_summary, table_rows, write_report
from components.report.breakdown import disagreements
from components.report.findings import findings
from components.report.speech_sections import SPEECH_SECTIONS
from components.study.fingerprint import digest
from components.study.results import StudyRecord
from components.study.tracking import (
    Store,
    close_study,
    find_study,
    log_report,
    log_sounds,
    read_regressed,
    read_sounds,
    read_study,
)
from flows.plan import open_corpus
from flows.regression import compared_with_before, raise_event
from flows.study import check_study


def make_report(
    store: Store,
    name: str = "",
    audio: bool = True,
    from_corpus: bool = False,
    prices: Mapping[str, float] | None = None,
) -> tuple[StudyRecord, Path]:
    """Name or run id of a study -> its record and the written page, which is also logged on its run.

    audio: with the clips to listen to that its run keeps, unless the study wanted none. from_corpus: the
    study's corpus is at hand, and these clips are kept first. prices: label_price and hour_price in the place
    of the study's, for this page.
    """
    record = compared_with_before(store, read_study(store, name))
    record = replace(record, settings={**record.settings, **(prices or {})})
    audio = audio and record.settings.get("audio", True)
    if audio and from_corpus:
        keep_sounds(store, record)
    folder = report_folder(store, record)
    sounds = read_sounds(store, record.run_id) if audio else {}
    files = write_report(record, folder, sections=SPEECH_SECTIONS, sounds=sounds)
    log_report(store, record, folder, findings(record).sentence)
    counts = {"trials_finished": len(record.finished), "trials_failed": len(record.failed)}
    close_study(store, record.run_id, {**counts, "clips_set_aside": len(record.set_aside)})
    return record, files.page


def keep_sounds(store: Store, record: StudyRecord) -> None:
    """The clips on which the best of each family differ most -> sound files of the study's run."""
    names = disagreements(findings(record))["id"].tolist()
    if names:
        clips = {clip.name: clip for clip in open_corpus(check_study(record.settings)).clips}
        log_sounds(store, record.run_id, [clips[name] for name in names])


def written_report(store: Store, name: str = "") -> tuple[StudyRecord, Path]:
    """Name or run id of a study whose report was just written -> its record and that page."""
    record = read_study(store, name)
    return record, report_folder(store, record) / "index.html"


def report_folder(store: Store, record: StudyRecord) -> Path:
    """Where a study's page lies: beside the store, or under ./mlruns for a tracking server's."""
    return (store.folder or Path("mlruns").resolve()) / "reports" / slug(record.name)


def slug(name: str) -> str:
    """A study's name -> letters, digits and dashes, as file names and Prefect's keys want it.

    Names in other letters than these would all be one: they end in a few digits of their hash.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "study"
    other = any(letter.isalnum() and not letter.isascii() for letter in name)
    return f"{plain}-{digest(name)[:6]}" if other else plain


@flow(name="report")
def report(tracking: str = "", study: str = "", from_corpus: bool = False) -> str:
    """Read a study from MLflow, write its report, show it among Prefect's artifacts; returns its sentence.

    What is worse than in the run before raises an event, once. from_corpus: see `make_report`.
    """
    store = Store(tracking)
    told = read_regressed(store, find_study(store, study).info.run_id)
    record, page = make_report(store, study, from_corpus=from_corpus)
    if record.regressions and record.regressions != told:
        raise_event(record)
    key = f"crossover-{slug(record.name)}"
    summary = markdown_summary(findings(record), SPEECH_SECTIONS)
    create_markdown_artifact(summary, key=key, description=f"full report: {page}")
    create_table_artifact(
        table_rows(findings(record)), key=f"{key}-table", description="word error rate by training size"
    )
    return findings(record).sentence
