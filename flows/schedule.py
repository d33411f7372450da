"""Comparisons on a cron or an interval: a process that waits and runs them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from prefect.schedules import Cron
from prefect.server.schemas.schedules import CronSchedule
from prefect.types.entrypoint import EntrypointType

from components.study.study import Study
from flows.compare import compare
from flows.time_zone import zone_of

LEAST_MINUTES, MOST_MINUTES = 0.1, 5_000_000  # nine years: the server's dates end


def serve(study: Study, cron: str = "", every_minutes: float | None = None, zone: str = "") -> None:
    """Offer the compare flow to Prefect and run it on schedule until stopped; without one, when asked to.

    Its parameters are the study as JSON, so any run can be started with others. Runs wait for each other:
    two at once would only share the cores.
    """
    when = timing(cron, every_minutes, zone)
    compare.serve(
        name=study.title,
        parameters={"study": study.asked()},
        limit=1,
        entrypoint_type=EntrypointType.MODULE_PATH,
        **when,
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
