"""A command as a process: it prints to a file, its time is limited, what it started ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

TAIL = 2000  # characters of a failed command's output that stand in the error


def run(
    what: str, words: Sequence[str], folder: Path, environment: Mapping[str, str], minutes: float, log: Path
) -> str:
    """A command's words, folder, further variables, and time limit (0: none) -> what it printed.

    what: names it in errors. log: the file that it prints to. Raises ValueError, with the last of its output,
    for one that cannot be started, ends with another status than 0, or takes longer.
    """
    surroundings = {**os.environ, **environment}
    try:
        with log.open("wb") as output, _all_signals():
            process = subprocess.Popen(
                words,
                cwd=folder,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    except OSError as error:
        raise ValueError(f"{what} cannot be started: {error.strerror}: {words[0]}.") from None
    try:
        status = process.wait(60 * minutes or None)
    except subprocess.TimeoutExpired:
        limit = f"expected to end within {minutes:g} minutes, got no end; raise its timeout_minutes."
        raise ValueError(f"{_tail(log)}{what} {limit}") from None
    finally:
        _end(process)
    if status:
        ended = f"status {status}" if status > 0 else signal.Signals(-status).name
        raise ValueError(f"{_tail(log)}{what} expected to end with status 0, got {ended}; see its output.")
    return log.read_text(encoding="utf-8", errors="replace")


def _tail(log: Path) -> str:
    """The last that was printed, as lines of their own before a sentence."""
    text = log.read_text(encoding="utf-8", errors="replace").strip()[-TAIL:]
    return f"{text}\n" if text else ""


def _end(process: subprocess.Popen) -> None:
    """End a process that still runs, and all that it started."""
    with suppress(psutil.NoSuchProcess):
        if process.poll() is None:
            for started in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    started.kill()
    process.kill()
    process.wait()


@contextmanager
def _all_signals() -> Iterator[None]:
    """Processes started here hear every signal, which trials do not: toolkits end their workers by some."""
    before = signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
