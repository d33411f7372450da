"""A trial killed while it was being recorded left a run that seemed to go on, until the next study."""

from components.study.plan import trial_tags
from components.subjects import check_study
from flows import compare
from flows.child import TrialFailed
from flows.compare import trial_task
from flows.prepare import prepare
from tests.commands import trial_runs


def test_a_trial_ended_while_it_is_recorded_leaves_no_run_going_on(store, recordings, monkeypatch):
    asked = {"recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "tracking": store.address}
    ready = prepare(check_study({"corpus": "fsdd", "data": str(recordings), **asked}))
    (trial,) = ready.plan.trials

    def killed(*args, **settings):
        tags = {"kind": "trial", **{key: str(value) for key, value in trial_tags(ready.study, trial).items()}}
        store.client.create_run(store.experiment(), tags=tags)
        raise TrialFailed("ended after its time-out")

    monkeypatch.setattr(compare, "run_in_child", killed)
    trial_task.fn(ready.study, trial, ready.run_id, store)
    ended = {status: len(trial_runs(store, status)) for status in ("FAILED", "KILLED", "RUNNING")}
    assert ended == {"FAILED": 1, "KILLED": 1, "RUNNING": 0}
