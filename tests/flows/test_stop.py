"""A study that is told to stop, while a trial runs, ends within seconds and is called killed everywhere."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from components.study.tracking import Store
from components.study.tracking.studies import find_study
from tests.commands import ROOT, gone_within, happens, start, trial_runs
from tests.prefect_api import asked
from tests.subjects.waiting import BEGUN

ASKED = ("--subject", "tests.subjects.waiting:NUMBERS", "--systems", "waiting", "--sizes", "4")
SECONDS = 18  # less than a command's patience with itself; on an idle machine it takes 2


@dataclass(frozen=True)
class Told:
    """A study that was told to stop: its store, and what was left of it."""

    store: Store
    status: int
    complained: str
    seconds: float
    all_gone: bool


@pytest.fixture(scope="module")
def told(server, store_in, tmp_path_factory) -> dict[signal.Signals, Told]:
    """Signals -> a study that was sent it; all at once, for they wait most of the time."""
    folder = tmp_path_factory.mktemp("told")
    begun = {each: folder / each.name for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    stores = {each: store_in(folder / f"of-{each.name}") for each in begun}
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup the studies would ignore it
    running = {
        each: start(
            *("compare", *ASKED, "--draws", "2", "--workers", "1", "--name", each.name.lower()),
            store=stores[each],
            **{"PREFECT_API_URL": server, BEGUN: str(path)},
        )
        for each, path in begun.items()
    }
    signal.signal(signal.SIGHUP, before)
    return {each: told_to_stop(each, begun[each], stores[each], *running[each]) for each in begun}


def told_to_stop(number, begun, store, process, mark) -> Told:
    assert happens(lambda: begun.exists() or process.poll()) and begun.exists(), process.communicate()
    assert find_study(store).info.status == "RUNNING"
    process.send_signal(number)
    since = time.monotonic()
    _, complained = process.communicate(timeout=60)
    return Told(store, process.returncode, complained, time.monotonic() - since, gone_within(mark, 5))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_study_at_once(told, number, status):
    one = told[number]
    assert one.status == status
    assert one.complained == "Stopped. Finished trials are kept: the same command goes on from there.\n"
    assert one.seconds < SECONDS
    assert one.all_gone


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_study_that_was_stopped_is_killed_in_mlflow_and_no_trial_of_it_ran_on(told, number):
    store = told[number].store
    assert find_study(store).info.status == "KILLED"
    assert [run.info.status for run in store.search("tags.kind = 'trial'")] == ["KILLED"]
    assert trial_runs(store, "FAILED") == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_prefect_calls_nothing_of_a_stopped_study_running(told, server, number):
    (flow_run,) = asked(server, "flow_runs", name={"like_": f"compare {number.name.lower()}"})
    assert flow_run["state_type"] == "CRASHED"
    trials = asked(server, "flow_runs", parent_flow_run_id={"any_": [flow_run["id"]]})
    assert [one["state_type"] for one in trials] == ["CRASHED"]


SCRIPT = """
import sys, time
from flows.stop import stopping, status_of
with stopping():
    try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt as stop:
        print(status_of(stop), flush=True)
        time.sleep(60)
"""


def script():
    """A process that is stopped, and then takes its time."""
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_second_signal_ends_what_takes_its_time():
    process = script()
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "143\n"
    process.send_signal(signal.SIGTERM)  # as timeout does: once to the process, once to its group
    time.sleep(1.2)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 143


def test_a_signal_that_is_ignored_as_under_nohup_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = script()
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "143\n"
    process.kill()
    process.communicate()
