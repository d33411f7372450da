"""Flow runs of this machine whose process was killed: who serves next says so in Prefect.

A run holds the lock of a file while its process lives, and removes the file when it ends in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from filelock import FileLock, Timeout
from prefect import runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterParentFlowRunId
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from components.cache import cache_folder

KILLED = "its process was killed; finished trials are kept, and the next run goes on from there."


@contextmanager
def noted_run() -> Iterator[None]:
    """Inside, this machine knows that the process of the present flow run lives."""
    path = _folder() / str(runtime.flow_run.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path):
            yield
    finally:
        path.unlink(missing_ok=True)


def mark_left_runs() -> int:
    """Runs of this machine that ended without a word become Crashed, with all below; returns how many."""
    marked = 0
    with get_client(sync_client=True) as client:
        for path in sorted(_folder().glob("*")):
            # one that lives has its lock; one of another server is not found
            with suppress(Timeout, ObjectNotFound), FileLock(path, timeout=0):
                marked += _crash(client, UUID(path.name))
                path.unlink(missing_ok=True)
    return marked


def _folder() -> Path:
    return cache_folder() / "runs"


def _crash(client: SyncPrefectClient, run_id: UUID) -> bool:
    """Mark a flow run, its subflows and tasks as crashed, unless they ended; whether the run had not."""
    ran_on = not client.read_flow_run(run_id).state.is_final()
    if ran_on:
        client.set_flow_run_state(run_id, Crashed(message=KILLED), force=True)
    below = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run_id]))
    for subflow in client.read_flow_runs(flow_run_filter=below):
        _crash(client, subflow.id)
    for task in client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))):
        if not task.state.is_final():
            client.set_task_run_state(task.id, Crashed(message=KILLED), force=True)
    return ran_on
