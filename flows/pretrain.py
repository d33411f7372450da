"""Pre-training: what a study's systems start from is trained by a study of its own, once, before its plan.

What looks into the store is imported where it is needed: most studies have nothing to train before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from components.study.study import Study
from components.subjects import subject_of

if TYPE_CHECKING:
    from components.study.dataset import Dataset
    from components.study.tracking import Store


def pretrained(study: Study, dataset: Dataset, run: Callable[[Study], object]) -> Study:
    """Study and dataset -> the study with the runs that its systems start from, their files on this machine.

    run: runs a study; what it finds in the store is not trained again.
    Raises ValueError where the pre-training has failed.
    """
    before = subject_of(study).pretraining(study, dataset)
    if before is not None:
        run(before)
        study = study.model_copy(update={"pretrained": _runs(before)})
    if study.pretrained:
        from components.study.tracking import open_store

        fetch(study, open_store(study.tracking))
    return study


def fetch(study: Study, store: Store) -> None:
    """The files of what a study's systems start from are brought to this machine, if they are not there."""
    from components.study.pretrained import pretrained_folder
    from components.study.tracking import fetch_system

    for run_id in study.pretrained_runs.values():
        fetch_system(store, run_id, pretrained_folder(run_id))


def _runs(before: Study) -> list[str]:
    """A study of pre-training that was run -> NAME=RUN of each of its systems."""
    from components.study.planned_before import find_plan
    from components.study.tracking import finished_trials, open_store

    subject, store = subject_of(before), open_store(before.tracking)
    dataset = subject.read(before, None)
    trials = find_plan(subject, before, dataset).trials
    done = finished_trials(store, dataset.fingerprint, [vars(trial) for trial in trials], before.title)
    failed = [trial.recogniser for trial in trials if trial.fingerprint not in done]
    if failed:
        raise ValueError(
            f"{before.title} expected trained {subject.nouns.systems}, got none of {', '.join(failed)}; "
            "its report says why."
        )
    return [f"{trial.recogniser}={done[trial.fingerprint]}" for trial in trials]
