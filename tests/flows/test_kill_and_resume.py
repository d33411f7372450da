"""Killed at any moment and started again, a study runs only what is missing and ends with the same report."""

import signal

import pytest

from components.tracking import read_study
from flows.page.findings import findings
from tests.flows.commands import crossover, gone_within, happens, results, start, trial_runs
from tests.flows.conftest import ASKED


@pytest.mark.slow
def test_a_killed_study_leaves_nothing_behind_and_goes_on_where_it_was(store, finished, digits, server):
    process, mark = start("compare", *ASKED, "--data", digits, "--workers", "1", store=store)
    assert happens(lambda: len(trial_runs(store)) >= 2), process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = {run.info.run_id: run.info.end_time for run in trial_runs(store)}
    assert gone_within(mark, 10)
    assert 2 <= len(before) < 6

    again = crossover("compare", *ASKED, "--data", digits, store=store, PREFECT_API_URL=server)
    assert again.status == 0, again.complained
    assert f"6 trials, {len(before)} of them finished before." in again.said
    after = {run.info.run_id: run.info.end_time for run in trial_runs(store)}
    assert len(after) == 6
    assert before.items() <= after.items()
    assert_same_answer(store, finished[0])


@pytest.mark.slow
def test_two_studies_at_once_train_each_trial_once(store, finished, digits, server):
    both = [
        start("compare", *ASKED, "--data", digits, store=store, PREFECT_API_URL=server)[0] for _ in range(2)
    ]
    ended = [(process.communicate(), process.returncode) for process in both]
    assert [status for _, status in ended] == [0, 0], ended
    runs = trial_runs(store)
    assert len(runs) == len({run.data.tags["fingerprint"] for run in runs}) == 6
    assert not trial_runs(store, "FAILED")
    assert_same_answer(store, finished[0])


def assert_same_answer(store, other):
    ours, theirs = read_study(store), read_study(other)
    assert results(ours) == results(theirs)
    assert findings(ours).sentence == findings(theirs).sentence
    assert words_wrong(store) == words_wrong(other)


def words_wrong(store):
    """The answer table as written, without its columns of seconds and memory."""
    import pandas as pd

    table = pd.read_csv(store.folder / "reports" / "fsdd" / "answer.csv")
    return table[["recogniser", "size", "wer", "wer_low", "wer_high", "trials", "failed"]].to_dict("records")
