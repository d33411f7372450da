"""Results made elsewhere: runs of any experiment -> rows; trials that were not run here -> a study."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from mlflow.entities import Run

from components.errors import unknown
from components.study.results import TrialResult
from components.study.tracking.store import Store, StoreFailed
from components.study.tracking.studies import StudyEntry, ending_study, open_study
from components.study.tracking.trials import end_trial, finished_trials, log_trial

KINDS = ("params", "metrics", "tags")
OWN = "mlflow."  # what names of MLflow's own tags begin with


def record_study(store: Store, study: StudyEntry, results: Sequence[TrialResult]) -> str:
    """A study and the results of its trials, in the same order -> id of its run.

    Trials that were recorded before are not recorded again.
    """
    run_id = open_study(store, study)
    with ending_study(store, run_id):
        done = finished_trials(store, study.dataset["fingerprint"], study.trials, study.name)
        for planned, result in zip(study.trials, results, strict=True):
            if planned["fingerprint"] not in done:
                tags = {"study": study.name, "dataset": study.dataset["name"], **planned}
                facts = (result.params, result.metrics, result.scores, study.dataset, time.time())
                end_trial(store, log_trial(store, run_id, tags, *facts))
    return run_id


def read_runs(store: Store, experiment: str, condition: str = "") -> list[dict[str, Any]]:
    """Name of an experiment and an MLflow filter -> its finished runs, a dict by name each, with run_id.

    Parameters, metrics and tags go by their names; one that is there twice as params.NAME, metrics.NAME or
    tags.NAME, as all may be asked for. Raises ValueError for an experiment or a filter that is none.
    """
    try:
        found = store.client.get_experiment_by_name(experiment)
        if found is None:
            raise unknown("experiment", experiment, [one.name for one in store.client.search_experiments()])
        wanted = " and ".join(filter(None, (condition, "status = 'FINISHED'")))
        return [_named(run) for run in store.pages(found.experiment_id, wanted)]
    except StoreFailed as error:
        raise ValueError(
            f"--filter expected one of MLflow, such as \"params.data = 'mine' and metrics.error < 1\", got "
            f"{condition!r}: {error}"
        ) from None


def _named(run: Run) -> dict[str, Any]:
    values: dict[str, Any] = {"run_id": run.info.run_id}
    for kind in KINDS:
        for name, value in getattr(run.data, kind).items():
            if not name.startswith(OWN):
                values[f"{kind}.{name}" if name in values else name] = value
    return values
