"""A Prefect server on loopback for the command that needs one; it ends when that command does.

Whoever has a server of their own sets PREFECT_API_URL, and theirs is used.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from components.cache import cache_folder
from components.study.address import without_passwords
from flows.own_pages import OwnPagesOnly, origins
from flows.stop import SIGNALS

START_SECONDS = 600  # on a machine with much else to do; one that ended is seen at once
DRAIN_S = 5.0
LOOK_S, BUSY_S = 2.0, 30.0  # for an answer: of a server that is starting; of one that has other work
LOOPBACK = "127.0.0.1"


class Server:
    """A context manager: `start` a server in the background, `wait` until it answers; neither, and none is.

    services: also run the scheduler, which fires scheduled runs. port: 0 for any free one.
    """

    def __init__(self, services: bool = False, port: int = 0):
        self.services = services
        self.own = not os.environ.get("PREFECT_API_URL")
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}/api" if self.own else os.environ["PREFECT_API_URL"]
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Server:
        if self.own:  # Prefect reads these when it is imported
            self.lock, home = _home()
            self.log = home / "server.log"
            os.environ |= {"PREFECT_API_URL": self.url, "PREFECT_HOME": str(home)}
        return self

    def start(self) -> None:
        """Start the server, unless it was or there is one by PREFECT_API_URL; does not wait for it."""
        if not self.own or self.process:
            return
        command = [sys.executable, "-m", "flows.server", str(self.port), "services" * self.services]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> str:
        """Wait until the server answers; returns the address of its page.

        Raises RuntimeError with the end of its log if it does not.
        """
        self.start()
        until = time.monotonic() + START_SECONDS
        while not healthy(self.url, LOOK_S if self.own else BUSY_S):
            if not self.own:
                raise RuntimeError(
                    f"PREFECT_API_URL expected a Prefect server at {self.url}, got no answer; "
                    "start it, or unset the variable and one is started for you."
                )
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(
                    f"the Prefect server did not start; the end of {self.log}:\n{self._last_lines()}"
                )
            time.sleep(0.1)
        return self.url.removesuffix("/api")

    def answers(self) -> bool:
        """Whether the server is there just now."""
        return healthy(self.url)

    def gone(self) -> str:
        """What is said of a server that was there and does not answer any more."""
        way_out = "" if self.own else "; for the next study start it again, or unset PREFECT_API_URL"
        at = without_passwords(self.url)
        return f"the Prefect server at {at} does not answer any more: the study goes on without it{way_out}."

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.own:
            return
        if self.process:
            send_what_waits()
            self.process.stdin.close()  # its lifeline
            self.process.wait()
        del os.environ["PREFECT_API_URL"]
        self.lock.release()


def send_what_waits() -> None:
    """Prefect sends logs and events from threads of their own; let them finish while someone listens."""
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker
        from prefect.logging.handlers import APILogWorker

        # from a thread of its own: where an event loop is running, it would only return a coroutine
        with ThreadPoolExecutor(1) as thread:
            for worker in (APILogWorker, EventsWorker):
                thread.submit(worker.drain_all, timeout=DRAIN_S).result()


def drop_what_waits() -> None:
    """Forget the logs and events that wait for a server that is gone: each would be tried for seconds."""
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker
        from prefect.logging.handlers import APILogWorker

        for service in [one for worker in (APILogWorker, EventsWorker) for one in worker._instances.values()]:
            with suppress(queue.Empty):
                while True:
                    service._queue.get_nowait()
                    service._queue.task_done()


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return free.getsockname()[1]


def _home() -> tuple[FileLock, Path]:
    """The folder of our server's database; another one while a command that runs at the same time has it."""
    for number in range(1000):
        name = f"prefect-{number}" if number else "prefect"
        home = cache_folder() / name
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "server.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        return lock, home
    raise RuntimeError("a thousand Prefect servers are running already; end some.")


def healthy(url: str, patience_s: float = LOOK_S) -> bool:
    """Address of a Prefect server's API -> whether it answers in time; nobody there is a no at once."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=patience_s) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _end_with_parent() -> None:
    """Our standard input closes when the command that started us is gone, however it went."""
    sys.stdin.buffer.read()
    os._exit(0)


def _serve(port: str, services: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *SIGNALS})  # it goes last: with its parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = ",".join(origins(int(port)))
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(final=True, webserver_only=not services)
    app.add_middleware(OwnPagesOnly, port=int(port))
    uvicorn.run(app, host=LOOPBACK, port=int(port), log_level="warning")


if __name__ == "__main__":
    _serve(*sys.argv[1:])
