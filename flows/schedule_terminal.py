"""The terminal's side of a schedule: the server, the addresses, and waiting."""

from __future__ import annotations

import os

from rich.console import Console

from components.study.address import URI
from components.study.study import Study
from flows.server import Server


def serve_study(study: Study, cron: str, every_minutes: float, port: int, screen: Console) -> None:
    """Study and schedule -> a process that runs it until stopped with Ctrl-C."""
    keep_password(study)
    with Server(services=True, port=port) as server:
        from flows.schedule import serve, timing  # Prefect reads the server's address when it is imported

        timing(cron, every_minutes)
        page = server.wait()
        when = (
            f"cron {cron!r}"
            if cron
            else f"every {every_minutes:g} minute{'s' * (every_minutes != 1)}"
            if every_minutes
            else "when asked to"
        )
        screen.print(f"{study.title} runs {when}. Prefect's page: {page}  Stop with Ctrl-C.", soft_wrap=True)
        serve(study, cron, every_minutes)


def keep_password(study: Study) -> None:
    """Give the store's address to this process's runs by the environment, if it holds a password.

    Prefect keeps the parameters of runs, and shows them: there the password is masked.
    """
    if study.tracking != study.shown().tracking:
        os.environ[URI] = study.tracking
