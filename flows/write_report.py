"""A study in MLflow -> its written report, without Prefect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.results import StudyRecord
from components.study.sources import source_stamp
from components.study.tracking import (
    Store,
    close_study,
    log_attachments,
    log_report,
    log_report_key,
    mark_superseded,
    read_attachments,
    read_report_key,
    read_study,
)
from components.subjects import find_subject
from flows.compare_before import compared_with_before
from flows.pages import report_folder

APART = ("created", "trials", "set_aside", "planned")  # of a record: its date, and what is not plain


@dataclass(frozen=True)
class Report:
    """A study as it was read, and the page that was written of it."""

    record: StudyRecord
    page: Path

    @property
    def sentence(self) -> str:
        """Its answer."""
        from components.report.findings import findings

        return findings(self.record).sentence


def make_report(
    store: Store,
    name: str = "",
    audio: bool = True,
    dataset: Dataset | None = None,
    prices: Mapping[str, float] | None = None,
    anew: bool = True,
    ended: bool = True,
) -> Report:
    """Name or run id of a study -> its report, which is also logged on its run.

    Parameters
    ----------
    store, name
        Where the study is recorded, and which one it is; the newest for "".
    audio
        With the examples to look into that its run keeps, unless the study wanted none.
    dataset
        The study's, where it is at hand: these examples are kept first.
    prices
        label_price and hour_price in the place of the study's, for this page.
    anew
        Write it even if a page of the same trials, settings and code is there.
    ended
        The study has ended: its run is closed, as FAILED where a trial that was asked for has no result.
    """
    record = compared_with_before(store, read_study(store, name))
    record = replace(record, settings={**record.settings, **(prices or {})})
    audio = audio and record.settings.get("audio", True)
    page, key = report_folder(store, record) / "index.html", report_key(record, audio)
    if anew or not page.is_file() or read_report_key(store, record.run_id) != key:
        _write(store, record, audio, dataset)
        log_report_key(store, record.run_id, key)
    if ended:
        mark_superseded(store, record)
    if ended or not record.unfinished:
        _close(store, record)
    return Report(record, page)


def _close(store: Store, record: StudyRecord) -> None:
    counts = {"trials_finished": len(record.finished), "trials_failed": len(record.failed)}
    counts["set_aside"] = len(record.set_aside)
    close_study(store, record.run_id, counts, "FAILED" if record.unfinished else "FINISHED")


def _write(store: Store, record: StudyRecord, audio: bool, dataset: Dataset | None) -> None:
    from components.report import write_report  # draws: seconds to import

    if audio and dataset is not None:
        keep_attachments(store, record, dataset)
    folder, subject = report_folder(store, record), find_subject(record.subject)
    attachments = read_attachments(store, record.run_id) if audio else {}
    files = write_report(record, folder, subject.sections(), attachments)
    log_report(store, record, folder, Report(record, files.page).sentence, subject.drawn)


def report_key(record: StudyRecord, audio: bool) -> str:
    """A study and whether its page has attachments -> hash of all that the page is made from but its date."""
    facts = {name: value for name, value in vars(record).items() if name not in APART}
    facts["check"] = record.check.as_dict()
    trials = [(trial.run_id, trial.recogniser, trial.status) for trial in record.trials]
    return digest([facts, trials, record.set_aside.to_dict("records"), audio, source_stamp()])


def keep_attachments(store: Store, record: StudyRecord, dataset: Dataset) -> None:
    """The examples on which the best of each family differ most -> files of the study's run."""
    from components.report.breakdown import disagreements
    from components.report.findings import findings

    as_file = find_subject(record.subject).attachment
    if as_file is None:
        return
    names = disagreements(findings(record))["id"].tolist()
    if names:
        place = {name: position for position, name in enumerate(dataset.ids)}
        files = {name: as_file(dataset.examples[place[name]]) for name in names}
        log_attachments(store, record.run_id, files)
