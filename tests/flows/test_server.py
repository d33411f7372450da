"""A Prefect server that begins when it is needed and ends with the command that began it."""

import os
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flows.doctor import _prefect
from flows.server import LOOK_S, Server, _home


def test_the_servers_address_answers(server):
    assert urllib.request.urlopen(f"{server}/health", timeout=5).status == 200
    assert server.startswith("http://127.0.0.1:")


def test_a_server_that_is_not_needed_is_not_started(monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with Server() as one:
        assert os.environ["PREFECT_API_URL"] == one.url
        assert one.process is None
    assert "PREFECT_API_URL" not in os.environ


def test_a_server_of_the_users_own_is_used_and_left_alone(server, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", server)
    with Server() as one:
        assert one.wait() == server.removesuffix("/api")
        assert one.process is None
    assert os.environ["PREFECT_API_URL"] == server
    assert urllib.request.urlopen(f"{server}/health", timeout=5).status == 200


def test_a_server_of_the_users_own_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with Server() as one, pytest.raises(RuntimeError) as error:
        one.wait()
    assert str(error.value) == (
        "PREFECT_API_URL expected a Prefect server at http://127.0.0.1:9/api, got no answer; "
        "start it, or unset the variable and one is started for you."
    )


class Busy(BaseHTTPRequestHandler):
    """Takes a call, and has other work to do before it answers."""

    def do_GET(self):
        time.sleep(LOOK_S + 0.5)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        """Nobody reads it."""


def test_a_server_of_the_users_own_that_is_busy_is_waited_for(monkeypatch):
    """It was said not to be there, by a command and by the doctor, on a machine with much to do."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as busy:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{busy.server_port}/api")
        with Server() as one:
            assert one.wait() == f"http://127.0.0.1:{busy.server_port}"
        assert _prefect().good
        busy.shutdown()


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(monkeypatch, tmp_path):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path))
    monkeypatch.setattr("sys.executable", "/bin/false")
    with Server() as one, pytest.raises(RuntimeError) as error:
        one.wait()
    log = tmp_path / "prefect" / "server.log"
    assert str(error.value) == f"the Prefect server did not start; the end of {log}:\n"


def test_two_commands_at_once_have_a_server_each(monkeypatch, tmp_path):
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path))
    first, home = _home()
    second, other = _home()
    assert (home.name, other.name) == ("prefect", "prefect-1")
    first.release()
    third, again = _home()
    assert again == home
    second.release()
    third.release()
