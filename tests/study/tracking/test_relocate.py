"""A store whose folder was moved says so, and is told where it is."""

import shutil

import pytest
from mlflow.tracking._tracking_service import utils as mlflow_utils

from components.study.tracking import Store, close_study, open_study, read_study, relocate
from flows.write_report import make_report
from tests.study.tracking.small_study import STUDY, TRIALS, finish


@pytest.fixture
def moved(store, tmp_path):
    run = open_study(store, STUDY)
    finish(store, run, TRIALS[0])
    close_study(store, run, {})
    (tmp_path / "mlruns").rename(tmp_path / "else where")
    return Store(f"sqlite:///{tmp_path}/else where/mlflow.db")


def test_a_moved_store_names_the_way_out(moved, tmp_path):
    with pytest.raises(ValueError) as failure:
        read_study(moved)
    assert str(failure.value) == (
        f"the store in {tmp_path}/else where expected its artifacts in {tmp_path}/mlruns/artifacts, where it "
        f"was made, got nothing there; if you moved it, run `crossover relocate --tracking '{tmp_path}/else "
        "where'`."
    )


def test_a_relocated_store_reads_and_writes_in_its_new_place(moved, tmp_path):
    assert relocate(moved.folder) > 0
    assert relocate(moved.folder) == 0
    record = read_study(moved)
    assert record.finished[0].scores is not None
    finish(moved, record.run_id, TRIALS[1])
    assert len(read_study(moved).finished) == 2
    assert not (tmp_path / "mlruns").exists()


def test_a_copied_store_is_refused_until_it_is_told_so(store, tmp_path, no_pictures):
    run = open_study(store, STUDY)
    finish(store, run, TRIALS[0])
    close_study(store, run, {})
    shutil.copytree(tmp_path / "mlruns", tmp_path / "copy")
    before = sorted((tmp_path / "mlruns").rglob("*"))
    copy = Store(str(tmp_path / "copy"))
    with pytest.raises(ValueError) as failure:
        make_report(copy)
    assert str(failure.value) == (
        f"the store in {tmp_path}/copy expected its artifacts in {tmp_path}/mlruns/artifacts, where it was "
        f"made, got another store's there; if you copied it, run `crossover relocate "
        f"--tracking {tmp_path}/copy`."
    )
    assert relocate(copy.folder) > 0
    mlflow_utils._artifact_repos_cache.clear()  # by run: MLflow expects no two stores in one process
    assert make_report(copy).page == tmp_path / "copy" / "reports" / "digits" / "index.html"
    assert sorted((tmp_path / "mlruns").rglob("*")) == before


def test_a_store_by_another_name_of_its_folder_is_taken(store, tmp_path):
    open_study(store, STUDY)
    (tmp_path / "link").symlink_to(tmp_path / "mlruns")
    assert read_study(Store(str(tmp_path / "link"))).name == "digits"


def test_a_folder_without_a_store_or_its_artifacts_is_refused(moved, tmp_path):
    with pytest.raises(ValueError) as failure:
        relocate(tmp_path)
    assert str(failure.value) == (
        f"{tmp_path} expected an MLflow store (mlflow.db), got none; name its folder's address."
    )
    (moved.folder / "artifacts").rename(tmp_path / "artifacts")
    with pytest.raises(ValueError) as failure:
        relocate(moved.folder)
    assert str(failure.value) == (
        f"{moved.folder} expected its artifacts beside mlflow.db, got none; move them there as well."
    )
