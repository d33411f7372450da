"""A tracking server that is not there: a sentence within seconds, not silence for minutes."""

import pytest

from components.study.tracking import answer, open_store
from flows.server import free_port


@pytest.fixture(autouse=True)
def little_patience(monkeypatch):
    monkeypatch.setattr(answer, "PATIENCE_S", 0.0)


def test_a_server_that_is_not_there_is_named_with_the_way_out():
    port = free_port()
    with pytest.raises(ConnectionError) as error:
        open_store(f"http://ann:s3cret@127.0.0.1:{port}")
    assert str(error.value) == (
        f"the MLflow store expected a tracking server at http://ann:***@127.0.0.1:{port}, got no answer; "
        "start it, or name another store with --tracking or MLFLOW_TRACKING_URI."
    )


def test_a_dead_address_in_the_environment_ends_a_compare_before_anything_is_read(typed, monkeypatch):
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    status, said, complained = typed("compare", "--corpus", "/none")
    assert (status, said) == (1, "")
    assert complained.startswith(
        f"crossover: the MLflow store expected a tracking server at {address}, got no"
    )


def test_a_folder_and_a_server_that_answers_are_taken(store, server):
    assert open_store(store.address).folder == store.folder
    assert open_store(server.removesuffix("/api")).address == server.removesuffix("/api")
