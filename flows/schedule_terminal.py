"""The terminal's side of a schedule: the server, the addresses, and waiting."""

from __future__ import annotations

import os

from rich.console import Console

from components.study.address import URI
from components.study.study import Study
from flows.server import Server
from flows.time_zone import zone_of


def serve_study(
    study: Study,
    cron: str,
    every_minutes: float | None,
    zone: str,
    port: int,
    allow: str,
    screen: Console,
) -> None:
    """Study and schedule -> a process that runs it until stopped with Ctrl-C or a signal."""
    keep_password(study)
    with Server(services=True, port=port) as server:
        from flows.schedule import (  # Prefect reads the server's address when it is imported
            first_time,
            serve,
            timing,
        )

        timing(cron, every_minutes, zone)
        page = server.wait()
        when = "when asked to"
        if every_minutes:
            when = f"every {every_minutes:g} minute{'s' * (every_minutes != 1)}"
        if cron:
            first = f"{first_time(cron, zone_of(zone)):%Y-%m-%d at %H:%M}"
            when = f"cron {cron!r} in time zone {zone_of(zone)}, next on {first} there"
        line = f"{study.title} runs {when}. Prefect's page: {page}  Stop with Ctrl-C."
        serve(study, cron, every_minutes, zone, allow, lambda: screen.print(line, soft_wrap=True))


def keep_password(study: Study) -> None:
    """Give the store's address to this process's runs by the environment, if it holds a password.

    Prefect keeps the parameters of runs, and shows them: there the password is masked.
    """
    if study.tracking != study.shown().tracking:
        os.environ[URI] = study.tracking
