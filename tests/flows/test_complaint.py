"""What goes wrong outside this project ends in a sentence with the way out, and loses nothing."""

import shutil
import subprocess

import pytest
from mlflow import MlflowClient

from components.study.tracking import Store
from components.study.tracking.store import CURVES, EXPERIMENT
from flows.complaint import complaint
from tests.commands import trial_runs

ONE = ("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "10", "--draws", "1")


@pytest.fixture
def small_disk(tmp_path, _new_store):
    """A store on a disk of a few hundred kilobytes more than its database; and what makes the disk larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    room = _new_store.stat().st_size // 1024 + 300
    mount = ["mount", "-t", "tmpfs", "-o", f"size={room}k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("MAY NOT MOUNT A SMALL DISK: a full one was NOT tried; run as root")
    shutil.copy(_new_store, folder / "mlflow.db")
    yield Store(str(folder)), lambda: subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_named_and_what_was_computed_is_there_once_it_is_not(small_disk, digits, studied):
    """It was an AttributeError of the progress bar."""
    store, enlarge = small_disk
    asked = ("compare", *ONE, "--data", digits, "--tracking", store.folder)
    status, said, complained = studied(*asked)
    assert status == 1 and "Traceback" not in said + complained
    assert complained.startswith("crossover: the disk is full: ") and complained.count("\n") == 1
    assert complained.endswith("finished trials are kept, and the same command goes on from there.\n")
    enlarge()
    status, said, complained = studied(*asked)
    assert (status, complained) == (0, "")
    assert len(trial_runs(store)) == 1
    assert (store.folder / "reports" / "fsdd" / "index.html").is_file()


@pytest.mark.parametrize("name", [EXPERIMENT, CURVES])
def test_a_deleted_experiment_is_named_with_how_to_restore_it(store, digits, typed, name):
    number = store.experiment(name)
    store.client.delete_experiment(number)
    status, _, complained = typed("compare", *ONE, "--data", digits, "--tracking", store.address)
    assert status == 1
    assert complained == (
        f"crossover: the MLflow store at {store.address} expected its experiment {name!r}, got a deleted "
        f"one; restore it: mlflow experiments restore --experiment-id {number}, with MLFLOW_TRACKING_URI set "
        "to that address; or name another store with --tracking.\n"
    )


def test_a_renamed_experiment_is_found_again(store):
    """It was made anew, so that every trial was trained again."""
    number = store.experiment()
    store.client.rename_experiment(number, "speech of ours")
    assert store.experiment() == number


def test_an_experiment_of_an_earlier_version_is_found_again_once_it_was_seen(store):
    place = (store.folder / "artifacts").as_uri()
    number = MlflowClient(store.address).create_experiment(EXPERIMENT, place)
    assert store.experiment() == number
    store.client.rename_experiment(number, "speech of ours")
    assert store.experiment() == number


def test_a_missing_database_driver_is_named(typed):
    status, _, complained = typed("report", "--tracking", "mysql://ann:s3cret@127.0.0.1:9/db")
    assert (status, complained) == (
        1,
        "crossover: the MLflow store expected the database driver MySQLdb, got none; install it: pip "
        "install mysqlclient.\n",
    )


def test_a_mistake_of_our_own_keeps_its_stack_trace():
    assert complaint(KeyError("x")) == "" == complaint(TypeError("y"))


def test_the_cause_is_told_and_not_what_came_of_it():
    try:
        try:
            raise OSError(28, "No space left on device", "/x/mlflow.db")
        except OSError:
            raise AttributeError("'OSError' object has no attribute 'trial'") from None
    except AttributeError as error:
        assert complaint(error).startswith(
            "the disk is full: [Errno 28] No space left on device: '/x/mlflow.db'"
        )
