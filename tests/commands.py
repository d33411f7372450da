"""Commands as their user runs them: in processes of their own, found again by a mark they pass on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from components.study.results import StudyRecord
from components.study.tracking import Store
from flows.server import free_port

ROOT = Path(__file__).parents[1]
MARK = "CROSSOVER_TEST_MARK"
PATIENCE = 240  # seconds; a loaded machine takes many times what a quiet one does
ASKED = ("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "10,20", "--draws", "2")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    said: str
    complained: str
    seconds: float


def start(
    *words: Any, store: Store, stdin: int = subprocess.DEVNULL, **variables: str
) -> tuple[subprocess.Popen, str]:
    """A command line -> its running process, and the mark that it and its children carry."""
    mark = uuid.uuid4().hex
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_TRACKING_URI": store.address, MARK: mark}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        env=surroundings | variables,
        cwd=store.folder.parent if store.folder else ROOT,
        start_new_session=True,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return process, mark


def crossover(*words: Any, store: Store, **variables: str) -> Ended:
    """A command line -> how it ended."""
    started = time.monotonic()
    process, _ = start(*words, store=store, **variables)
    said, complained = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, said, complained, time.monotonic() - started)


def left_behind(mark: str) -> list[psutil.Process]:
    """Every living process that carries the mark."""
    return [process for process in psutil.process_iter() if _carries(process, mark)]


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == mark
    except psutil.Error:
        return False


def gone_within(mark: str, seconds: float) -> bool:
    """Whether nothing that carries the mark lives after so many seconds."""
    return happens(lambda: not left_behind(mark), seconds)


def happens(ready: Callable[[], Any], seconds: float = PATIENCE) -> bool:
    """Whether something becomes so within so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        time.sleep(0.1)
    return False


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def listens(port: int) -> bool:
    """Whether somebody takes calls at a port of this machine."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def dask_cluster(
    folder: Path, *options: str, workers: int = 1, **variables: str
) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A Dask scheduler and workers as their commands start them, which have imported nothing of ours yet.

    options: of each worker. Gives the address, and the processes, each the first of a group of its own, the
    scheduler's before the workers'; all are ended at the end.
    """
    from distributed import Client

    port, begun = free_port(), []
    address = f"tcp://127.0.0.1:{port}"
    ways = {"env": {**os.environ, "PYTHONPATH": str(ROOT), **variables}, "cwd": folder}
    ways |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    scheduler = ["scheduler", "--port", str(port)]
    try:
        for words in (scheduler, *[["worker", address, *options]] * workers):
            begun.append(subprocess.Popen([sys.executable, "-m", "dask", *words, "--no-dashboard"], **ways))
            assert happens(lambda: listens(port)), begun[0].poll()
        with Client(address, timeout=PATIENCE) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
        yield address, begun
    finally:
        for process in begun:
            end_group(process)


def end_group(process: subprocess.Popen) -> None:
    """End a process that was started as the first of a group, and all of the group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def trial_runs(store: Store, status: str = "FINISHED") -> list[Any]:
    """Every trial's run of one status, newest first."""
    return store.search(f"tags.kind = 'trial' and status = '{status}'")


def results(record: StudyRecord) -> dict[tuple, dict[str, float]]:
    """What a study measured, by trial: everything but seconds and memory."""
    costs = {"train_seconds", "predict_seconds", "decode_rtf", "audio_seconds_per_second", "peak_memory_mb"}
    costs |= {"train_processor_seconds", "predict_processor_seconds"}
    return {
        (one.recogniser, one.size, one.draw): {k: v for k, v in one.metrics.items() if k not in costs}
        for one in record.finished
    }
