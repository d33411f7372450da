"""A network of several tasks whose result was delivered later, from disk, was served with one column."""

import mlflow
from mlflow.exceptions import MlflowException

from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial
from tests.commands import trial_runs

TOGETHER = "mel-ctc-multitask"


def gone(*_, **__):
    raise MlflowException("the disk is full")


def test_what_is_delivered_later_is_served_with_every_answer(store, digits, tmp_path, monkeypatch):
    monkeypatch.setattr("components.study.tracking.undelivered.cache_folder", lambda: tmp_path / "cache")
    small = {"corpus": "fsdd", "data": str(digits), "tasks": ["speaker"], "recognisers": [TOGETHER]}
    small |= {"sizes": [20], "draws": 1, "settings": {TOGETHER: {"recogniser__steps": 2}}, "device": "cpu"}
    ready = prepare(check_study({**small, "tracking": store.address}))
    with monkeypatch.context() as patch:
        patch.setattr("components.study.tracking.undelivered.log_system", gone)
        assert run_trial(ready.study, ready.plan.trials[0], ready.run_id, ready.store).kept
    assert prepare(ready.study).missing == ()  # which delivers it
    (run,) = trial_runs(store)
    mlflow.set_tracking_uri(store.address)
    (model,) = run.outputs.model_outputs
    signature = mlflow.models.get_model_info(f"models:/{model.model_id}").signature
    assert signature.outputs.input_names() == ["transcript", "speaker"]
