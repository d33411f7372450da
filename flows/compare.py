"""The comparison: check the plan, run what is missing, close the study, write the report.

Annotations are not postponed here: Prefect checks a run's parameters against them.
"""

import json
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.states import Failed
from prefect.task_runners import ThreadPoolTaskRunner

from components.contract import stateless_stages
from components.speech.features.store import compute_features
from components.study.fingerprint import digest, library_versions
from components.study.tracking import (
    Store,
    StudyEntry,
    close_abandoned,
    finished_trials,
    log_failure,
    open_study,
)
from flows.child import TrialFailed, run_in_child
from flows.plan import (
    Plan,
    Trial,
    asked_settings,
    build_recogniser,
    corpus_facts,
    make_plan,
    open_corpus,
    trial_tags,
)
from flows.progress import Progress, plain_progress, told
from flows.report import report, slug
from flows.rounds import Round, rounds
from flows.study import Study
from flows.trial import Outcome, run_trial


@dataclass(frozen=True)
class Prepared:
    """A checked study: where it is recorded, what it plans, and what has no finished run yet.

    grid: every trial that may be run; a study that is not adaptive plans them all. entry: as MLflow keeps it.
    """

    study: Study
    store: Store
    run_id: str
    plan: Plan
    missing: tuple[Trial, ...]
    notice: str
    grid: Plan
    entry: StudyEntry
    title: str = "trials"

    @property
    def known(self) -> int:
        """Planned trials that were finished before."""
        return len(self.plan.trials) - len(self.missing)


def prepare(study: Study, progress: Callable[[int, int, str], None] | None = None) -> Prepared:
    """Study -> its checked plan, opened in the store, with the features that trials share computed.

    Raises ValueError for anything that would fail later: nothing is trained before this returns.
    """
    corpus = open_corpus(study, progress)
    grid, store = make_plan(study, corpus), Store(study.tracking)
    close_abandoned(store, corpus.fingerprint)
    done = finished_trials(store, corpus.fingerprint)
    plan, growth = _grown(study, grid, store, done) if study.adaptive else (grid, {})
    missing = tuple(trial for trial in plan.trials if trial.fingerprint not in done)
    for name in dict.fromkeys(trial.recogniser for trial in missing):
        stages = stateless_stages(build_recogniser(study, corpus, name))
        compute_features(
            stages, corpus.clips, corpus.folder / "features", _named(progress, f"features of {name}")
        )
    entry = StudyEntry(
        name=study.title,
        # of the full grid: a plan that grows stays the same study
        fingerprint=digest([grid.fingerprint, "adaptive"]) if study.adaptive else grid.fingerprint,
        corpus=corpus_facts(corpus),
        settings=study.model_dump(),
        command=repeat_command(study),
        versions={"python": sys.version.split()[0], **library_versions()},
        trials=[vars(trial) for trial in plan.trials],
        set_aside=[(item.name, item.reason) for item in corpus.set_aside],
        growth=growth,
    )
    return Prepared(study, store, open_study(store, entry), plan, missing, corpus.notice, grid, entry)


def _grown(study: Study, grid: Plan, store: Store, done: Mapping[str, str]) -> tuple[Plan, dict[str, Any]]:
    """The plan as far as finished trials let it grow: to its end, or to the first round that lacks some."""
    for one in rounds(study, grid, store):
        if not done.keys() >= {trial.fingerprint for trial in one.trials}:
            break
    return Plan(one.asked, grid.recognisers), one.growth


def _named(progress: Callable[[int, int, str], None] | None, what: str) -> Callable[[int, int], None] | None:
    return progress and (lambda done, total: progress(done, total, what))


def repeat_command(study: Study) -> str:
    """Study -> the command line that runs it again."""
    asked = study.model_dump(exclude_defaults=True)
    knobs = asked.pop("settings", {})
    words = ["crossover compare", *(_option(name, value) for name, value in asked.items())]
    changed = [(name, knob, value) for name, one in knobs.items() for knob, value in one.items()]
    words += [f"--set {shlex.quote(f'{name}.{knob}={json.dumps(value)}')}" for name, knob, value in changed]
    return " ".join(words)


