"""A trial killed after its model was logged, before the rest of it was, counted as finished."""

import pytest

from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial
from tests.commands import trial_runs


def killed(*_, **__):
    raise KeyboardInterrupt


def test_a_trial_of_which_only_the_model_was_recorded_is_not_finished(store, digits, monkeypatch):
    small = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "data": str(digits)}
    ready = prepare(check_study({**small, "tracking": store.address}))
    monkeypatch.setattr("components.study.tracking.undelivered.log_trial", killed)
    with pytest.raises(KeyboardInterrupt):
        run_trial(ready.study, ready.plan.trials[0], ready.run_id, store)
    (run,) = store.search("tags.kind = 'trial'")
    assert run.outputs.model_outputs and run.info.status == "RUNNING"
    assert len(prepare(ready.study).missing) == 1 and len(trial_runs(store, "KILLED")) == 1
