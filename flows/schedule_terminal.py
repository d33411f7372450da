"""The terminal's side of a schedule: the server, the addresses, and waiting."""

from __future__ import annotations

from rich.console import Console

from components.study.study import Study
from flows.server import Server


def serve_study(
    study: Study, cron: str, every_minutes: float, port: int, allow: str, screen: Console
) -> None:
    """Study and schedule -> a process that runs it until stopped with Ctrl-C or a signal."""
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
        said = f"{study.title} runs {when}. Prefect's page: {page}  Stop with Ctrl-C."
        serve(study, cron, every_minutes, allow, lambda: screen.print(said, soft_wrap=True))
