"""A command that is told to stop: SIGTERM and SIGHUP end it as Ctrl-C does, within seconds."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flows.statuses import SIGNALLED

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 20.0  # for what ends in order: trials, the study's run, what Prefect has still to send
AGAIN_S = 1.0  # some senders, such as timeout, send a signal to the process and to its group
_watch: list[threading.Timer] = []
_since: list[float] = []


class Stopped(KeyboardInterrupt):
    """A signal that asks to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def status_of(stop: KeyboardInterrupt) -> int:
    """What stopped a command -> its exit status, as a shell has it: 128 and the signal's number."""
    return SIGNALLED + getattr(stop, "number", signal.SIGINT)


@contextmanager
def stopping() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise Stopped; a second one, or the end of patience, ends the process.

    A signal that is ignored, as under nohup, stays so.
    """
    signals = [each for each in SIGNALS if _may_hear(each)]
    before = {each: signal.signal(each, _stop) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        _since.clear()
        while _watch:
            _watch.pop().cancel()


def _may_hear(number: int) -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and signal.getsignal(number) is not signal.SIG_IGN


def _stop(number: int, frame: FrameType | None) -> None:
    if _since and time.monotonic() - _since[0] > AGAIN_S:
        os._exit(SIGNALLED + number)
    hurry(SIGNALLED + number)
    if not _since:
        _since.append(time.monotonic())
        raise Stopped(number)


def hurry(status: int = SIGNALLED + signal.SIGINT) -> None:
    """Give what ends in order the usual patience; then the process and its children end with this status."""
    if not _watch:
        _watch.append(threading.Timer(PATIENCE_S, os._exit, (status,)))
        _watch[0].daemon = True
        _watch[0].start()
