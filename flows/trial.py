"""One trial: read -> split -> subset -> fit -> predict -> evaluate -> record."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.contract import LearnsFromBackground, LearnsFromSource, LearnsTasks
from components.parts import learns_from_unlabelled
from components.study.address import without_passwords
from components.study.choices import choice_params
from components.study.counts import rate_metrics
from components.study.dataset import Dataset
from components.study.fingerprint import settings
from components.study.learned_settings import learned_settings
from components.study.nouns import Nouns
from components.study.plan import Trial, code_of, trial_tags
from components.study.saving import learned_numbers
from components.study.splits import Fold, fold_named, make_folds, source_fold, training_subset
from components.study.study import Study
from components.study.subject import Evaluation, Subject
from components.study.task_scores import task_metrics, with_tasks
from components.study.tracking import (
    Result,
    Store,
    claim_trial,
    deliver,
    is_kept,
    kept_until_recorded,
    record,
)
from components.study.tracking.store import StoreFailed
from components.study.training_curves import training_curves
from components.subjects import subject_of
from flows.child import send_to_parent
from flows.pretrain import fetch


@dataclass(frozen=True)
class Outcome:
    """How a trial ended, in names and numbers: what flows between tasks."""

    trial: Trial
    run_id: str
    seconds: float
    error: str = ""
    kept: str = ""  # why the store did not take it, which is now on this machine's disk
    held_by: str = ""  # who else trains it


@dataclass(frozen=True)
class Claimed:
    """What a trial's process sends as soon as the trial is its own: id of its run."""

    run_id: str


def run_trial(study: Study, trial: Trial, study_run: str, store: Store) -> Outcome:
    """Study and trial -> its outcome, recorded in the store; one process at a time does any one trial.

    A trial that another process or machine trains is left to it: the outcome says to whom.
    """
    started, subject = time.time(), subject_of(study)
    fetch(study, store)
    dataset = subject.read(study, None)
    system = _untrained(subject, study, dataset, trial)
    _check_same(subject, trial, dataset, system)
    if kept := _kept(store, trial, subject, dataset):
        return kept
    with claim_trial(store, study_run, trial_tags(study, trial), started) as claim:
        if claim.finished or claim.holder:
            return Outcome(trial, claim.finished, 0.0, held_by="" if claim.finished else claim.holder)
        send_to_parent(Claimed(claim.run_id))
        with subject.surround(dataset, trial.fingerprint, send_to_parent) as training:
            fold = fold_named(make_folds(dataset, subject.nouns, study.split, study.seed), trial.fold)
            chosen = _labelled(subject, dataset, fold, trial)
            train, targets = dataset.labelled(chosen)
            besides = _besides(subject, study, dataset, system, fold, chosen)
            _, fit_seconds, fit_work = _timed(system.fit, train, targets, **besides)
            test, _ = dataset.labelled(fold.test)
            predictions, predict_seconds, predict_work = _timed(system.predict, test)
            seconds = (fit_seconds + training.seconds_before, predict_seconds)
            evaluation = evaluate(subject, dataset, fold, system, train, predictions, *seconds)
            metrics = trial_metrics(subject, subject.nouns_of(dataset), evaluation)
            metrics |= {"train_processor_seconds": fit_work, "predict_processor_seconds": predict_work}
            metrics |= subject.source_metrics(study, system)
            asked, learned = dataset.tasks_scored(fold.train, fold.test), dataset.tasks_at(chosen)
            metrics |= task_metrics(evaluation.scores, asked, learned, getattr(system, "labels_", None))
            result = _result(subject, study, dataset, trial, fold, evaluation, metrics, study_run, started)
            try:
                with kept_until_recorded(store, result, system):
                    run_id = record(store, result, system, test[0], subject.serving, claim.run_id)
            except (StoreFailed, ValueError, OSError) as error:
                if not is_kept(store, trial.fingerprint):
                    raise
                return Outcome(trial, "", time.time() - started, kept=first_line(error))
    return Outcome(trial, run_id, time.time() - started)


def _untrained(subject: Subject, study: Study, dataset: Dataset, trial: Trial) -> Any:
    """The system of a trial; where nothing is labelled, the one that answers in its place."""
    if trial.size:
        return subject.system(study, dataset, trial.recogniser, trial.init)
    return subject.without_labels(study, dataset, trial.recogniser)


def _labelled(subject: Subject, dataset: Dataset, fold: Fold, trial: Trial) -> Sequence[int]:
    """Positions of the examples that a trial may learn from; none at size 0."""
    if trial.size:
        return training_subset(dataset, subject.nouns, fold, trial.size, trial.draw)
    return fold.train[:0]


