"""A study without Prefect's server: one whose server is gone, or one of a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context

from prefect.states import State

from components.study.plan import Trial
from components.study.study import Study
from components.study.tracking import deliver
from components.subjects import find_subject
from flows.closing import closing
from flows.compare import grown, trial_task, watch
from flows.prepare import Prepared, prepare
from flows.pretrain import pretrained
from flows.progress import no_progress
from flows.trial import Outcome
from flows.turns import Turns
from flows.write_report import Report, make_report


def finish(prepared: Prepared) -> Report:
    """A study that was begun -> its report; trials without a finished run are run here."""
    return _run(prepare(prepared.study, no_progress))


def compare_here(study: Study) -> Report:
    """Study -> its report, after what is missing was run here; ValueError before that for what would fail."""
    dataset = find_subject(study.subject).read(study, no_progress)
    study = pretrained(study, dataset, compare_here)
    prepared = prepare(study, no_progress, dataset)
    with closing(prepared):
        return _run(prepared)


def _run(prepared: Prepared) -> Report:
    for part in _parts(prepared):
        with watch(part) as progress, ThreadPoolExecutor(part.study.cores) as pool:
            turns = Turns(part, progress)
            for trials in turns:
                tasks = [pool.submit(copy_context().run, _outcome, part, trial) for trial in trials]
                for task in as_completed(tasks):
                    turns.ended(task.result())
    deliver(prepared.store, prepared.dataset, prepared.subject.serving)
    return make_report(prepared.store, prepared.run_id, dataset=prepared.dataset)


def _parts(prepared: Prepared) -> Iterator[Prepared]:
    if prepared.missing or prepared.study.adaptive:
        yield from grown(prepared)


def _outcome(part: Prepared, trial: Trial) -> Outcome:
    """One trial, as its task would have run it."""
    ended = trial_task.fn(part.study, trial, part.run_id, part.store)
    return ended.data if isinstance(ended, State) else ended
