"""A study broken off at a random moment, again and again: it ends as one that was never broken off.

    python -m pytest -m soak -s tests/soak

Each round kills one process of a study with SIGKILL after its trials began: the command itself, a trial's
process, the process that trials are forked from, Prefect's server, MLflow's server (which is started again)
or a Dask worker. Then the same command is given again until it ends with status 0. Every metric must equal
that of an unbroken run, and no process, held lock, temporary file, open run or undelivered result is left.
CROSSOVER_KILLS is how many rounds there are (50), CROSSOVER_SEED decides their moments.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from rich import print as show

from components.study.tracking import Store, read_study
from flows.server import free_port
from tests.commands import (
    answers,
    dask_cluster,
    end_group,
    gone_within,
    happens,
    left_behind,
    results,
    start,
    trial_runs,
)

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]
ROUNDS = int(os.environ.get("CROSSOVER_KILLS", 50))
SEED = int(os.environ.get("CROSSOVER_SEED", 0))
ASKED = ("compare", "--subject", "tests.subjects.digits:DIGITS", "--sizes", "20,100", "--draws", "3")
TRIALS = 12
LATEST_S = 8.0  # after the first trial began
OURS = ("command", "trial", "fork server", "Prefect server")
VICTIMS = (*OURS, "MLflow server", "Dask worker")


class Place:
    """Where one study runs: its store, its cache, its folder for temporary files, and servers beside it."""

    def __init__(self, folder: Path, here: Store, victim: str):
        self.here, self.store, self.cache = here, here, folder / "cache"
        self.temporary = Path(tempfile.mkdtemp())
        self.others: dict[str, subprocess.Popen] = {}
        self.stack = ExitStack()
        self.words: tuple[str, ...] = ()
        if victim == "MLflow server":
            self.port = free_port()
            self.store = Store(f"http://127.0.0.1:{self.port}")
            self.serve()
        if victim == "Dask worker":
            self.words = ("--dask", self.cluster())

    def serve(self) -> None:
        """Start MLflow's server, on one port, however often it was killed."""
        self.others["MLflow server"], _ = start("ui", "--port", self.port, store=self.here)
        assert happens(lambda: answers(f"http://127.0.0.1:{self.port}/health"))

    def cluster(self) -> str:
        """Start a Dask scheduler and two workers -> its address."""
        options = ("--nthreads", "1", "--no-nanny")
        asked = dask_cluster(self.temporary, *options, workers=2, **self.variables())
        address, begun = self.stack.enter_context(asked)
        self.others |= dict(zip(("scheduler", "Dask worker", "other worker"), begun, strict=True))
        return address

    def variables(self) -> dict[str, str]:
        return {"CROSSOVER_CACHE": str(self.cache), "TMPDIR": str(self.temporary)}

    def begin(self) -> tuple[subprocess.Popen, str]:
        return start(*ASKED, *self.words, store=self.store, **self.variables())

    def close(self) -> None:
        self.stack.close()
        for process in self.others.values():
            end_group(process)
        shutil.rmtree(self.temporary, ignore_errors=True)

    def retire(self) -> None:
        """End the Dask worker that was not killed: while it lives its fork server has a folder."""
        if worker := self.others.get("other worker"):
            worker.terminate()
            worker.wait()

    def left(self) -> list[str]:
        """What a study that is over should not have left."""
        files = [
            path.name for path in self.temporary.iterdir() if not path.name.startswith(("torch", "dask"))
        ]
        folders = [self.store.locks, self.cache / "runs"]
        held = [
            str(path) for folder in folders if folder.is_dir() for path in folder.iterdir() if _is_held(path)
        ]
        kept = [str(path) for path in (self.cache / "undelivered").glob("*/*/result.json")]
        return files + held + kept + [run.info.run_id for run in trial_runs(self.here, "RUNNING")]


def _is_held(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except TimeoutError:
        return True


@contextmanager
def placed(folder: Path, store: Store, victim: str) -> Iterator[Place]:
    place = Place(folder, store, victim)
    try:
        yield place
    finally:
        place.close()


def find(victim: str, place: Place, process: subprocess.Popen, mark: str) -> psutil.Process | None:
    """A kind of process -> the one of this study, if it lives."""
    if victim in place.others:
        return psutil.Process(place.others[victim].pid)
    for one in left_behind(mark):
        with suppress(psutil.Error):
            if _kind(one, process.pid) == victim:
                return one
    return None


def _kind(one: psutil.Process, command: int) -> str:
    words = " ".join(one.cmdline())
    if one.pid == command:
        return "command"
    if "flows.server" in words:
        return "Prefect server"
    if "multiprocessing.forkserver" in words:
        return "fork server" if one.ppid() == command else "trial"
    return ""


def broken_off(victim: str, place: Place, chance: random.Random) -> str:
    """Begin a study, kill one of its processes, wait until the command has ended -> what became of it."""
    process, mark = place.begin()
    assert happens(lambda: place.here.search("tags.kind = 'trial'") or process.poll()), process.communicate()
    time.sleep(chance.uniform(0, LATEST_S))
    killed = find(victim, place, process, mark)
    done = len(trial_runs(place.here))
    if killed is None or process.poll() is not None:
        process.communicate()
        return f"no {victim} to kill any more"
    if victim == "MLflow server":
        end_group(place.others[victim])  # of one process that answers, and one that watches it
        time.sleep(chance.uniform(0, 3))
        place.serve()
    else:
        killed.kill()
    said, complained = process.communicate(timeout=600)
    assert "Traceback" not in said + complained, said + complained
    assert gone_within(mark, 20), [one.cmdline() for one in left_behind(mark)]
    return f"killed with {done} of {TRIALS} trials done, status {process.returncode}"


def finished(place: Place) -> int:
    """Give the command again until all has finished -> how often."""
    for times in range(1, 4):
        process, mark = place.begin()
        said, complained = process.communicate(timeout=600)
        assert gone_within(mark, 20), [one.cmdline() for one in left_behind(mark)]
        if process.returncode == 0:
            return times
    raise AssertionError(said + complained)


@pytest.fixture(scope="module")
def unbroken(store_in, tmp_path_factory):
    """What a study measures that nothing happens to."""
    folder = tmp_path_factory.mktemp("unbroken")
    with placed(folder, store_in(folder), "") as place:
        assert finished(place) == 1
        measured = results(read_study(place.here))
    assert len(measured) == TRIALS
    return measured


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_study_that_was_killed_ends_as_if_it_had_not_been(number, unbroken, store_in, tmp_path):
    victim, chance = VICTIMS[number % len(VICTIMS)], random.Random(f"{SEED} {number}")
    with placed(tmp_path, store_in(tmp_path), victim) as place:
        became = broken_off(victim, place, chance)
        times = finished(place)
        assert results(read_study(place.here)) == unbroken
        runs = trial_runs(place.here)
        assert len({run.data.tags["fingerprint"] for run in runs}) == len(runs) == TRIALS
        place.retire()
        assert happens(lambda: not place.left(), 20), place.left()
    show(f"{number:2} {victim}: {became}; {times} more, all equal")
