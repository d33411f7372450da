"""The user's Prefect server died in the middle of a study: no report, and a line every 7 s for 9 minutes."""

import logging
import os
import subprocess
import sys
import threading

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.server import free_port
from flows.terminal import QUIET
from tests.commands import ASKED, ROOT, answers, happens, trial_runs


@pytest.fixture
def mortal(tmp_path):
    """A Prefect server that this test may kill: its address, its process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    surroundings = {
        "PYTHONPATH": str(ROOT),
        "PREFECT_API_URL": url,
        "PREFECT_HOME": str(tmp_path / "prefect"),
    }
    with (tmp_path / "server.log").open("w") as log:
        command = [sys.executable, "-m", "flows.server", str(port), ""]
        process = subprocess.Popen(
            command, env={**os.environ, **surroundings}, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    assert happens(lambda: answers(f"{url}/health"))
    yield url, process
    process.kill()
    process.wait()


@pytest.mark.slow
def test_every_trial_is_finished_and_reported_without_it(mortal, store, digits, typed, monkeypatch):
    url, process = mortal
    for name, value in {**QUIET, "PREFECT_API_URL": url, "PREFECT_CLIENT_MAX_RETRIES": "0"}.items():
        monkeypatch.setenv(name, value)
    for handler in logging.getLogger("prefect").handlers:  # made when Prefect was imported, without QUIET
        monkeypatch.setattr(handler, "level", logging.CRITICAL)
    monkeypatch.setattr(logging.getLogger("prefect._internal"), "disabled", True)
    killer = threading.Thread(target=lambda: happens(lambda: trial_runs(store)) and process.kill())
    killer.start()
    asked = (*ASKED, "--data", digits, "--tracking", store.address, "--workers", "1")
    with temporary_settings({PREFECT_API_URL: url}):
        status, said, complained = typed("compare", *asked)
    killer.join()
    assert status == 0, complained
    assert len(trial_runs(store)) == 4
    assert (store.folder / "reports" / "fsdd" / "index.html").is_file() and "Report:  " in said
    told = (
        f"crossover: the Prefect server at {url} does not answer any more: the study goes on without it; for "
        "the next study start it again, or unset PREFECT_API_URL."
    )
    assert complained == f"{told}\n"
    assert "Traceback" not in said and "EventsWorker" not in said
