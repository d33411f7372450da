"""What a trial costs that is neither training nor decoding, and what many of them do to a study.

    python -m pytest -m benchmark -s tests/benchmarks/test_a_thousand_trials.py

CROSSOVER_TRIALS is how many trials each study has (1,000), CROSSOVER_RUNS how many finished ones its store
has before (10,000). Bars: 0.5 s a trial, whatever the store holds; the report within 20 s; the parent's
memory flat.
"""

from __future__ import annotations

import os
import time
from threading import Event, Thread

import psutil
import pytest
from rich import print as show

from components.study.tracking import Store, read_study
from flows.write_report import make_report
from tests.benchmarks.many_runs import fill
from tests.commands import crossover, left_behind, start, trial_runs

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
TRIALS = int(os.environ.get("CROSSOVER_TRIALS", 1000))
RUNS = int(os.environ.get("CROSSOVER_RUNS", 10_000))
SUBJECT = ("--subject", "tests.benchmarks.trivial:TRIVIAL", "--workers", "2")
SIZES = 5
WANTED_S, WANTED_REPORT_S, WANTED_MB = 0.5, 20, 30


class Watched(Thread):
    """Looks at a command's processes twice a second: processor seconds by kind, memory of the parent."""

    def __init__(self, pid: int, mark: str):
        super().__init__(daemon=True)
        self.pid, self.mark, self.ended = pid, mark, Event()
        self.seconds: dict[str, list[tuple[float, float]]] = {}  # kind -> when, how many by then
        self.megabytes: list[float] = []

    def run(self) -> None:
        while not self.ended.wait(0.5):
            for process in left_behind(self.mark):
                try:
                    self._look(process)
                except psutil.Error:
                    continue

    def _look(self, process: psutil.Process) -> None:
        words, times = " ".join(process.cmdline()), process.cpu_times()
        if process.pid == self.pid:
            self.megabytes.append(process.memory_info().rss / 1e6)
            self._note("parent", times.user + times.system)
        elif "flows.server" in words:
            self._note("Prefect's server", times.user + times.system)
        elif "forkserver" in words and process.ppid() == self.pid:
            self._note("children", times.children_user + times.children_system)

    def _note(self, kind: str, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append((time.time(), seconds))

    def between(self, begin: float, end: float) -> dict[str, float]:
        """Kind of process -> its processor seconds between two times."""
        spent = {}
        for kind, noted in self.seconds.items():
            inside = [seconds for when, seconds in noted if begin <= when <= end]
            spent[kind] = inside[-1] - inside[0] if inside else 0.0
        return spent


@pytest.mark.parametrize("before", [0, RUNS])
def test_a_trial_costs_half_a_second_and_the_report_twenty(store, before):
    if before:
        ended = crossover(
            "compare", *SUBJECT, "--sizes", "4", "--draws", "1", "--name", "before", store=store
        )
        assert ended.status == 0, ended.complained
        fill(store, before)
    began, sizes = time.time(), ",".join(map(str, range(2, 2 + SIZES)))
    asked = ("--sizes", sizes, "--draws", TRIALS // (2 * SIZES), "--name", "many")
    process, mark = start("compare", *SUBJECT, *asked, store=store)
    watched = Watched(process.pid, mark)
    watched.start()
    _, complained = process.communicate(timeout=3000)
    watched.ended.set()
    assert process.returncode == 0, complained
    whole = time.time() - began
    runs = [run for run in trial_runs(store) if run.data.tags["study"] == "many"]
    spent = sum(run.data.metrics["train_seconds"] + run.data.metrics["predict_seconds"] for run in runs)
    ends = sorted(run.info.end_time / 1000 for run in runs)
    each = (2 * (ends[-1] - min(run.info.start_time for run in runs) / 1000) - spent) / len(runs)
    half = len(ends) // 2
    first, second = ((ends[b] - ends[a]) / (b - a) for a, b in ((0, half), (half, len(ends) - 1)))
    show(
        f"{before:,} runs before, {len(runs):,} trials: {each:.2f} s a trial and worker, {whole:.0f} s in all"
    )
    show(f"  one ends every {first:.2f} s in the first half, every {second:.2f} s in the second")
    spent = watched.between(ends[0], ends[-1])
    processor = {kind: f"{seconds / len(runs):.2f}" for kind, seconds in spent.items()}
    show(f"  processor seconds a trial: {processor}")
    tenth = len(watched.megabytes) // 10
    memory = watched.megabytes[tenth :: max(1, tenth)]
    show(f"  parent: {[round(one) for one in memory]} MB")
    begun = time.perf_counter()
    make_report(Store(store.address), "many")
    report = time.perf_counter() - begun
    show(f"  report: {report:.1f} s, of which reading {reading(store):.1f} s")


def reading(store: Store) -> float:
    begun = time.perf_counter()
    read_study(Store(store.address), "many")
    return time.perf_counter() - begun
