"""Each trial read all finished runs of its corpus to see if it was among them: seconds in a full store."""

from mlflow import MlflowClient

from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial


def test_a_trial_reads_at_most_the_run_that_it_would_be(store, recordings, monkeypatch):
    asked = {"recognisers": ["mfcc-svm"], "sizes": [10, 11, 12], "draws": 1, "tracking": store.address}
    ready = prepare(check_study({"corpus": "fsdd", "data": str(recordings), **asked}))
    search, read = MlflowClient.search_runs, []

    def counting(*args, **settings):
        found = search(*args, **settings)
        read.append(len(found))
        return found

    monkeypatch.setattr(MlflowClient, "search_runs", counting)
    trials = [ready.plan.trials[i] for i in (0, 1, 2, 0)]
    ended = [run_trial(ready.study, trial, ready.run_id, ready.store) for trial in trials]
    assert ended[0].run_id == ended[3].run_id
    assert read == [0, 1, 0, 1, 0, 1, 1]  # before it opens its run nothing, and its own once it has
