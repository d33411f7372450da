"""A Dask scheduler and its workers, made ready: what a trial imports is imported before any is sent."""

from __future__ import annotations

import importlib

from components.study.address import without_passwords

PATIENCE_S = 30  # for the scheduler to answer


def warm(address: str) -> int:
    """Address of a scheduler -> its number of workers, all with their imports done.

    A scheduler that imports while trials are sent answers nobody for so long that they are cancelled.
    Raises ConnectionError if there is none, or it has no worker.
    """
    from distributed import Client

    shown = without_passwords(address)
    try:
        client = Client(address, timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"--dask expected a Dask scheduler at {shown}, got no answer ({type(error).__name__}); start "
            "one: dask scheduler, and dask worker with its address."
        ) from None
    with client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise ConnectionError(
                f"--dask expected workers at the Dask scheduler {shown}, got none; start some: dask worker "
                f"{shown}."
            )
        client.run_on_scheduler(_import)
        client.run(_import)
    return workers


def _import() -> None:
    importlib.import_module("flows.compare")