def _besides(
    subject: Subject, study: Study, dataset: Dataset, system: Any, fold: Fold, chosen: Iterable[int]
) -> dict[str, Any]:
    """What the fit of a system takes besides examples and targets: tasks, background, source, unlabelled."""
    given: dict[str, Any] = {}
    if dataset.tasks and isinstance(system, LearnsTasks):
        given["tasks"] = dataset.tasks_at(chosen)
    if isinstance(system, LearnsFromBackground):
        given["background"] = dataset.background
    if isinstance(system, LearnsFromSource) and (source := subject.source(study, dataset)) is not None:
        given["source"] = source.labelled(source_fold(source, subject.nouns).train)
    if learns_from_unlabelled(system):
        given["unlabelled"] = subject.unlabelled(study, dataset, fold, chosen)
    return given


def _kept(store: Store, trial: Trial, subject: Subject, dataset: Dataset) -> Outcome | None:
    """The outcome of a trial that this machine keeps and the store does not take; else None."""
    try:
        if is_kept(store, trial.fingerprint):
            deliver(store, dataset, subject.serving)
    except StoreFailed as error:
        return Outcome(trial, "", 0.0, kept=first_line(error))
    return None


def first_line(error: Exception) -> str:
    """An error -> the first line of its text, without passwords."""
    return without_passwords(next(iter(str(error).strip().splitlines()), type(error).__name__))


def evaluate(
    subject: Subject,
    dataset: Dataset,
    fold: Fold,
    system: Any,
    train: list[Any],
    predictions: list[Any],
    train_seconds: float,
    predict_seconds: float,
) -> Evaluation:
    """A trained system's answers to a fold's test side -> the same with its errors, as the subject counts."""
    test, targets = dataset.labelled(fold.test)
    ids, groups = ([names[i] for i in fold.test] for names in (dataset.ids, dataset.groups))
    scores = subject.score(ids, groups, targets, predictions)
    if dataset.tasks and isinstance(system, LearnsTasks):
        answers = system.predict_tasks(test)
        scores = with_tasks(scores, dataset.tasks_scored(fold.train, fold.test), answers, subject.score)
    return Evaluation(system, train, test, targets, predictions, scores, train_seconds, predict_seconds)


def trial_metrics(subject: Subject, nouns: Nouns, evaluation: Evaluation) -> dict[str, float]:
    """Evaluation and its nouns -> all numbers a trial keeps: rate and counts, costs, the subject's own."""
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    parameters = learned_numbers(evaluation.system)
    return {
        **subject.metrics(evaluation),
        **rate_metrics(evaluation.scores, nouns.metric),
        "train_seconds": evaluation.train_seconds,
        "predict_seconds": evaluation.predict_seconds,
        "peak_memory_mb": peak / (1024 if sys.platform == "linux" else 1024**2),
        **({"parameters": parameters} if parameters else {}),  # those of another toolkit are not known
    }


def _result(
    subject: Subject,
    study: Study,
    dataset: Dataset,
    trial: Trial,
    fold: Fold,
    evaluation: Evaluation,
    metrics: Mapping[str, float],
    study_run: str,
    started: float,
) -> Result:
    """Everything about a trial that is recorded, but for its system."""
    system = evaluation.system
    chosen = {f"chose.{name}": value for name, value in learned_settings(system).items()}
    chosen |= choice_params(system)
    return Result(
        study_run,
        trial_tags(study, trial),
        settings(system) | chosen,
        metrics,
        evaluation.scores,
        dataset.facts,
        started,
        training_curves(system),
        dataset.ids[fold.test[0]],
        subject.serving.outputs(system, evaluation.test[0]) if subject.serving else {},
    )


def _check_same(subject: Subject, trial: Trial, dataset: Dataset, system: Any) -> None:
    """Another machine must read the same data and run the same code, or its result belongs elsewhere."""
    pairs = {
        "data": (trial.dataset_fingerprint, dataset.fingerprint),
        "code": (trial.code, code_of(subject, system)),
    }
    for what, (expected, got) in pairs.items():
        if expected != got:
            raise ValueError(
                f"trial of {trial.recogniser} expected the {what} of its study ({expected[:12]}), got others "
                f"({got[:12]}) on {platform.node()}; bring that machine's copy up to date."
            )


def _timed(function: Callable[..., Any], *args: Any, **named: Any) -> tuple[Any, float, float]:
    """What a function returns, the seconds that it took, and those of processors, of programs it ran, too."""
    start, work = time.perf_counter(), _processor_seconds()
    result = function(*args, **named)
    return result, time.perf_counter() - start, _processor_seconds() - work


def _processor_seconds() -> float:
    return sum(os.times()[:4])
