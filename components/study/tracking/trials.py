"""Trials <-> MLflow runs: one run a trial, found again by its fingerprint."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.utils.mlflow_tags import MLFLOW_LOGGED_ARTIFACTS, MLFLOW_PARENT_RUN_ID

from components.errors import last_line
from components.study.address import without_passwords
from components.study.results import TrialResult
from components.study.tracking.migrate import SCORES_BEFORE, metrics_as_now, scores_as_now
from components.study.tracking.store import Store, StoreFailed

SCORES = "scores.json"
SCORES_TAG = "scores"  # names the table
TRUST_TAG = "trust"  # names classes that a trained system holds and that nobody vouches for
TRAINING = "training/"  # what names of training curves begin with: MLflow shows such charts together
SHOWN_AS_TABLE = {MLFLOW_LOGGED_ARTIFACTS: json.dumps([{"path": SCORES, "type": "table"}])}
LONGEST_PARAM = 6000  # characters that MLflow keeps
MOST_PARAMS, MOST_METRICS = 100, 900  # that it takes in one call, which may have 1,000 of both


def finished_trials(
    store: Store, dataset_fingerprint: str, planned: Sequence[Mapping[str, Any]], study: str = ""
) -> dict[str, str]:
    """Planned trials of one dataset, a dict each -> trial fingerprint -> id of its finished run."""
    ended = ended_runs(store, trials_of(dataset_fingerprint), planned, study)
    return {one: run.info.run_id for one, run in ended.items() if run.info.status == "FINISHED"}


def ended_runs(
    store: Store, trials_filter: str, planned: Sequence[Mapping[str, Any]], study: str = ""
) -> dict[str, Run]:
    """Filter of a dataset's trials, and planned ones, a dict each -> fingerprint -> its run that has ended.

    study: by name, whose own are read first. Only runs of the planned trials' code are read, others among
    them: of the same dataset a store may hold many times more, of earlier code.
    """
    own = _ended(store, f"tags.study = '{quoted(study)}' and {trials_filter}", planned) if study else {}
    rest = [one for one in planned if not _is_finished(own.get(one["fingerprint"]))]
    return own | _ended(store, trials_filter, rest)


def _ended(store: Store, condition: str, planned: Sequence[Mapping[str, Any]]) -> dict[str, Run]:
    runs = []
    for code in dict.fromkeys(one.get("code", "") for one in planned):  # results of others have none
        runs += store.search(f"tags.code = '{code}' and {condition}" if code else condition)
    return newest([run for run in runs if run.info.status in ("FINISHED", "FAILED")])


def _is_finished(run: Run | None) -> bool:
    return run is not None and run.info.status == "FINISHED"


def trials_of(dataset_fingerprint: str, tag: str = "dataset_fingerprint") -> str:
    """Fingerprint of a dataset -> the filter that finds all of its trials, which alone have the tag."""
    return f"tags.{tag} = '{dataset_fingerprint}'"


def finished_trial(store: Store, fingerprint: str) -> str:
    """A trial's fingerprint -> id of its finished run, "" if there is none. Quick in any store."""
    kept = f"tags.fingerprint = '{fingerprint}' and tags.kind = 'trial' and status = 'FINISHED'"
    return next((run.info.run_id for run in store.search(kept)), "")


def log_trial(
    store: Store,
    study_run: str,
    tags: Mapping[str, Any],
    params: Mapping[str, Any],
    metrics: Mapping[str, float],
    scores: pd.DataFrame,
    dataset: Mapping[str, Any],
    started: float,
    curves: Mapping[str, Sequence[tuple[int, float]]] | None = None,
    run_id: str = "",
) -> str:
    """A finished trial -> its run's id; close it with `end_trial` once everything is logged.

    curves: of its training, by name (step, value): MLflow draws them over the steps. run_id: its run, where
    it was opened before.
    """
    run_id = run_id or open_trial(store, study_run, tags, started)
    size, now = int(tags["size"]), int(time.time() * 1000)
    rows = [Metric(k, float(v), now, size) for k, v in metrics.items()]
    rows += [Metric(TRAINING + k, v, now, step) for k, points in (curves or {}).items() for step, v in points]
    table = {"columns": list(scores.columns), "data": scores.astype(object).to_numpy().tolist()}
    store.client.log_dict(run_id, table, SCORES)
    log_dataset(store, run_id, dataset)
    _log(store, run_id, params, rows)
    return run_id


def log_failure(
    store: Store,
    study_run: str,
    tags: Mapping[str, Any],
    params: Mapping[str, Any],
    error: str,
    started: float,
    run_id: str = "",
) -> str:
    """A trial that raised, crashed or ran out of time -> the id of its failed run, error and all.

    run_id: its run, where it was opened before.
    """
    error = without_passwords(error)
    run_id = run_id or open_trial(store, study_run, tags, started)
    tag(store, run_id, {"error": last_line(error)[:500]})
    _log(store, run_id, params)
    store.client.log_text(run_id, error, "error.txt")
    end_trial(store, run_id, "FAILED")
    return run_id


