"""Reading runs from another's SQLite file left a mlflow.db beside it; a typing error made a store."""

import pytest

from components.external.asked import Asked
from components.study.tracking import Store, read_runs
from flows.console import complaints
from flows.external import show_results


@pytest.fixture
def theirs(tmp_path, _new_store):
    """A database of MLflow that is not called as ours are."""
    file = tmp_path / "their.db"
    file.write_bytes(_new_store.read_bytes())
    return file


def test_a_file_of_another_name_is_read_and_nothing_is_made_beside_it(theirs):
    for address in (str(theirs), f"sqlite:///{theirs}"):
        store = Store(address)
        assert (store.database, store.folder) == (theirs, theirs.parent)
        assert read_runs(store, "Default") == []
    assert not (theirs.parent / "mlflow.db").exists()


def refused(source, condition=""):
    with pytest.raises(ValueError) as error:
        show_results([source], Asked(), condition, [], "", complaints)
    return str(error.value)


def test_what_is_no_store_is_not_made_one(theirs):
    wrong, table = theirs.with_name("thier.db"), theirs.with_name("results.csv")
    said = f"mlflow:sweeps@sqlite:///{wrong} expected an MLflow store at sqlite:///{wrong}, got none; correct"
    assert refused(f"mlflow:sweeps@sqlite:///{wrong}").startswith(said) and not wrong.exists()
    table.write_text("system,size,wer\nkaldi,100,20\n" * 100)
    assert f"expected a folder or a database of MLflow, got {table}" in refused(f"mlflow:sweeps@{table}")


def test_a_filter_that_fits_no_run_is_named(theirs):
    said = f"mlflow:Default@{theirs} expected finished runs that fit \"params.a = 'b'\", got none; change"
    assert refused(f"mlflow:Default@{theirs}", "params.a = 'b'").startswith(said)
