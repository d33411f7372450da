"""A corpus -> the dataset that a study sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from components.speech.corpus import Corpus, read_corpus
from components.speech.nouns import CHARACTER_NOUNS
from components.speech.study import SpeechStudy
from components.study.dataset import Dataset


def open_corpus(study: SpeechStudy, progress: Callable[[int, int, str], None] | None = None) -> Corpus:
    """Study -> its corpus, prepared and checked; the same in every process."""
    return read_corpus(
        study.corpus,
        data=Path(study.data) if study.data else None,
        rate=study.rate or None,
        max_seconds=study.max_seconds,
        seed=study.seed,
        language=study.language,
        workers=study.cores,
        progress=progress,
    )


def speech_dataset(corpus: Corpus) -> Dataset:
    """Corpus -> clips as examples, texts as targets, speakers as groups."""
    return Dataset(
        examples=corpus.clips,
        targets=corpus.texts,
        ids=list(corpus.clips.names),
        groups=list(corpus.clips.speakers),
        parts=corpus.parts,
        fingerprint=corpus.fingerprint,
        facts=corpus_facts(corpus),
        folder=corpus.folder,
        set_aside=[(item.name, item.reason) for item in corpus.set_aside],
        closed=is_closed(corpus.texts),
        nouns=CHARACTER_NOUNS if corpus.unit == "character" else None,
    )


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
