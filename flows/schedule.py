"""Comparisons on a cron or an interval: a process that waits and runs them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.server.schemas.schedules import CronSchedule
from prefect.types.entrypoint import EntrypointType

from components.study.study import Study
from flows.compare import compare
from flows.left_runs import mark_left_runs
from flows.places import serve_places
from flows.statuses import SIGNALLED
from flows.stop import AGAIN_S, PATIENCE_S, SIGNALS
from flows.time_zone import zone_of

STOP_S = PATIENCE_S + 5.0  # for a run to end in order, which it does by itself within its patience
PAUSE_S = 30.0  # for the server to take that the run has ended and that the schedule is paused
LEAST_MINUTES, MOST_MINUTES = 0.1, 5_000_000  # nine years: the server's dates end


def serve(
    study: Study,
    cron: str = "",
    every_minutes: float | None = None,
    zone: str = "",
    allow: str = "",
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Offer the compare flow to Prefect and run it on schedule until stopped; without one, when asked to.

    Its parameters are the study as JSON, so any run can be started with others, at the same places or those
    that `allow` names. Runs wait for each other: two at once would only share the cores. ready: called once
    runs can be started, and signals are heard.
    """
    os.environ |= serve_places(study, allow)
    asyncio.run(_serve(study, timing(cron, every_minutes, zone), ready))


async def _serve(study: Study, when: dict[str, Any], ready: Callable[[], None]) -> None:
    await asyncio.to_thread(mark_left_runs)
    runner = Runner(limit=1)
    asked = {"study": study.asked()}
    by_module = {"entrypoint_type": EntrypointType.MODULE_PATH}
    await runner.aadd_flow(compare, name=study.title, parameters=asked, paused=False, **by_module, **when)
    running = asyncio.create_task(runner.start())
    while not (runner.started or running.done()):
        await asyncio.sleep(0.05)
    stop = asyncio.create_task(_hear().wait())
    ready()
    await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
    else:
        await _stop(runner, running)


def _hear() -> asyncio.Event:
    """An event that a signal sets which asks to stop; another one, later, ends this process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    since: list[float] = []

    def on_signal(number: int) -> None:
        since.append(loop.time())
        stop.set()
        if since[-1] - since[0] > AGAIN_S:
            os._exit(SIGNALLED + number)  # whatever it started holds a lifeline

    for number in (signal.SIGINT, *SIGNALS):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, on_signal, number)
    return stop


async def _stop(runner: Runner, running: asyncio.Task) -> None:
    """Stop the run in flight, then pause the deployment, while the server lives: as Prefect's runner does.

    A run that has not ended by then is killed: Prefect's runner pauses nothing before.
    """
    stopped = asyncio.gather(runner.astop(), return_exceptions=True)  # a server that is gone shows below
    await asyncio.wait({stopped}, timeout=STOP_S)
    for process in multiprocessing.active_children():  # a run that began just then, or does not hear
        process.kill()
    ended, _ = await asyncio.wait({running}, timeout=PAUSE_S)
    if not ended or running.exception():
        raise RuntimeError(
            "serve expected its Prefect server to pause the schedule, got no answer; its runs are ended, and "
            "the schedule goes on there: pause it on its page, or serve it again."
        )


def timing(cron: str, every_minutes: float | None, zone: str = "") -> dict[str, Any]:
    """A cron line in a time zone, or a number of minutes -> Prefect's keyword for it.

    Raises ValueError for both, for what is no cron line, for minutes that are none, for an unknown zone.
    """
    if zone and not cron:
        raise ValueError(f"--timezone expected a --cron line, whose hours it is of, got none with {zone!r}.")
    if cron and every_minutes is not None:
        raise ValueError(
            f"a schedule expected --cron or --every, got both ({cron!r}, {every_minutes:g}); choose one."
        )
    if cron:
        _check_cron(cron)
        return {"schedule": Cron(cron, timezone=zone_of(zone))}
    if every_minutes is None:
        return {}
    if not LEAST_MINUTES <= every_minutes < MOST_MINUTES:
        raise ValueError(
            f"a schedule expected --every with minutes from {LEAST_MINUTES:g} to {MOST_MINUTES:,}, got "
            f"{every_minutes:g}; 1440 is once a day."
        )
    return {"interval": 60 * every_minutes}


def first_time(cron: str, zone: str) -> datetime:
    """A cron line and the name of its zone -> when it fires next, as the server counts."""
    (first,) = asyncio.run(CronSchedule(cron=cron, timezone=zone).get_dates(1))
    return first


def _check_cron(cron: str) -> None:
    try:
        CronSchedule(cron=cron)
    except ValueError:
        raise ValueError(
            f"a schedule expected --cron with minute, hour, day, month and weekday, got {cron!r}; "
            '"0 3 * * *" is every night at 3.'
        ) from None
