"""A corpus -> the dataset that a study sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.contract import Clip
from components.speech.corpus import Corpus, read_corpus
from components.speech.nouns import NOUNS_OF
from components.speech.study import SpeechStudy
from components.speech.tasks import SPEAKER, WithoutLabels, read_tasks
from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.kept_file import file_text
from components.study.task import Task


def open_corpus(study: SpeechStudy, progress: Callable[[int, int, str], None] | None = None) -> Corpus:
    """Study -> its corpus, prepared and checked; the same in every process."""
    return read_corpus(
        study.corpus,
        data=Path(study.data) if study.data else None,
        rate=study.rate or None,
        max_seconds=study.max_seconds,
        seed=study.seed,
        language=study.language,
        speaker_pattern=study.speaker_pattern,
        workers=study.cores,
        progress=progress,
    )


def read_dataset(study: SpeechStudy, corpus: Corpus) -> Dataset:
    """Study and its corpus -> the dataset, with the tasks that the study asks for."""
    return speech_dataset(corpus, read_tasks(corpus, study.tasks, file_text(study.lexicon)))


def speech_dataset(corpus: Corpus, tasks: Mapping[str, Task] | None = None) -> Dataset:
    """Corpus -> clips as examples, texts as targets, speakers as groups.

    tasks: what is asked besides; then clips carry nothing that could answer it.
    """
    tasks = tasks or {}
    fingerprint = _fingerprint(corpus, tasks)
    return Dataset(
        examples=WithoutLabels(corpus.clips, SPEAKER in tasks) if tasks else corpus.clips,
        targets=corpus.texts,
        ids=list(corpus.clips.names),
        groups=list(corpus.clips.speakers),
        parts=corpus.parts,
        fingerprint=fingerprint,
        facts=corpus_facts(corpus) | _task_facts(tasks) | {"fingerprint": fingerprint},
        folder=corpus.folder,
        set_aside=[(item.name, item.reason) for item in corpus.set_aside],
        closed=is_closed(corpus.texts),
        nouns=NOUNS_OF[corpus.unit] if corpus.unit != "word" else None,
        tasks=tasks,
        bare=nameless,
    )


def nameless(clip: Clip) -> Clip:
    """Clip -> its samples alone: a name may say what is said in it, a tag, too, and who says it."""
    return replace(clip, name="", speaker="", tags={})


def _fingerprint(corpus: Corpus, tasks: Mapping[str, Task]) -> str:
    """That of the corpus; with tasks, of their labels, too."""
    if not tasks:
        return corpus.fingerprint
    asked = {name: [task.kind, task.labels] for name, task in tasks.items()}
    return digest([corpus.fingerprint, asked])


def _task_facts(tasks: Mapping[str, Task]) -> dict[str, Any]:
    return {"tasks": {name: task.facts for name, task in tasks.items()}} if tasks else {}


def is_closed(texts: Sequence[str]) -> bool:
    """Texts -> whether they are few words or phrases, said many times."""
    return len(set(texts)) <= len(texts) / 5


def corpus_facts(corpus: Corpus) -> dict[str, Any]:
    """Corpus -> what a report says of it."""
    return {
        "name": corpus.name,
        "title": corpus.title,
        "notice": corpus.notice,
        "synthetic": corpus.synthetic,
        "language": corpus.language,
        "rate": corpus.rate,
        "fingerprint": corpus.fingerprint,
        "clips": len(corpus.clips),
        "seconds": round(sum(corpus.clips.seconds), 1),
        "speakers": len(set(corpus.clips.speakers)),
        "vocabulary": len({word for text in corpus.texts for word in text.split()}),
        "set_aside": len(corpus.set_aside),
    }
