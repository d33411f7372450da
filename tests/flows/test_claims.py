"""Two machines that start one study train no trial twice; what a machine that dies was at, the other does."""

import signal

import pytest

from components.study.tracking import Store
from components.study.tracking.claims import HOLDER, LEASE
from tests.commands import PATIENCE, happens, trial_runs
from tests.subjects.waiting import BEGUN, FAILS, SECONDS, TRAINED

NUMBERS = ("compare", "--subject", "tests.subjects.waiting:NUMBERS", "--workers", "1")
MANY = (*NUMBERS, "--systems", "constant,counted", "--sizes", "2,4,6", "--draws", "3")
ONE = (*NUMBERS, "--systems", "constant,waiting", "--sizes", "4", "--draws", "1")
pytestmark = pytest.mark.slow


@pytest.fixture(params=["a folder", "a server"])
def shared_store(request, store) -> tuple[Store, Store]:
    """A store as machines know it, and as it lies here."""
    if request.param == "a folder":
        return store, store
    address, _ = request.getfixturevalue("serving")()
    return Store(address), store


def test_two_machines_train_no_trial_twice(shared_store, machine, tmp_path):
    store, here = shared_store
    trained = {TRAINED: str(tmp_path / "trained")}
    both = [machine(store, *MANY, **trained) for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    fits = (tmp_path / "trained").read_text().splitlines()
    assert len(fits) == len(set(fits)) == 9
    runs = trial_runs(here)
    assert len(runs) == len({run.data.tags["fingerprint"] for run in runs}) == 18
    assert len(here.search("tags.kind = 'study'")) == 1
    assert not trial_runs(here, "RUNNING") and not trial_runs(here, "KILLED")
    assert len({run.data.tags[HOLDER] for run in runs}) == 18


def test_a_trial_of_a_machine_that_dies_is_trained_by_the_one_that_waited_for_it(
    shared_store, machine, tmp_path
):
    store, here = shared_store
    begun = tmp_path / "begun"
    first = machine(store, *ONE, **{BEGUN: str(begun), LEASE: "3"})
    assert happens(begun.exists), first.communicate()
    second = machine(store, *ONE, **{BEGUN: str(tmp_path / "begun-2"), SECONDS: "0"})
    (held,) = trial_runs(here, "RUNNING")
    lines = iter(second.stdout.readline, "")
    waits = next(line for line in lines if line.startswith("waiting"))
    assert waits == f"waiting for 1 trial that {held.data.tags[HOLDER]} trains\n"
    assert not (tmp_path / "begun-2").exists()
    first.send_signal(signal.SIGKILL)
    said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0, said
    assert (tmp_path / "begun-2").exists() and len(trial_runs(here)) == 2
    assert [run.info.run_id for run in trial_runs(here, "KILLED")] == [held.info.run_id]


def test_a_failure_on_another_machine_is_told_and_not_tried_again(shared_store, machine, tmp_path):
    store, here = shared_store
    begun, fails = tmp_path / "begun", tmp_path / "fails"
    first = machine(store, *ONE, **{BEGUN: str(begun), FAILS: str(fails)})
    assert happens(begun.exists), first.communicate()
    second = machine(store, *ONE, **{BEGUN: str(tmp_path / "begun-2")})
    assert any(line.startswith("waiting for 1 trial") for line in iter(second.stdout.readline, ""))
    fails.touch()
    said, complained = second.communicate(timeout=PATIENCE)
    assert second.returncode == 4, complained
    assert "failed waiting with 4 images, draw 0: ValueError: out of ink" in said
    assert len(trial_runs(here, "FAILED")) == 1 and not (tmp_path / "begun-2").exists()
