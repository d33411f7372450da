"""Claims: who trains a trial, as every machine that shares the store sees it.

A claim is the trial's own run, opened before the trial is trained. Whoever opened one looks whether it is
the only one, and withdraws it if not: of two that look after they opened theirs, at least one sees the other.
While a trial is trained its claim gives signs of life; one without any for as long as it says is given back.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from mlflow.entities import Run

from components.study.tracking.store import Store, StoreFailed
from components.study.tracking.trials import open_trial, trials_of

LEASE = "CROSSOVER_LEASE"  # the variable of how many seconds a claim lasts without a sign of life
USUAL_LEASE_S = 60.0  # longer than a server takes that is started again
SIGNS = 6  # in each lease
HOLDER, PLACE, LEASE_S, SIGN = (f"claim.{name}" for name in ("holder", "place", "lease_s", "sign"))
NEIGHBOUR = "another process of this machine"


@dataclass(frozen=True)
class Claim:
    """What the store knows of a trial.

    run_id: of our run, "" where the trial is not ours or the store fails. finished: id of its finished run.
    holder: who else trains it. error: of its newest run, which failed.
    """

    run_id: str = ""
    finished: str = ""
    holder: str = ""
    error: str = ""


@contextmanager
def claim_trial(store: Store, study_run: str, tags: Mapping[str, Any], started: float) -> Iterator[Claim]:
    """A trial's tags -> its claim, with a run that is open inside; or one that says why there is none.

    Where the store fails there is neither finished run nor holder: the trial can be trained all the same.
    What breaks off the inside leaves the run open, for `log_failure`, which says why, or `close_abandoned`.
    """
    with store.lock(tags["fingerprint"], wait=False) as ours:
        claim = _claim(store, study_run, tags, started) if ours else _held(store, tags["fingerprint"])
        with _signs_of_life(store, claim.run_id):
            yield claim


def _claim(store: Store, study_run: str, tags: Mapping[str, Any], started: float) -> Claim:
    run_id, ours = "", tags | _claim_tags(store)
    try:
        found = look(store, tags["fingerprint"])
        if found.finished or found.holder:
            return found
        run_id = open_trial(store, study_run, ours, started)
        found = look(store, tags["fingerprint"], aside=run_id)
        if found.finished or found.holder:
            store.client.delete_run(run_id)
            return found
    except StoreFailed:
        return Claim(run_id)
    return Claim(run_id)


def _claim_tags(store: Store) -> dict[str, Any]:
    who = f"{platform.node()}, process {os.getpid()}"
    return {HOLDER: who, PLACE: store.place, LEASE_S: os.environ.get(LEASE, USUAL_LEASE_S), SIGN: 0}


def _held(store: Store, fingerprint: str) -> Claim:
    """A trial whose lock another process has -> who that is."""
    with suppress(StoreFailed):
        return Claim(holder=_seen(_runs(store, fingerprint)).holder or NEIGHBOUR)
    return Claim(holder=NEIGHBOUR)


def look(store: Store, fingerprint: str, aside: str = "") -> Claim:
    """A trial whose lock we have -> its claim; those that ended at this place without a word are given back.

    aside: id of a run that is not looked at.
    """
    others = [run for run in _runs(store, fingerprint) if run.info.run_id != aside]
    dead = [run for run in others if run.info.status == "RUNNING" and is_here(store, run)]
    give_back(store, dead)
    return _seen([run for run in others if run not in dead])


def _seen(runs: Collection[Run]) -> Claim:
    """All runs of a trial, newest first -> what they say."""
    finished = next((run.info.run_id for run in runs if run.info.status == "FINISHED"), "")
    holder = next((holder_of(run) for run in runs if run.info.status == "RUNNING"), "")
    newest = next((run for run in runs if run.info.status in ("RUNNING", "FAILED")), None)
    return Claim("", finished, holder, newest.data.tags.get("error", "") if newest else "")


def is_here(store: Store, run: Run) -> bool:
    """Whether a run was opened by a process that shares its locks with this one."""
    return run.data.tags.get(PLACE, "") == store.place


def holder_of(run: Run) -> str:
    """A run -> who opened it."""
    return run.data.tags.get(HOLDER, "an earlier version")


def give_back(store: Store, dead: Collection[Run]) -> None:
    """Runs whose holders are gone are marked as killed."""
    for run in dead:
        store.client.set_terminated(run.info.run_id, "KILLED")


@contextmanager
def _signs_of_life(store: Store, run_id: str) -> Iterator[None]:
    """Inside, a run's sign of life changes several times a lease."""
    ended = threading.Event()
    every_s = float(os.environ.get(LEASE, USUAL_LEASE_S)) / SIGNS

    def give() -> None:
        sign = 0
        while not ended.wait(every_s):
            sign += 1
            with suppress(Exception):  # the next one may reach the store
                store.client.set_tag(run_id, SIGN, sign)

    if run_id:
        threading.Thread(target=give, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def close_abandoned(store: Store, dataset_fingerprint: str) -> int:
    """Mark runs as killed whose process shared our locks and is gone; returns how many there were."""
    closed = 0
    for run in _open_runs(store, dataset_fingerprint):
        with store.lock(run.data.tags["fingerprint"], wait=False) as ours:
            if ours and is_here(store, run):
                give_back(store, [run])
                closed += 1
    return closed


def _open_runs(store: Store, dataset_fingerprint: str) -> list[Run]:
    return store.search(f"{trials_of(dataset_fingerprint)} and status = 'RUNNING'")


@dataclass
class Others:
    """Trials that others train, looked at again and again: by this process's clock, since no two agree."""

    store: Store
    dataset_fingerprint: str
    seen: dict[str, tuple[str, float]] = field(
        default_factory=dict
    )  # run -> its sign of life, and since when

    def look(self, fingerprints: Collection[str]) -> dict[str, Claim]:
        """Trials -> their claims; {} where the store does not answer.

        Claims that gave no sign for as long as they say, or whose holder shared our locks and is gone, are
        given back.
        """
        try:
            held = self._held()
            return {one: held.get(one) or self._freed(one) for one in fingerprints}
        except StoreFailed:
            self.seen.clear()  # whoever could not give a sign either has a whole lease again
            return {}

    def _held(self) -> dict[str, Claim]:
        """Trials with an open run whose holder lives, by fingerprint."""
        held = {}
        for run in _open_runs(self.store, self.dataset_fingerprint):
            with self.store.lock(run.data.tags["fingerprint"], wait=False) as ours:
                if (ours and is_here(self.store, run)) or self._is_silent(run):
                    give_back(self.store, [run])
                else:
                    held[run.data.tags["fingerprint"]] = Claim(holder=holder_of(run))
        return held

    def _freed(self, fingerprint: str) -> Claim:
        """A trial without an open run -> how it ended, unless somebody is about to open one."""
        with self.store.lock(fingerprint, wait=False) as ours:
            claim = _seen(_runs(self.store, fingerprint))
            return claim if ours or claim.finished else Claim(holder=NEIGHBOUR)

    def _is_silent(self, run: Run) -> bool:
        sign, now = run.data.tags.get(SIGN, ""), time.monotonic()
        if self.seen.get(run.info.run_id, ("none", 0.0))[0] != sign:
            self.seen[run.info.run_id] = (sign, now)
        return now - self.seen[run.info.run_id][1] > float(run.data.tags.get(LEASE_S, USUAL_LEASE_S))


def _runs(store: Store, fingerprint: str) -> list[Run]:
    """Every run of a trial, newest first. By one tag alone: each condition looks at all runs of the store."""
    runs = store.search(f"tags.fingerprint = '{fingerprint}'")
    return [run for run in runs if run.data.tags["kind"] == "trial"]
