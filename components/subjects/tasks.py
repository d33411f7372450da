"""The tasks of a study of speech: who learns them, and whether all that is asked for goes together."""

from __future__ import annotations

from collections.abc import Sequence

from components.errors import unknown
from components.speech.missing_labels import SPEAKERS
from components.speech.study import SpeechStudy
from components.speech.tasks import SPEAKER
from components.study.dataset import Dataset
from components.study.subject import asked_settings


def check_learners(study: SpeechStudy, dataset: Dataset, names: Sequence[str]) -> None:
    """Raises ValueError where a recogniser has no task to learn, or no recogniser learns the tasks."""
    from components.recognisers import recipe

    learners = [name for name in names if recipe(name).tasks]
    if learners and not dataset.tasks:
        raise ValueError(
            f"{', '.join(learners)} expected a task besides the words, got none; add --tasks, such as "
            "--tasks gender."
        )
    if dataset.tasks and not learners:
        from components.speech.several_tasks import ALONE

        raise ValueError(
            f"tasks expected a recogniser that learns {', '.join(dataset.tasks)}, got {', '.join(names)}; "
            f"add one of {', '.join(ALONE)} to --recognisers, or leave --tasks out."
        )
    for name in learners:
        _check_speakers(study, dataset, name)
        for task in filter(None, str(asked_settings(study, name).get("learns", "")).split("+")):
            if task not in dataset.tasks:
                raise unknown(f"task that {name} learns", task, dataset.tasks)


def _check_speakers(study: SpeechStudy, dataset: Dataset, name: str) -> None:
    """Raises ValueError where labels of whole speakers are to be missing and nobody may know who speaks."""
    if asked_settings(study, name).get("missing_by") != SPEAKERS:
        return
    if SPEAKER in dataset.tasks or not any(dataset.groups):
        why = "speakers as a task, which hides them" if SPEAKER in dataset.tasks else "none in the corpus"
        raise ValueError(
            f"{name} expected to know who speaks for missing_by=speakers, got {why}; take "
            "missing_by=recordings."
        )
