"""A function in a process of its own: crashes stay there, time-outs really end it, nothing outlives us."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from multiprocessing import util
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flows.removal import remove
from flows.stop import SIGNALS

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
LEFT_BEHIND = "CROSSOVER_LEFT_BEHIND"  # the folder of its socket, for the fork server to clean after us
PARENT = "CROSSOVER_PARENT"  # our process id, for the fork server: it may begin when we are gone
LONGEST_TMPDIR = 107 - len("/pymp-12345678/listener-12345678")  # bytes; 107 are what Linux allows
TAIL = 2000  # characters of a dead child's output that are kept
MESSAGE, DONE, FAILED = "message", "done", "failed"  # what a child sends
_parent: ContextVar[Connection | None] = ContextVar("parent", default=None)


_running: set[Any] = set()  # processes of children
_ending = threading.Event()


class TrialFailed(Exception):
    """What ended a child: its own exception's traceback, a crash, or the time-out."""


class TrialStopped(Exception):
    """The study was stopped while, or before, the child worked."""

    def __init__(self) -> None:
        super().__init__("stopped with its study")


@contextmanager
def ending_children() -> Iterator[None]:
    """Whatever breaks off the inside ends all children of this process, and lets no other begin."""
    _ending.clear()
    try:
        yield
    except BaseException:
        _ending.set()
        for process in list(_running):
            _kill(process)
        raise


def _kill(process: Any) -> None:
    """End a child, and every program that it started: they are of its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # it may not have a group of its own yet


def send_to_parent(message: Any) -> None:
    """A picklable message of a child while it works -> its parent; dropped outside a child."""
    parent = _parent.get()
    if parent is not None:
        parent.send((MESSAGE, message))


def run_in_child(
    function: Callable[..., Any],
    *args: Any,
    timeout_s: float,
    on_message: Callable[[Any], None] = lambda message: None,
) -> Any:
    """Function and picklable arguments -> its result, computed by a child with one thread.

    on_message: called with whatever the child sends by `send_to_parent`.
    Raises TrialFailed with the child's traceback, the signal that killed it, or the time-out; TrialStopped
    where `ending_children` ended it.
    """
    if _ending.is_set():
        raise TrialStopped
    ours, theirs = forkserver().Pipe()
    with tempfile.TemporaryDirectory(dir=util.get_temp_dir()) as folder:  # gone with us, if we are killed
        log = Path(folder) / "output.txt"
        _may_have_children()
        process = forkserver().Process(target=_child, args=(theirs, log, function, args))
        process.start()
        theirs.close()
        _running.add(process)
        try:
            if _ending.is_set():
                raise TrialStopped
            return _result(ours, process, timeout_s, log, on_message)
        finally:
            _running.discard(process)
            _kill(process)
            process.join()
            ours.close()


def _result(
    ours: Connection, process: Any, timeout_s: float, log: Path, on_message: Callable[[Any], None]
) -> Any:
    """Wait for the child's result, passing on its messages; its pipe closes when it dies."""
    until = time.monotonic() + timeout_s
    try:
        while True:
            if not ours.poll(max(0.0, until - time.monotonic())):
                raise TrialFailed(
                    f"ended after its time-out of {timeout_s / 60:g} minutes; raise --timeout-minutes"
                )
            kind, content = ours.recv()
            if kind != MESSAGE:
                break
            on_message(content)
    except EOFError:
        process.join()
        if _ending.is_set():
            raise TrialStopped from None
        raise TrialFailed(
            f"the trial's process {_cause(process.exitcode)}\n{_last_output(log)}".rstrip()
        ) from None
    if kind == FAILED:
        raise TrialFailed(content)
    return content


def _cause(exitcode: int) -> str:
    if exitcode >= 0:
        return f"ended with exit status {exitcode}"
    name = signal.Signals(-exitcode).name
    hint = "; the machine may have run out of memory: use fewer --workers" if name == "SIGKILL" else ""
    return f"was killed by {name}{hint}"


def _last_output(log: Path) -> str:
    return log.read_text(errors="replace")[-TAIL:] if log.exists() else ""


def _child(ours: Connection, log: Path, function: Callable[..., Any], args: tuple) -> None:
    os.setsid()  # a group of its own, with all programs that it starts
    tempfile.tempdir = str(log.parent)  # what is half written when it is killed goes with the folder
    threading.Thread(target=_end_with_parent, args=(ours, log.parent), daemon=True).start()
    with open(log, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        faulthandler.enable(file)
        _parent.set(ours)
        ours.send(_attempt(function, args))


def _attempt(function: Callable[..., Any], args: tuple) -> tuple[str, Any]:
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            return DONE, function(*args)
    except Exception:
        return FAILED, traceback.format_exc()


def _end_with_parent(ours: Connection, folder: Path) -> None:
    """The lifeline: the parent never writes, so a read ends only when the parent is gone."""
    try:
        ours.recv()
    except (EOFError, OSError):
        try:
            remove(folder)
        finally:
            os.killpg(0, signal.SIGKILL)


def end_with_parent() -> None:
    """The lifeline of a process that multiprocessing started: it ends with its parent, even by kill -9."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _may_have_children() -> None:
    """Dask's workers are daemons, which Python lets have no children; ours end with their parent anyway."""
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False


@cache
def forkserver() -> Any:
    """The context whose server has the heavy imports done, and libraries set to one thread, once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.preload"])
    from multiprocessing import resource_tracker
    from multiprocessing.forkserver import ensure_running

    resource_tracker.ensure_running()  # begun later, it would let Ctrl-C through again
    inherited = "tempdir" in multiprocessing.current_process()._config  # then it is our parent's to clean
    surroundings = dict.fromkeys(ONE_THREAD, "1") | {PARENT: str(os.getpid())}
    surroundings |= {LEFT_BEHIND: "" if inherited else util.get_temp_dir()}
    with _environment(surroundings), _deaf(), _naming_long_paths():
        ensure_running()
    return context


@contextmanager
def _naming_long_paths() -> Iterator[None]:
    """Inside, a socket is made in the folder for temporary files; OSError names one with too long a path."""
    try:
        yield
    except OSError as error:
        if "too long" not in str(error):
            raise
        raise OSError(
            f"the folder for temporary files expected a path of at most {LONGEST_TMPDIR} bytes, which a "
            f"socket in it can have, got {tempfile.gettempdir()!r}; set TMPDIR to a shorter one."
        ) from None


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started here hear no signal that is sent to all of a group: they end with us, as we do."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *SIGNALS})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