def end_trial(store: Store, run_id: str, status: str = "FINISHED", **last: float) -> None:
    """Log the last metrics and mark a run as ended: a finished trial is never run again."""
    now = int(time.time() * 1000)
    if metrics := [Metric(key, float(value), now, 0) for key, value in last.items()]:
        store.client.log_batch(run_id, metrics=metrics)
    store.client.set_terminated(run_id, status)


def open_trial(store: Store, study_run: str, tags: Mapping[str, Any], started: float) -> str:
    """A trial's tags -> id of a new run, which is running."""
    name = "{recogniser} n={size} draw={draw} init={init}".format(**tags)
    kept = {"kind": "trial", SCORES_TAG: SCORES, MLFLOW_PARENT_RUN_ID: study_run, **SHOWN_AS_TABLE}
    kept |= {key: str(value) for key, value in tags.items()}
    return store.client.create_run(store.experiment(), int(started * 1000), kept, name).info.run_id


def _log(store: Store, run_id: str, params: Mapping[str, Any], metrics: Sequence[Metric] = ()) -> None:
    """Settings and metrics of a run, in as few calls as MLflow takes."""
    rows = [Param(key, str(value)[:LONGEST_PARAM]) for key, value in params.items()]
    for some in batched(rows[MOST_PARAMS:], MOST_PARAMS):
        store.client.log_batch(run_id, params=some)
    for some in batched(metrics[MOST_METRICS:], MOST_METRICS):
        store.client.log_batch(run_id, metrics=some)
    store.client.log_batch(run_id, params=rows[:MOST_PARAMS], metrics=metrics[:MOST_METRICS])


def batched(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """Rows -> the same, at most so many at a time."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def log_dataset(store: Store, run_id: str, facts: Mapping[str, Any]) -> None:
    """Facts about a dataset -> the run's MLflow dataset; one process at a time: MLflow looks, then adds."""
    source = {"name": facts["name"], "notice": facts.get("notice", "")}
    plain = {key: value for key, value in facts.items() if isinstance(value, int | float | str)}
    dataset = Dataset(
        name=str(facts["name"])[:500],
        digest=str(facts["fingerprint"])[:36],
        source_type="crossover",
        source=json.dumps(source),
        profile=json.dumps(plain),
    )
    inputs = [DatasetInput(dataset, [InputTag("mlflow.data.context", "compare")])]
    with store.lock(f"dataset-{dataset.digest}"):
        try:
            store.client.log_inputs(run_id, inputs)
        except StoreFailed:  # of two machines that added it at once, one did; then it is found
            store.client.log_inputs(run_id, inputs)


def read_trial(store: Store, run: Run, scores: bool = True) -> TrialResult:
    """MLflow run -> what its trial left behind."""
    tags, finished = run.data.tags, run.info.status == "FINISHED"
    return TrialResult(
        run_id=run.info.run_id,
        recogniser=tags["recogniser"],
        family=tags["family"],
        fold=tags["fold"],
        size=int(tags["size"]),
        draw=int(tags["draw"]),
        init=int(tags["init"]),
        status="finished" if finished else "failed",
        error=tags.get("error", ""),
        metrics=metrics_as_now({k: v for k, v in run.data.metrics.items() if not k.startswith(TRAINING)}),
        params=dict(run.data.params),
        scores=_scores(store, run) if finished and scores else None,
        trust=tags.get(TRUST_TAG, ""),
    )


def _scores(store: Store, run: Run) -> pd.DataFrame:
    table = store.read(run, run.data.tags.get(SCORES_TAG, SCORES_BEFORE))
    return scores_as_now(pd.DataFrame(table["data"], columns=table["columns"]))


def newest(runs: Sequence[Any]) -> dict[str, Any]:
    """Runs, newest first -> fingerprint -> its finished run, else its newest failed one."""
    chosen: dict[str, Any] = {}
    for run in reversed(runs):
        before = chosen.get(run.data.tags["fingerprint"])
        if before is None or run.info.status == "FINISHED" or before.info.status != "FINISHED":
            chosen[run.data.tags["fingerprint"]] = run
    return chosen


def tag(store: Store, run_id: str, values: Mapping[str, Any]) -> None:
    """Set tags on a run, all at once."""
    store.client.log_batch(run_id, tags=[RunTag(key, str(value)) for key, value in values.items()])


def quoted(name: str) -> str:
    """A study's name, safe inside an MLflow filter."""
    if "'" in name:
        raise ValueError(f"a study's name expected no quote ('), got {name!r}; choose another --name.")
    return name
