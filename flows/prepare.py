"""Before the first trial: a study is read, planned, checked and opened in the store."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from components.study.checks import DataCheck, refuse_stops
from components.study.dataset import Dataset
from components.study.fingerprint import digest, library_versions
from components.study.nouns import Nouns
from components.study.plan import Plan, Trial
from components.study.planned_before import find_plan
from components.study.repeat import repeat_command
from components.study.study import Study
from components.study.subject import Progress, Subject
from components.study.tracking import (
    Store,
    StudyEntry,
    close_abandoned,
    deliver,
    finished_trials,
    open_store,
    open_study,
)
from components.study.tracking.rounds import rounds
from components.study.tracking.store import CURVES
from components.subjects import subject_of


@dataclass(frozen=True)
class Prepared:
    """A checked study: where it is recorded, what it plans, and what has no finished run yet.

    Attributes
    ----------
    study, subject, dataset : what is asked for, of what, on which data
    store, run_id : where it is recorded
    plan : what is to be run now, and what of it was finished before
    missing : trials of the plan without a finished run
    grid : every trial that may be run; a study that is not adaptive plans them all
    entry : the study as MLflow keeps it
    check : the look at the dataset
    title : what stands before the progress of its trials
    """

    study: Study
    subject: Subject
    dataset: Dataset
    store: Store
    run_id: str
    plan: Plan
    missing: tuple[Trial, ...]
    grid: Plan
    entry: StudyEntry
    check: DataCheck
    title: str = "trials"

    @property
    def nouns(self) -> Nouns:
        """The words for the dataset."""
        return self.subject.nouns_of(self.dataset)

    @property
    def known(self) -> int:
        """Planned trials that were finished before."""
        return len(self.plan.trials) - len(self.missing)


def prepare(study: Study, progress: Progress | None = None, dataset: Dataset | None = None) -> Prepared:
    """Study -> its checked plan, opened in the store, with what trials share computed.

    Raises ValueError for anything that would fail later: nothing is trained before this returns.
    dataset: the study's, where it was read already.
    """
    subject, store = subject_of(study), open_store(study.tracking)
    dataset = dataset or subject.read(study, progress)
    check = subject.check(study, dataset)
    refuse_stops(check, study.accept, dataset.name)
    grid = find_plan(subject, study, dataset)
    store.experiment(CURVES)  # at the end it would be late to find out that it was deleted
    deliver(store, dataset, subject.serving)
    close_abandoned(store, dataset.fingerprint)
    asked = [vars(trial) for trial in grid.trials]
    done = finished_trials(store, dataset.fingerprint, asked, study.title)
    plan, growth = (
        _grown(study, subject.nouns_of(dataset), grid, store, done) if study.adaptive else (grid, {})
    )
    missing = tuple(trial for trial in plan.trials if trial.fingerprint not in done)
    if missing:
        names = list(dict.fromkeys(trial.recogniser for trial in missing))
        subject.prepare(study, dataset, names, progress)
    entry = study_entry(study, subject, dataset, grid, plan, growth, check)
    run_id = open_study(store, entry)
    return Prepared(study, subject, dataset, store, run_id, plan, missing, grid, entry, check)


def study_entry(
    study: Study,
    subject: Subject,
    dataset: Dataset,
    grid: Plan,
    plan: Plan,
    growth: Mapping[str, Any],
    check: DataCheck,
) -> StudyEntry:
    """A planned study -> what MLflow keeps of it."""
    return StudyEntry(
        name=study.title,
        # of the full grid: a plan that grows stays the same study
        fingerprint=digest([grid.fingerprint, "adaptive"]) if study.adaptive else grid.fingerprint,
        dataset=dataset.facts,
        settings=study.recorded(),
        command=repeat_command(study),
        versions={"python": sys.version.split()[0], **library_versions()},
        trials=[vars(trial) for trial in plan.trials],
        set_aside=dataset.set_aside,
        growth=growth,
        subject=study.subject or subject.name,
        nouns=asdict(subject.nouns_of(dataset)),
        checks=check.as_dict(),
    )


def _grown(
    study: Study, nouns: Nouns, grid: Plan, store: Store, done: Mapping[str, str]
) -> tuple[Plan, dict[str, Any]]:
    """The plan as far as finished trials let it grow: to its end, or to the first round that lacks some."""
    for step in rounds(study, nouns, grid, store):
        if not done.keys() >= {trial.fingerprint for trial in step.trials}:
            break
    return Plan(step.asked, grid.systems), step.growth
