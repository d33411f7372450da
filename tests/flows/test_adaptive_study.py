"""A whole adaptive study with real processes, killed in the middle: it grows again the same way, and ends."""

import signal

import pytest

from components.study.tracking import read_study
from tests.commands import gone_within, happens, start, trial_runs

# a network that learns nothing and a classifier that may learn little: too close to tell apart at once
KNOBS = {
    "mel-ctc": {"channels": 4, "steps": 1},
    "mfcc-svm": {"mfcc__bands": 2, "mfcc__coefficients": 1, "deltas__order": 0, "statistics__segments": 1},
}
ASKED = (
    *("compare", "--corpus", "fsdd", "--recognisers", "mfcc-svm,mel-ctc", "--sizes", "10,20", "--draws", "4"),
    *(word for name, one in KNOBS.items() for k, v in one.items() for word in ("--set", f"{name}.{k}={v}")),
    *("--adaptive", "--width", "1.2", "--most-trials", "12"),
)


@pytest.mark.slow
def test_a_killed_adaptive_study_goes_on_where_it_was_and_ends_within_its_budget(
    store, digits, server, studied, monkeypatch
):
    process, mark = start(*ASKED, "--data", digits, "--workers", "1", store=store, PREFECT_API_URL=server)
    assert happens(lambda: len(trial_runs(store)) >= 9), process.communicate()  # the first round has 8
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert gone_within(mark, 10)
    before = {run.info.run_id: run.info.end_time for run in trial_runs(store)}
    stopped = read_study(store)
    assert [step["trials"] for step in stopped.rounds["rounds"]] == [8, 4] and not stopped.rounds["ended"]

    status, said, complained = studied(*ASKED, "--data", digits, "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    assert f"12 trials to begin with, {len(before)} of them finished before; the full grid at" in said
    spent = "Spent 12 of the 16 trials of the full grid, in 2 rounds; it ended there: another round would go"
    assert spent in said
    # killed late on a busy machine it had nothing left to train
    assert ("round 2: 10, 20 utterances: 12 done, 0 failed, 0 left" in said) == (len(before) < 12)
    after = {run.info.run_id: run.info.end_time for run in trial_runs(store)}
    assert len(after) == 12 and before.items() <= after.items()
    record = read_study(store)
    assert record.run_id == stopped.run_id and record.rounds["rounds"] == stopped.rounds["rounds"]
    assert "How the plan grew" in (store.folder / "reports" / "fsdd" / "index.html").read_text()

    monkeypatch.setattr("flows.server.Server.start", lambda _: pytest.fail("an ended study needs no server"))
    monkeypatch.setattr("flows.child.forkserver", lambda: pytest.fail("nor a process to fork trials from"))
    status, said, complained = studied(*ASKED, "--data", digits, "--tracking", store.address)
    assert status == 0, complained
    assert "12 trials to begin with, 12 of them finished before" in said
