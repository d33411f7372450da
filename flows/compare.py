"""The comparison: check the plan, run what is missing, close the study, write the report.

Annotations are not postponed here: Prefect checks a run's parameters against them.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.futures import PrefectFuture, as_completed
from prefect.states import Cancelled, Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import BeforeValidator, WithJsonSchema

from components.errors import last_line
from components.study.address import without_passwords
from components.study.plan import Plan, Trial, trial_tags
from components.study.results import StudyRecord
from components.study.study import Study
from components.study.subject import asked_settings
from components.study.tracking import (
    Store,
    StudyEntry,
    close_abandoned,
    deliver,
    finished_trials,
    log_failure,
    open_study,
)
from components.study.tracking.rounds import Round, rounds
from components.study.tracking.store import StoreFailed
from components.subjects import check_study, find_subject, subject_of
from flows.child import TrialFailed, TrialStopped, end_with_parent, ending_children, run_in_child
from flows.closing import closing
from flows.ending import failure
from flows.in_process import InProcess
from flows.left_runs import noted_run
from flows.pages import report_folder
from flows.places import as_deployed
from flows.prepare import Prepared, prepare
from flows.pretrain import pretrained
from flows.progress import Progress, no_progress, report_progress
from flows.report import Report, report
from flows.trial import Claimed, Outcome, first_line, run_trial
from flows.turns import Turns


def _as_study(value: Any) -> Study:
    return value if isinstance(value, Study) else check_study(value)


def _at_its_places(study: Any) -> Any:
    """Parameters of a deployment's run -> the same at the deployment's places; of any other -> themselves."""
    deployment = FlowRunContext.get().flow_run.deployment_id
    if deployment is None:
        return study
    with get_client(sync_client=True) as client:
        deployed = client.read_deployment(deployment).parameters
    return as_deployed(study, deployed.get("study", {}))


# any subject's settings are taken, the usual one's are shown on Prefect's page
SCHEMA = {**find_subject().settings.model_json_schema(), "additionalProperties": True}
AnyStudy = Annotated[Study, BeforeValidator(_as_study), WithJsonSchema(SCHEMA)]


@task(cache_policy=NO_CACHE, task_run_name="{trial.recogniser} n={trial.size} draw={trial.draw} {trial.fold}")
def trial_task(study: Study, trial: Trial, study_run: str, store: Store) -> Any:
    """One trial in a process of its own; a failure is recorded and is this task's failure alone."""
    started, claimed = time.time(), Claimed("")

    def heard(message: Any) -> None:
        nonlocal claimed
        if isinstance(message, Claimed):
            claimed = message
        else:
            report_progress(trial, message)

    try:
        outcome = run_in_child(
            *(run_trial, study, trial, study_run, store),
            timeout_s=60 * study.timeout_minutes,
            on_message=heard,
        )
        return Completed(name="Held", message=outcome.held_by, data=outcome) if outcome.held_by else outcome
    except TrialFailed as failure:
        run_id = _failed(store, study, trial, study_run, str(failure), started, claimed.run_id)
        error = without_passwords(last_line(str(failure)))
        outcome = Outcome(trial, run_id, time.time() - started, error=error)
        return Failed(message=error, data=outcome)
    except TrialStopped as stopped:
        return Cancelled(message=str(stopped))


def _failed(
    store: Store, study: Study, trial: Trial, study_run: str, error: str, started: float, run_id: str
) -> str:
    """A failed trial and its open run, if it had one -> id of its run; "" where the store fails, too."""
    tags, settings = trial_tags(study, trial), asked_settings(study, trial.recogniser)
    with suppress(StoreFailed, OSError, ValueError):
        failed = log_failure(store, study_run, tags, settings, error, started, run_id)
        if not run_id:  # it may have been ended between opening its run and telling of it
            close_abandoned(store, trial.dataset_fingerprint)
        return failed
    return ""


@flow(name="trials", validate_parameters=False)
def run_trials(part: InProcess[Prepared]) -> int:
    """Run the missing trials, longest first, on this flow's task runner, those that others train last.

    Returns how many failed; the state is Failed where any did.
    """
    prepared = part.value
    with watch(prepared) as progress, ending_children():
        turns = Turns(prepared, progress)
        for trials in turns:
            futures = {
                trial_task.submit(prepared.study, trial, prepared.run_id, prepared.store): trial
                for trial in trials
            }
            for future in as_completed(list(futures)):
                turns.ended(_outcome(future, futures[future]))
    failed = sum(bool(outcome.error) for outcome in progress.done)
    said = f"{failed} of {len(progress.done)} trials failed."
    return Failed(message=said, data=failed) if failed else failed


