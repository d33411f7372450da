"""How often a trial asks the store, and how much a study reads: each call is a request to a server's."""

import time
from collections import Counter

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from components.study.tracking import Store
from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial
from tests.benchmarks.many_runs import AT_ONCE, fill

ASKED = {"subject": "tests.benchmarks.trivial:TRIVIAL", "sizes": [2, 4], "draws": 2}
CALLS = {
    "search_runs": 2,  # is it finished, or another's; is it still ours alone
    "create_run": 1,
    "get_run": 1,  # where its artifacts go
    "log_inputs": 1,
    "log_batch": 1,
    "update_run_info": 1,
}


TAGS = 2  # the class is the tests' own and to be trusted; a sign of life, where the machine is slow


def counted(monkeypatch) -> Counter:
    """How often each method of MLflow's store is called from now on."""
    calls = Counter()

    def counting(name, method):
        def call(*args, **kwargs):
            calls[name] += 1
            return method(*args, **kwargs)

        return call

    for name in (*CALLS, "get_experiment_by_name", "set_tag", "list_artifacts", "get_metric_history"):
        if method := getattr(SqlAlchemyStore, name, None):
            monkeypatch.setattr(SqlAlchemyStore, name, counting(name, method))
    return calls


def test_a_trial_asks_the_store_seven_times(store: Store, monkeypatch):
    ready = prepare(check_study({**ASKED, "tracking": store.address}))
    first, second, *_ = ready.missing
    run_trial(ready.study, first, ready.run_id, ready.store)
    calls = counted(monkeypatch)
    begun = time.process_time()
    outcome = run_trial(ready.study, second, ready.run_id, ready.store)
    print(f"{time.process_time() - begun:.3f} processor seconds")
    assert calls.pop("set_tag", 0) <= TAGS
    assert outcome.run_id and dict(calls) == CALLS


def test_a_study_reads_no_runs_of_earlier_code_when_it_begins(store: Store, monkeypatch):
    """It read all runs of its corpus: minutes, where the store had ten thousand."""
    asked = check_study({**ASKED, "tracking": store.address})
    first = prepare(asked)
    run_trial(first.study, first.missing[0], first.run_id, first.store)
    fill(store, 2 * AT_ONCE)
    read, pages = [], Store.pages

    def counted(store, experiment_id, condition):
        runs = pages(store, experiment_id, condition)
        read.append(len(runs))
        return runs

    monkeypatch.setattr(Store, "pages", counted)
    assert prepare(asked).known == 1
    assert sum(read) <= 4  # the trial's run, and the study's, a time or two
