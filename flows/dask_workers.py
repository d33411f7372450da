"""A Dask scheduler and its workers, made ready: what a trial imports is imported before any is sent."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from components.study.address import without_passwords
from components.study.plugin_files import take_in

NEEDED = "flows.compare"  # imports all that a trial comes by
PATIENCE_S = 30  # for the scheduler to answer


def warm(address: str, plugin: Sequence[str] = ()) -> int:
    """Address of a scheduler -> its number of workers, all with their imports done.

    plugin: files of parts, which are taken in there, too.

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
        try:
            client.run_on_scheduler(_import, plugin)
            client.run(_import, plugin)
        except ModuleNotFoundError as error:
            raise ConnectionError(
                f"--dask expected this project on the scheduler and workers at {shown}, got an environment "
                f"without {error.name}; start them from one that has it."
            ) from None
    return workers


def _import(plugin: Sequence[str]) -> None:
    importlib.import_module(NEEDED)
    take_in(plugin)
