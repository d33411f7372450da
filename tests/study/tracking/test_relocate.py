"""A store whose folder was moved says so, and is told where it is."""

import pytest

from components.study.tracking import Store, close_study, open_study, read_study, relocate
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
        "was made, got nothing there; if you moved it, run `crossover relocate`."
    )


def test_a_relocated_store_reads_and_writes_in_its_new_place(moved, tmp_path):
    assert relocate(moved.folder) > 0
    assert relocate(moved.folder) == 0
    record = read_study(moved)
    assert record.finished[0].scores is not None
    finish(moved, record.run_id, TRIALS[1])
    assert len(read_study(moved).finished) == 2
    assert not (tmp_path / "mlruns").exists()


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
