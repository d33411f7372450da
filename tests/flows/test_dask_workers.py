"""A Dask scheduler and its workers: warmed before trials are sent, named where they are not there."""

import sys

import pytest
from distributed import LocalCluster

from flows import dask_workers
from flows.server import free_port


def test_a_dask_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(dask_workers, "PATIENCE_S", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ConnectionError) as error:
        dask_workers.warm(address)
    assert str(error.value) == (
        f"--dask expected a Dask scheduler at {address}, got no answer (OSError); start one: dask scheduler, "
        "and dask worker with its address."
    )


@pytest.fixture
def cluster():
    """A scheduler in this process, without workers."""
    with LocalCluster(n_workers=0, processes=False, dashboard_address=None, protocol="tcp") as made:
        yield made


def test_a_scheduler_without_workers_is_named(cluster):
    with pytest.raises(ConnectionError) as error:
        dask_workers.warm(cluster.scheduler_address)
    assert str(error.value) == (
        f"--dask expected workers at the Dask scheduler {cluster.scheduler_address}, got none; start some: "
        f"dask worker {cluster.scheduler_address}."
    )


def test_workers_have_their_imports_done_before_a_trial_is_sent(cluster, monkeypatch):
    """The scheduler imported for half a minute while trials were sent, which were cancelled."""
    monkeypatch.setattr(dask_workers, "NEEDED", "this")
    cluster.scale(2)
    cluster.wait_for_workers(2)
    assert "this" not in sys.modules
    assert dask_workers.warm(cluster.scheduler_address) == 2
    assert sys.modules.pop("this")


def test_workers_without_this_project_are_named(cluster, monkeypatch):
    monkeypatch.setattr(dask_workers, "NEEDED", "a_module_that_is_not_there")
    cluster.scale(1)
    cluster.wait_for_workers(1)
    with pytest.raises(ConnectionError) as error:
        dask_workers.warm(cluster.scheduler_address)
    at = cluster.scheduler_address
    assert str(error.value) == (
        f"--dask expected this project on the scheduler and workers at {at}, got an environment without "
        "a_module_that_is_not_there; start them from one that has it."
    )
