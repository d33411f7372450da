"""A source of a study of speech: who starts from it, and the study that trains on it before.

The catalogue is imported where it is needed: a study that has nothing to train never needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.contract import Clip, KeepsSource, LearnsFromSource
from components.keywords.study import WakeWordStudy
from components.parts import learns_from_a_source
from components.speech.nouns import SPEECH_NOUNS
from components.speech.study import SpeechStudy
from components.speech.transfer import SOURCE_METRICS
from components.study.dataset import Dataset
from components.subjects.source_language import taken_from_source

SOURCE_CLIPS = 150  # whose errors tell what was forgotten


def usual_recognisers(study: SpeechStudy, dataset: Dataset) -> list[str]:
    """The recognisers that are compared where a study names none."""
    from components.recognisers import FROM_SOURCE, RECOGNISERS, WITHOUT_SOURCE
    from components.speech.several_tasks import USUAL

    if dataset.tasks and not _has_source(study):
        return list(USUAL)
    known = FROM_SOURCE if _has_source(study) else RECOGNISERS
    before = WITHOUT_SOURCE if _has_source(study) else ()
    fitting = [name for name, one in known.items() if one.usual and (dataset.closed or not one.closed_only)]
    return [*before, *fitting]


def _has_source(study: SpeechStudy) -> bool:
    return bool(study.source or study.pretrained)


def check_source(study: SpeechStudy, names: Sequence[str]) -> None:
    """Raises ValueError where a recogniser has no source to learn from, or none learns from the source."""
    from components.recognisers import FROM_SOURCE, recipe

    built = {name: recipe(name).build() for name in names}
    starting = [name for name in names if recipe(name).source]
    needing = [name for name, system in built.items() if isinstance(system, LearnsFromSource)]
    learning = [name for name, system in built.items() if learns_from_a_source(system)]
    without = [*(starting if not _has_source(study) else []), *(needing if not study.source else [])]
    if without:
        raise ValueError(
            f"{', '.join(without)} expected a corpus to learn from as well, got none; add --source CORPUS."
        )
    if _has_source(study) and not starting and not (study.source and learning):
        raise ValueError(
            f"source expected a recogniser that learns from one, got {', '.join(names)}; add one of "
            f"{', '.join(FROM_SOURCE)} to --recognisers, or leave the source out."
        )


def pretraining(study: SpeechStudy, dataset: Dataset) -> SpeechStudy | None:
    """Study and dataset -> the study that trains on all of its source; None if there is nothing to train."""
    if not study.source or study.pretrained:
        return None
    from components.recognisers import recipe

    names = study.systems or usual_recognisers(study, dataset)
    sources = dict.fromkeys(recipe(name).source for name in names if recipe(name).source)
    if not sources:
        return None
    return training_on_source(study, dataset.facts["rate"], list(sources))


def training_on_source(study: SpeechStudy | WakeWordStudy, rate: int, names: Sequence[str]) -> SpeechStudy:
    """A study with a source, a sample rate, Hz, recognisers -> the study that trains them on all of it."""
    from components.study.setting import ALL
    from components.study.splits import source_split

    where = ("device", "workers", "timeout_minutes", "tracking", "dask", "plugin")
    return SpeechStudy(
        name=f"pre-training on {study.pooled_source}",
        corpus=study.pooled_source,
        data=study.source_data,
        rate=rate,
        recognisers=list(names),
        sizes=[ALL],
        draws=1,
        split=source_split(_at_rate(study, rate), SPEECH_NOUNS),
        max_seconds=study.max_seconds,
        settings={name: own for name, own in study.settings.items() if name in names},
        audio=False,
        **{name: getattr(study, name) for name in where},
    )


def source_metrics(study: SpeechStudy, system: Any) -> dict[str, float]:
    """Study and trained recogniser -> the language that it took from the source, and what it forgot of it."""
    return taken_from_source(study, system) | forgetting(study, system)


def forgetting(study: SpeechStudy, system: Any) -> dict[str, float]:
    """Study and trained recogniser -> words wrong on test clips of the source, before and after; {} without.

    source_words, source_errors_before and source_errors_after, for recognisers that KeepsSource.
    """
    kept = system.source_before_and_after() if study.source and isinstance(system, KeepsSource) else []
    if not kept:
        return {}
    from components.speech.scoring import score

    clips, texts = _source_test(study, kept[0].rate_)
    errors = [
        sum(score(*pair).errors for pair in zip(texts, one.predict(clips), strict=True)) for one in kept
    ]
    words = sum(len(text.split()) for text in texts)
    return dict(zip(SOURCE_METRICS, map(float, (words, *errors)), strict=True))


def source_dataset(study: SpeechStudy, dataset: Dataset) -> Dataset | None:
    """Study and dataset -> the dataset of all its sources, at the dataset's sample rate; None without one."""
    return _at_rate(study, dataset.facts["rate"]) if study.source else None


def _at_rate(study: SpeechStudy, rate: int) -> Dataset:
    """A study with sources and a sample rate, Hz -> the dataset of all of them."""
    from components.speech.check.source import read_source
    from components.speech.dataset import speech_dataset

    return speech_dataset(read_source(study, rate))


def _source_test(study: SpeechStudy, rate: int) -> tuple[list[Clip], list[str]]:
    """Study and sample rate, Hz -> at most SOURCE_CLIPS test clips of its sources, and texts."""
    from components.study.splits import source_fold

    dataset = _at_rate(study, rate)
    test = source_fold(dataset, SPEECH_NOUNS).test
    return dataset.labelled(test[:: -(-len(test) // SOURCE_CLIPS)])


def trained_before(study: SpeechStudy | WakeWordStudy, name: str) -> Path:
    """Name of a recogniser that was trained on the source -> its file on this machine."""
    from components.study.pretrained import pretrained_folder
    from components.study.saving import FILE

    if name not in study.pretrained_runs:
        raise ValueError(
            f"{name} expected to have been trained on {study.pooled_source or 'the source'} before, got no "
            "run of it; leave --pretrained out, and the study trains it."
        )
    return pretrained_folder(study.pretrained_runs[name]) / FILE
