"""`--tracking elsewhere/mlruns` ended in a stack trace: MLflow takes a folder for its old file store."""

import shutil

import pytest

from components.study.tracking import Store


@pytest.mark.parametrize(
    "asked", ["{}", "{}/mlflow.db", "file:{}", "file://{}", "file://localhost{}", "sqlite:///{}/mlflow.db"]
)
def test_a_folder_is_a_store_with_its_database_in_it(tmp_path, monkeypatch, asked, _new_store):
    if asked != "{}":  # one database is made, which takes seconds, and the others are copies
        (tmp_path / "else where").mkdir()
        shutil.copy(_new_store, tmp_path / "else where" / "mlflow.db")
    store = Store(asked.format(tmp_path / "else where"))
    assert store.address == f"sqlite:///{tmp_path}/else where/mlflow.db"
    assert store.folder == tmp_path / "else where"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", asked.format(tmp_path / "else where"))
    assert Store().address == store.address
    assert store.search("tags.kind = 'study'") == [] and (store.folder / "mlflow.db").is_file()


def test_a_folder_written_as_an_address_is_read_as_one(tmp_path):
    assert Store((tmp_path / "my runs: all").as_uri()).folder == tmp_path / "my runs: all"


def test_a_folder_from_here_is_found_from_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("kept", "databricks-of-mine", "a:b"):
        assert Store(name).folder == tmp_path / name


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", "databricks", "postgresql://host/db"])
def test_an_address_stays_as_it_is(address):
    assert Store(address).address == address and Store(address).folder is None
