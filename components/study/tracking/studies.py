"""Studies <-> MLflow parent runs: the plan, the facts about the dataset, the report."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlflow.entities import Metric, Param, Run

from components.errors import unknown
from components.study.checks import data_check
from components.study.nouns import Nouns
from components.study.results import StudyRecord, TrialResult, set_aside_frame
from components.study.task_scores import rate_names
from components.study.tracking.ceilings import read_ceilings
from components.study.tracking.migrate import fingerprint_tag, study_as_now
from components.study.tracking.previous_run import read_regressed
from components.study.tracking.store import CURVES, Store
from components.study.tracking.trials import (
    LONGEST_PARAM,
    ended_runs,
    log_dataset,
    quoted,
    read_trial,
    tag,
    trials_of,
)

PLAN = "study.json"
REPORT_KEY = "report_key"  # names the tag
CURVE_TAGS = ("recogniser", "family", "fold", "draw", "init")
READERS = 8  # of a server's artifacts at once
MOST_WAIT_S = 2.0  # before a study is made again


@dataclass(frozen=True)
class StudyEntry:
    """What a parent run keeps of a study.

    fingerprint: hash of its trials'. trials: one dict a planned trial, with its fingerprint.
    set_aside: (name, reason) of every example that could not be used. growth: of an adaptive study, as
    StudyRecord.rounds. checks: as DataCheck.as_dict.
    """

    name: str
    fingerprint: str
    dataset: Mapping[str, Any]
    settings: Mapping[str, Any]
    command: str
    versions: Mapping[str, str]
    trials: Sequence[Mapping[str, Any]]
    set_aside: Sequence[tuple[str, str]] = ()
    growth: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    checks: Mapping[str, Any] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(kw_only=True)


def open_study(store: Store, study: StudyEntry) -> str:
    """Study -> id of its parent run, marked as running; the same run again for the same plan."""
    with store.lock(f"study-{study.fingerprint}"):
        run_id = _found_or_created(store, study)
    with ending_study(store, run_id):
        store.client.update_run(run_id, status="RUNNING")
        log_dataset(store, run_id, study.dataset)  # before any trial does, so that none of them has to add it
        created = datetime.now(UTC).isoformat()
        store.client.log_dict(run_id, {**vars(study), "created": created}, PLAN)
        tag(store, run_id, {"created": created, **_check_tags(study.checks)})
    return run_id


def _found_or_created(store: Store, study: StudyEntry) -> str:
    """Study -> id of its run, one for all machines: of two that make one at once, both withdraw theirs."""
    same = f"tags.study = '{quoted(study.name)}' and tags.fingerprint = '{study.fingerprint}'"
    while True:
        if runs := store.search(f"tags.kind = 'study' and {same}"):
            return runs[0].info.run_id
        run_id = _create(store, study)
        if len(store.search(f"tags.kind = 'study' and {same}")) == 1:
            return run_id
        store.client.delete_run(run_id)
        time.sleep(random.uniform(0, MOST_WAIT_S))


@contextmanager
def ending_study(store: Store, run_id: str) -> Iterator[None]:
    """Whatever breaks off the inside ends the study's run: FAILED by an error, else KILLED."""
    try:
        yield
    except BaseException as error:
        with suppress(Exception):  # the store itself may be what broke
            store.client.set_terminated(run_id, "FAILED" if isinstance(error, Exception) else "KILLED")
        raise


def _check_tags(checks: Mapping[str, Any]) -> dict[str, str]:
    """A look at the data -> a tag for each verdict that is not fine, with the names of its results."""
    names: dict[str, list[str]] = {"look": [], "stop": []}
    for result in checks.get("results", ()):
        names.setdefault(result["verdict"], []).append(result["name"])
    return {f"data.{verdict}": ", ".join(names[verdict]) for verdict in ("look", "stop") if names[verdict]}


def _create(store: Store, study: StudyEntry) -> str:
    tags = {
        "kind": "study",
        "study": study.name,
        "fingerprint": study.fingerprint,
        "dataset": study.dataset["name"],
    }
    run = store.client.create_run(store.experiment(), int(time.time() * 1000), tags, study.name)
    facts = {**study.settings, **{f"dataset.{key}": value for key, value in study.dataset.items()}}
    rows = [Param(key, str(value)[:LONGEST_PARAM]) for key, value in facts.items()]
    store.client.log_batch(run.info.run_id, params=rows)
    return run.info.run_id


def close_study(store: Store, run_id: str, counts: Mapping[str, float], status: str = "FINISHED") -> None:
    """Mark a study as ended, with its counts of trials as metrics."""
    now = int(time.time() * 1000)
    store.client.log_batch(
        run_id, metrics=[Metric(key, float(value), now, 0) for key, value in counts.items()]
    )
    store.client.set_terminated(run_id, status)


def find_study(store: Store, name: str = "") -> Run:
    """Name or run id of a study -> its newest parent run; the newest of all for "".

    Raises ValueError if there is none.
    """
    runs = store.search("tags.kind = 'study'")
    if not runs:
        raise ValueError(
            f"{store.shown} expected a study to report, got none; run `crossover compare` first."
        )
    chosen = [run for run in runs if not name or name in (run.info.run_id, run.data.tags["study"])]
    if not chosen:
        raise unknown("study", name, dict.fromkeys(run.data.tags["study"] for run in runs))
    return chosen[0]


