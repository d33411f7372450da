"""A result that the store did not take is kept on disk until it does; nothing is trained twice."""

import os
import signal

import pytest
from mlflow.exceptions import MlflowException

from components.study.tracking import deliver, kept_results, open_store
from components.study.tracking.trials import read_trial
from components.subjects import check_study, find_subject
from flows.prepare import prepare
from flows.trial import run_trial
from tests.commands import trial_runs


@pytest.fixture
def ready(store, digits, tmp_path, monkeypatch):
    """A study of one trial, and whatever was kept of others is out of sight."""
    monkeypatch.setattr("components.study.tracking.undelivered.cache_folder", lambda: tmp_path / "cache")
    small = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "data": str(digits)}
    return prepare(check_study({**small, "tracking": store.address}))


def run(ready):
    return run_trial(ready.study, ready.plan.trials[0], ready.run_id, ready.store)


def seen(store):
    (one,) = trial_runs(store)
    trial = read_trial(store, one)
    costs = {"train_seconds", "predict_seconds", "decode_rtf", "audio_seconds_per_second", "peak_memory_mb"}
    costs |= {"train_processor_seconds", "predict_processor_seconds"}
    metrics = {name: value for name, value in trial.metrics.items() if name not in costs}
    model = [item.path for item in store.client.list_artifacts(trial.run_id)]
    return metrics, trial.params, trial.scores.to_dict("records"), dict(one.data.tags)["fingerprint"], model


def gone(*_, **__):
    raise MlflowException("API request to http://ann:s3cret@host failed\nand more")


def test_a_result_that_was_not_taken_is_delivered_and_is_what_it_would_have_been(ready, store, monkeypatch):
    assert run(ready).kept == ""
    whole = seen(store)
    assert kept_results(store, ready.dataset.fingerprint) == []
    store.client.delete_run(trial_runs(store)[0].info.run_id)

    with monkeypatch.context() as patch:
        patch.setattr("components.study.tracking.undelivered.log_trial", gone)
        outcome = run(ready)
        assert (outcome.run_id, outcome.error) == ("", "")
        assert outcome.kept == "API request to http://ann:***@host failed"
    monkeypatch.setattr("flows.trial._timed", None)  # whatever trains fails
    assert run(ready).kept == "" and len(trial_runs(store)) == 1
    assert seen(store) == whole
    assert deliver(store, ready.dataset, find_subject().serving) == 0


def test_the_next_compare_delivers_what_was_kept(ready, store, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("components.study.tracking.undelivered.log_system", gone)
        assert run(ready).kept
    again = prepare(ready.study)
    assert again.missing == () and len(trial_runs(store)) == 1
    assert kept_results(open_store(store.address), ready.dataset.fingerprint) == []


@pytest.mark.slow
def test_a_server_that_is_killed_before_a_trial_ends_has_its_result_once_it_is_back(
    serving, store, digits, tmp_path, monkeypatch
):
    monkeypatch.setattr("components.study.tracking.undelivered.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    address, process = serving()
    small = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "data": str(digits)}
    ready = prepare(check_study({**small, "tracking": address}))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    outcome = run(ready)
    assert outcome.kept.startswith(f"API request to {address}/api/2.0/mlflow/") and outcome.error == ""
    assert trial_runs(store) == []
    serving()
    assert prepare(ready.study).missing == ()
    assert len(trial_runs(store)) == 1 and kept_results(ready.store, ready.dataset.fingerprint) == []
