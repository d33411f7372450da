"""Comparisons on a cron or an interval: a process that waits and runs them."""

from __future__ import annotations

from typing import Any

from prefect.client.schemas.schedules import CronSchedule
from prefect.types.entrypoint import EntrypointType

from components.study.study import Study
from flows.compare import compare


def serve(study: Study, cron: str = "", every_minutes: float = 0) -> None:
    """Offer the compare flow to Prefect and run it on schedule until stopped; without one, when asked to.

    Its parameters are the study as JSON, so any run can be started with others. Runs wait for each other:
    two at once would only share the cores.
    """
    when = timing(cron, every_minutes)
    compare.serve(
        name=study.title,
        parameters={"study": study.asked()},
        limit=1,
        entrypoint_type=EntrypointType.MODULE_PATH,
        **when,
    )


def timing(cron: str, every_minutes: float) -> dict[str, Any]:
    """A cron line or a number of minutes -> Prefect's keyword for it.

    Raises ValueError for both, and for what is no cron line.
    """
    if cron and every_minutes:
        raise ValueError(
            f"a schedule expected --cron or --every, got both ({cron!r}, {every_minutes:g}); choose one."
        )
    if cron:
        _check_cron(cron)
        return {"cron": cron}
    return {"interval": 60 * every_minutes} if every_minutes else {}


def _check_cron(cron: str) -> None:
    try:
        CronSchedule(cron=cron)
    except ValueError:
        raise ValueError(
            f"a schedule expected --cron with minute, hour, day, month and weekday, got {cron!r}; "
            '"0 3 * * *" is every night at 3.'
        ) from None