def _outcome(future: PrefectFuture, trial: Trial) -> Outcome:
    """A trial's task -> its outcome, whatever became of the task."""
    try:
        ended = future.result(raise_on_failure=False)
    except Exception as error:  # of a scheduler that lost it
        ended = error
    return ended if isinstance(ended, Outcome) else Outcome(trial, "", 0.0, error=first_line(ended))


def watch(prepared: Prepared) -> AbstractContextManager[Progress]:
    """A study's trials that are to be run -> what shows their progress."""
    examples = prepared.nouns.examples
    total, cores = len(prepared.plan.trials), prepared.study.cores
    return Progress(prepared.missing, total, cores, what=prepared.title, examples=examples)


def task_runner(study: Study) -> Any:
    """Threads that each wait for one child process; or a Dask scheduler's workers, by its address."""
    if not study.dask:
        return ThreadPoolTaskRunner(max_workers=study.cores)
    from prefect_dask import DaskTaskRunner

    from flows.dask_workers import warm

    warm(study.dask, study.plugin)
    return DaskTaskRunner(address=study.dask)


def _run_name() -> str:
    """Name of a run of `compare`, whose parameters are not checked yet."""
    asked = runtime.flow_run.parameters["study"]
    study = asked if isinstance(asked, Mapping) else asked.asked()
    return f"compare {study.get('name') or study.get('corpus') or study.get('subject') or 'the usual'}"


@flow(name="compare", flow_run_name=_run_name, validate_parameters=False)
def compare(study: AnyStudy) -> str:
    """Run a study and write its report; returns the crossover sentence.

    Trials that have a finished run in MLflow are not run again. Failed ones are recorded and counted, and
    then this run's state is Failed.
    """
    end_with_parent()
    with noted_run():
        study = _as_study(_at_its_places(study))
        dataset = subject_of(study).read(study, no_progress)
        study = pretrained(study, dataset, lambda before: compare(before, return_state=True))
        prepared = prepare(study, no_progress, dataset)
        with closing(prepared):
            made = _compared(prepared)
    return _or_failed(made.sentence, made.record)


@flow(name="compare", flow_run_name="compare {study.title}", validate_parameters=False)
def compare_prepared(study: Study, prepared: InProcess[Prepared]) -> Report:
    """The same for a study that is prepared already; returns its report."""
    made = _compared(prepared.value)
    return _or_failed(made, made.record)


def _or_failed(result: Any, record: StudyRecord) -> Any:
    """What a flow returns -> the same, as a state Failed where a trial that was asked for has no result."""
    message = failure(record)
    return Failed(message=message, data=result) if message else result


def _compared(prepared: Prepared) -> Report:
    planned = (len(prepared.plan.trials), prepared.known)
    get_run_logger().info("%d trials planned, %d of them finished before", *planned)
    for part in grown(prepared, _show):
        asked = {"task_runner": task_runner(part.study), "flow_run_name": part.title}
        ended = run_trials.with_options(**asked)(InProcess(part), return_state=True)
        failed = ended.result(raise_on_failure=False, _sync=True)
        if isinstance(failed, BaseException):
            raise failed
    deliver(prepared.store, prepared.dataset, prepared.subject.serving)
    return report(InProcess(prepared.store), prepared.run_id, InProcess(prepared.dataset))


def grown(
    prepared: Prepared, show: Callable[[Prepared, Round, StudyEntry], None] = lambda *_: None
) -> Iterator[Prepared]:
    """A study -> what is run one after the other: all its trials, or the rounds of a growing plan.

    show: told of every round.
    """
    if not prepared.study.adaptive:
        yield prepared
        return
    for step in rounds(prepared.study, prepared.nouns, prepared.grid, prepared.store):
        entry = replace(prepared.entry, trials=[vars(trial) for trial in step.asked], growth=step.growth)
        open_study(prepared.store, entry)
        show(prepared, step, entry)
        done = finished_trials(prepared.store, prepared.dataset.fingerprint, entry.trials, entry.name)
        missing = tuple(trial for trial in step.trials if trial.fingerprint not in done)
        planned = [trial for trial in step.asked if trial in missing or trial.fingerprint in done]
        if missing:
            plan = Plan(tuple(planned), prepared.grid.systems)
            yield replace(prepared, plan=plan, missing=missing, title=step.title)


def _show(prepared: Prepared, step: Round, entry: StudyEntry) -> None:
    """Tell Prefect's page how far the plan has grown, and why."""
    size = f"{len(step.asked)} of the {step.growth['grid']} trials of the full grid"
    size += f"; ended, as {step.growth['ended']}" if step.growth["ended"] else ""
    get_run_logger().info("%s: %s", step.title, size)
    key = f"crossover-{report_folder(prepared.store, entry).name}-rounds"
    create_table_artifact(step.growth["rounds"], key=key, description=size)