def read_study(store: Store, name: str = "", scores: bool = True) -> StudyRecord:
    """Name or run id -> everything the report needs, from MLflow alone."""
    run = find_study(store, name)
    kept = store.read(run, PLAN)
    plan = study_as_now(kept)
    trials_filter = trials_of(plan["dataset"]["fingerprint"], fingerprint_tag(kept))
    return StudyRecord(
        name=plan["name"],
        run_id=run.info.run_id,
        dataset=plan["dataset"],
        settings=plan["settings"],
        command=plan["command"],
        created=plan["created"],
        versions=plan["versions"],
        trials=_read_trials(store, trials_filter, plan["trials"], scores, plan["name"]),
        set_aside=set_aside_frame(plan["set_aside"]),
        ceilings=read_ceilings(store, run.info.run_id),
        regressions=read_regressed(store, run.info.run_id),
        code={trial["recogniser"]: trial.get("code", "") for trial in plan["trials"]},
        rounds=plan["growth"],
        subject=plan["subject"],
        nouns=Nouns(**plan["nouns"]),
        check=data_check(plan.get("checks", {})),
        planned=plan["trials"],
    )


def read_trials(
    store: Store, dataset_fingerprint: str, planned: Sequence[Mapping[str, Any]], scores: bool = True
) -> list[TrialResult]:
    """Planned trials, one dict each, of one dataset -> those that have ended, in the plan's order."""
    return _read_trials(store, trials_of(dataset_fingerprint), planned, scores)


def _read_trials(
    store: Store,
    trials_filter: str,
    planned: Sequence[Mapping[str, Any]],
    scores: bool,
    study: str = "",
) -> list[TrialResult]:
    ended = ended_runs(store, trials_filter, planned, study)
    # one run may stand for two names: mel-ctc is mel-ctc:augmented
    named = [(trial["recogniser"], ended.get(trial["fingerprint"])) for trial in planned]
    chosen = [(name, run) for name, run in named if run is not None]
    with ThreadPoolExecutor(1 if store.folder else READERS) as pool:
        read = pool.map(
            lambda named: replace(read_trial(store, named[1], scores), recogniser=named[0]), chosen
        )
        return list(read)


def log_report(
    store: Store, record: StudyRecord, folder: Path, sentence: str, drawn: Sequence[str] = ()
) -> None:
    """A written report -> artifacts of the study's run, and its curves as runs that MLflow charts.

    drawn: metrics of the subject that are charted as well, as are the errors of its tasks.
    """
    store.client.log_artifacts(record.run_id, str(folder), "report")
    tag(store, record.run_id, {"mlflow.note.content": sentence, "crossover": sentence})
    with store.lock(f"curves-{record.run_id}"):
        rates = rate_names(record.dataset.get("tasks", {}))
        names = dict.fromkeys((record.nouns.metric, "train_seconds", *drawn, *rates))
        _draw_curves(store, record, list(names))


def log_report_key(store: Store, run_id: str, key: str) -> None:
    """What a study's written report was made from, in one hash, is kept with its run."""
    tag(store, run_id, {REPORT_KEY: key})


def read_report_key(store: Store, run_id: str) -> str:
    """Id of a study's run -> the hash of what its written report was made from; "" if none was written."""
    return store.client.get_run(run_id).data.tags.get(REPORT_KEY, "")


def _draw_curves(store: Store, record: StudyRecord, drawn: Sequence[str]) -> None:
    """One run per recogniser, fold and seeds, its errors logged with the training size as the step.

    The newest ones replace all others, of earlier reports or of another machine that reports just now.
    """
    curves: dict[tuple, list[TrialResult]] = {}
    for trial in record.finished:
        curves.setdefault(tuple(str(getattr(trial, tag)) for tag in CURVE_TAGS), []).append(trial)
    for key, trials in curves.items():
        _draw(store, record, dict(zip(CURVE_TAGS, key, strict=True)), trials, drawn)
    runs = store.search(f"tags.study_run = '{record.run_id}'", CURVES)
    newest = {
        _curve(run): run for run in sorted(runs, key=lambda run: (run.info.start_time, run.info.run_id))
    }
    for run in runs:
        if _curve(run) not in curves or run is not newest[_curve(run)]:
            store.client.delete_run(run.info.run_id)


def _curve(run: Run) -> tuple[str, ...]:
    return tuple(run.data.tags[tag] for tag in CURVE_TAGS)


def _draw(
    store: Store,
    record: StudyRecord,
    which: Mapping[str, str],
    trials: Sequence[TrialResult],
    drawn: Sequence[str],
) -> None:
    tags = {"study": record.name, "study_run": record.run_id, **which}
    name = f"{record.name}: {which['recogniser']} draw={which['draw']} init={which['init']}"
    run = store.client.create_run(store.experiment(CURVES), int(time.time() * 1000), tags, name)
    now = int(time.time() * 1000)
    points = [Metric(k, t.metrics[k], now, t.size) for t in trials for k in drawn if k in t.metrics]
    params = [Param(key, value) for key, value in {"study": record.name, **which}.items()]
    store.client.log_batch(run.info.run_id, metrics=points, params=params)
    store.client.set_terminated(run.info.run_id)