def _option(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{'' if value else 'no-'}{name}"
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"--{name.replace('_', '-')} {shlex.quote(text)}"


@task(cache_policy=NO_CACHE, task_run_name="{trial.recogniser} n={trial.size} draw={trial.draw} {trial.fold}")
def trial_task(study: Study, trial: Trial, study_run: str, store: Store) -> Any:
    """One trial in a process of its own; a failure is recorded and is this task's failure alone."""
    started = time.time()
    try:
        return run_in_child(
            *(run_trial, study, trial, study_run, store),
            timeout_s=60 * study.timeout_minutes,
            told=partial(told, trial),
        )
    except TrialFailed as failure:
        tags = trial_tags(study, trial)
        run_id = log_failure(
            store, study_run, tags, asked_settings(study, trial.recogniser), str(failure), started
        )
        close_abandoned(store, trial.corpus_fingerprint)
        error = str(failure).strip().splitlines()[-1]
        outcome = Outcome(trial, run_id, time.time() - started, error=error)
        return Failed(message=error, data=outcome)


@flow(name="trials", validate_parameters=False)
def run_trials(prepared: Prepared) -> None:
    """Run the missing trials, longest first, on this flow's task runner."""
    with _watch(prepared) as progress:
        futures = [
            trial_task.submit(prepared.study, trial, prepared.run_id, prepared.store)
            for trial in prepared.missing
        ]
        for future in as_completed(futures):
            progress.ended(_outcome(future))


def _outcome(future: PrefectFuture) -> Outcome:
    return future.result(raise_on_failure=False)


def _watch(prepared: Prepared) -> AbstractContextManager[Progress]:
    total, cores = len(prepared.plan.trials), prepared.study.cores
    return Progress(prepared.missing, total, cores, what=prepared.title)


def task_runner(study: Study) -> Any:
    """Threads that each wait for one child process; or a Dask scheduler's workers, by its address."""
    if not study.dask:
        return ThreadPoolTaskRunner(max_workers=study.cores)
    from prefect_dask import DaskTaskRunner

    return DaskTaskRunner(address=study.dask)


@flow(name="compare", flow_run_name="compare {study.title}")
def compare(study: Study) -> str:
    """Run a study and write its report; returns the crossover sentence.

    Trials that have a finished run in MLflow are not run again. Failed ones are recorded and counted.
    """
    prepared = prepare(study, plain_progress)
    logger = get_run_logger()
    logger.info("%d trials planned, %d of them finished before", len(prepared.plan.trials), prepared.known)
    for part in _parts(prepared):
        run_trials.with_options(task_runner=task_runner(study), flow_run_name=part.title)(part)
    return report(study.tracking, prepared.run_id, from_corpus=True)


def _parts(prepared: Prepared) -> Iterator[Prepared]:
    """A study -> what is run one after the other: all its trials, or the rounds of a growing plan."""
    if not prepared.study.adaptive:
        yield prepared
        return
    for one in rounds(prepared.study, prepared.grid, prepared.store):
        _show(prepared, one)
        done = finished_trials(prepared.store, prepared.entry.corpus["fingerprint"])
        missing = tuple(trial for trial in one.trials if trial.fingerprint not in done)
        planned = [trial for trial in one.asked if trial in missing or trial.fingerprint in done]
        if missing:
            plan = Plan(tuple(planned), prepared.grid.recognisers)
            yield replace(prepared, plan=plan, missing=missing, title=one.title)


def _show(prepared: Prepared, one: Round) -> None:
    """Tell MLflow and Prefect's page how far the plan has grown, and why."""
    grown = replace(prepared.entry, trials=[vars(trial) for trial in one.asked], growth=one.growth)
    open_study(prepared.store, grown)
    said = f"{len(one.asked)} of the {one.growth['grid']} trials of the full grid"
    said += f"; ended, as {one.growth['ended']}" if one.growth["ended"] else ""
    get_run_logger().info("%s: %s", one.title, said)
    key = f"crossover-{slug(prepared.study.title)}-rounds"
    create_table_artifact(one.growth["rounds"], key=key, description=said)
