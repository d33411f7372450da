"""What `crossover serve` leaves when it, or a run of it, is ended: by a cancel, by SIGTERM, by kill -9."""

import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from components.study.tracking import Store
from components.study.tracking.studies import find_study
from flows.server import free_port
from tests.commands import PATIENCE, gone_within, happens, left_behind, start
from tests.prefect_api import asked, post
from tests.subjects.waiting import BEGUN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
STUDY = {
    "subject": "tests.subjects.waiting:NUMBERS",
    "systems": ["waiting"],
    "sizes": [4],
    "draws": 2,
    "workers": 1,
}


class Served:
    """A `crossover serve` whose trials wait, and what is done to it."""

    def __init__(self, folder: Path, store: Store, api: str, *words: str, **variables: str) -> None:
        self.begun, self.store, self.api, self.name = folder / "begun", store, api, folder.name
        file = folder / "study.json"
        file.write_text(json.dumps({**STUDY, "name": self.name}))
        variables |= {BEGUN: str(self.begun), "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
        self.process, self.mark = start("serve", file, *words, store=store, **variables)

    def ready(self) -> "Served":
        """Waits until it says so."""
        said = self.process.stdout.readline()
        assert f"{self.name} runs when asked to." in said, self.process.communicate()
        (deployment,) = asked(self.api, "deployments", name={"any_": [self.name]})
        self.deployment = deployment["id"]
        return self

    def run_begun(self) -> str:
        """Starts a run and waits until a trial of it runs; returns its id."""
        self.begun.unlink(missing_ok=True)
        run = post(self.api, f"deployments/{self.deployment}/create_flow_run", {})["id"]
        assert happens(lambda: self.begun.exists() or self.process.poll()) and self.begun.exists(), self.end()
        return run

    def flow_process(self) -> psutil.Process:
        """The process of the run in flight."""
        begun = psutil.Process(self.process.pid).children()
        return next(one for one in begun if "spawn_main" in " ".join(one.cmdline()))

    def state(self, run: str) -> dict:
        """The state of a flow run."""
        (found,) = asked(self.api, "flow_runs", id={"any_": [run]})
        return found["state"]

    def ended(self, run: str) -> dict:
        """Waits until a flow run is in a final state; returns it."""
        over = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
        assert happens(lambda: self.state(run)["type"] in over), self.end()
        return self.state(run)

    def tasks(self, run: str) -> list[str]:
        """Types of the states of all task runs of a flow run's subflows."""
        subflows = asked(self.api, "flow_runs", parent_flow_run_id={"any_": [run]})
        ids = [one["id"] for one in subflows]
        return sorted(one["state_type"] for one in asked(self.api, "task_runs", flow_run_id={"any_": ids}))

    def end(self, number: int = signal.SIGKILL) -> tuple[str, str, float]:
        """Sends it a signal; returns what it said, its complaints, and how many seconds it took to end."""
        since = time.monotonic()
        self.process.send_signal(number)
        said, complained = self.process.communicate(timeout=PATIENCE)
        return said, complained, time.monotonic() - since


@pytest.fixture(scope="module")
def served(store_in, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A serve with a server of its own: one run is cancelled, SIGTERM comes in another."""
    folder = tmp_path_factory.mktemp("served")
    store, port = store_in(folder), free_port()
    one = Served(
        folder, store, f"http://127.0.0.1:{port}/api", "--port", str(port), CROSSOVER_CACHE=str(folder)
    )
    try:
        yield seen(one.ready(), folder)
    finally:
        one.process.kill()


def seen(one: Served, folder: Path) -> SimpleNamespace:
    """All that is done to it, and what was left."""
    seen = SimpleNamespace(folder=folder)
    cancelled = one.run_begun()
    post(one.api, f"flow_runs/{cancelled}/set_state", {"state": {"type": "CANCELLING"}})
    seen.cancelled, seen.study_of_cancelled = one.ended(cancelled), find_study(one.store).info.status
    happens(lambda: "RUNNING" not in one.tasks(cancelled), 10)
    seen.tasks = one.tasks(cancelled)
    seen.last = one.run_begun()
    seen.said, seen.complained, seen.seconds = one.end(signal.SIGTERM)
    seen.status, seen.all_gone = one.process.returncode, gone_within(one.mark, 5)
    seen.study_of_last = find_study(one.store).info.status
    return seen


def test_a_cancelled_run_is_cancelled_everywhere(served):
    assert served.cancelled["type"] == "CANCELLED"
    assert served.study_of_cancelled == "KILLED"
    assert set(served.tasks) == {"CANCELLED"}


def test_sigterm_in_a_run_ends_the_run_then_the_schedule_then_the_server(served):
    assert (served.status, served.all_gone) == (0, True), served.complained
    assert served.seconds < 90  # what deploy/crossover.service allows; on an idle machine 6
    for noise in ("Traceback", "never awaited", "refused", "Error"):
        assert noise not in served.said + served.complained
    assert served.study_of_last == "KILLED"
    with sqlite3.connect(served.folder / "prefect" / "prefect.db") as database:
        (state,) = database.execute("select state_type from flow_run where id = ?", [served.last]).fetchone()
        assert (state, *database.execute("select paused from deployment").fetchall()) == ("CANCELLED", (1,))


def test_a_run_that_does_not_hear_is_killed_and_the_schedule_paused_all_the_same(server, store, tmp_path):
    """Where a run took long to end, as on a busy machine, nothing was paused, and the status was 1."""
    one = Served(tmp_path, store, server, PREFECT_API_URL=server).ready()
    run = one.run_begun()
    one.flow_process().suspend()
    _, complained, _ = one.end(signal.SIGTERM)
    assert (one.process.returncode, gone_within(one.mark, 5)) == (0, True), complained
    assert one.state(run)["type"] in ("CANCELLED", "CRASHED")
    (deployment,) = asked(server, "deployments", name={"any_": [one.name]})
    assert deployment["paused"]


def test_a_serve_that_is_killed_takes_its_run_with_it(server, store, tmp_path):
    one = Served(tmp_path, store, server, PREFECT_API_URL=server).ready()
    one.run_begun()
    assert len(left_behind(one.mark)) > 2
    one.end(signal.SIGKILL)
    assert gone_within(one.mark, 10)


def test_the_run_of_a_serve_that_was_killed_is_crashed_once_the_next_one_serves(server, store, tmp_path):
    """It was Running for ever."""
    one = Served(tmp_path, store, server, PREFECT_API_URL=server).ready()
    run = one.run_begun()
    one.end(signal.SIGKILL)
    assert gone_within(one.mark, 10) and one.state(run)["type"] == "RUNNING"
    again = Served(tmp_path, store, server, PREFECT_API_URL=server).ready()
    assert one.state(run)["type"] == "CRASHED"
    assert one.state(run)["message"].startswith("its process was killed; finished trials are kept")
    subflows = asked(server, "flow_runs", parent_flow_run_id={"any_": [run]})
    assert {subflow["state_type"] for subflow in subflows} == {"CRASHED"}
    assert "RUNNING" not in one.tasks(run)
    again.end(signal.SIGTERM)


def test_sigterm_ends_an_idle_serve_quietly(server, store, tmp_path):
    one = Served(tmp_path, store, server, PREFECT_API_URL=server).ready()
    _, complained, seconds = one.end(signal.SIGTERM)
    assert (one.process.returncode, "never awaited" in complained, "Traceback" in complained) == (
        0,
        False,
        False,
    )
    assert seconds < 20
    assert gone_within(one.mark, 5)
    (deployment,) = asked(server, "deployments", name={"any_": [one.name]})
    assert deployment["paused"]
