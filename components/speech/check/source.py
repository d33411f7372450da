"""A corpus to learn from before, beside the corpus of a study: what it is, and whether it holds the test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.speech.check.near_duplicates import near_pairs
from components.speech.corpus import Corpus, read_corpus
from components.speech.corpus.speaker_spellings import plain_speaker
from components.speech.source_settings import StudyWithSource
from components.study.checks import SHOWN, CheckResult
from components.study.dataset import Dataset
from components.study.splits import Fold


def read_source(study: StudyWithSource, rate: int) -> Corpus:
    """Study with sources and the rate of its own corpus, Hz -> all sources, as one corpus at that rate."""
    return _read(study, study.pooled_source, rate)


def read_sources(study: StudyWithSource, rate: int) -> list[Corpus]:
    """Study and the rate of its own corpus, Hz -> each of its sources at that rate."""
    return [_read(study, source, rate) for source in study.source]


def _read(study: StudyWithSource, source: str, rate: int) -> Corpus:
    data = Path(study.source_data) if study.source_data else None
    return read_corpus(source, data=data, rate=rate, max_seconds=study.max_seconds, workers=study.cores)


def sources_facts(sources: Sequence[Corpus], corpus: Corpus) -> dict[str, str]:
    """Sources and corpus -> what each source is, in words."""
    names = ["source"] if len(sources) == 1 else [f"source {i}" for i in range(1, 1 + len(sources))]
    return {name: _facts(source, corpus) for name, source in zip(names, sources, strict=True)}


def _facts(source: Corpus, corpus: Corpus) -> str:
    hours = sum(source.clips.seconds) / 3600
    words = {word for text in source.texts for word in text.split()}
    own = {word for text in corpus.texts for word in text.split()}
    speakers = len(set(source.clips.speakers) - {""})
    size = f"{len(source):,} utterances, {hours:.2f} h, {speakers:,} speakers, {len(words):,} words"
    shared = f"{len(words & own):,} of the {len(own):,} words here"
    return f"{source.title}: {size}, {shared}; at {corpus.rate:,} Hz, as here"


def source_checks(source: Corpus, corpus: Corpus, test: Sequence[int]) -> list[CheckResult]:
    """Source, corpus, the rows of its test -> leaks of the test into the source, misfits of the two."""
    misfits = (_size(source, corpus), _language(source, corpus))
    return [*leaks(source, corpus, test), *(result for result in misfits if result)]


def leaks(source: Corpus, corpus: Corpus, test: Sequence[int]) -> list[CheckResult]:
    """Source, corpus, the rows of its test -> leaks of the test into the source."""
    results = (_recordings(source, corpus, test), _speakers(source, corpus, test))
    return [result for result in results if result]


def source_texts(source: Corpus, dataset: Dataset, folds: Sequence[Fold]) -> list[CheckResult]:
    """Source, dataset and its folds -> a result if the source's texts would give tested sentences away."""
    read = set(source.texts)
    own = [
        ({dataset.targets[i] for i in one.test} - {dataset.targets[i] for i in one.train}) for one in folds
    ]
    known = sorted(read & set().union(*own))
    if not known:
        return []
    message = (
        f"{len(known):,} tested sentences are texts of the source {source.name} and of no training "
        "recording: a language model of these would know the test. Take them out of the source, or leave "
        "--source-text out."
    )
    return [CheckResult("source-texts", "stop", message, tuple(known[:SHOWN]))]


def _recordings(source: Corpus, corpus: Corpus, test: Sequence[int]) -> CheckResult | None:
    """Recordings of the test that the source holds, perhaps coded anew."""
    if source.sound_prints is None or corpus.sound_prints is None:
        return None
    prints = np.concatenate([source.sound_prints, corpus.sound_prints[list(test)]])
    sides = ["train"] * len(source) + ["test"] * len(test)
    clips = _Joined(source, corpus, test)
    near = near_pairs(prints, [""] * len(sides), sides, clips, corpus.rate)
    if not len(near.pairs):
        return None
    names = [
        f"{clips.name(second)} is {clips.name(first)} of {source.name}"
        for first, second in near.pairs.tolist()
    ]
    count = len(set(near.pairs[:, 1].tolist()))
    return CheckResult(
        "source-holds-test",
        "stop",
        f"{count:,} of {len(test):,} test recordings are in the source {source.name} as well: what was "
        "learned from them is no measure of new speech. Take them out of the source.",
        tuple(names[:SHOWN]),
    )


def _speakers(source: Corpus, corpus: Corpus, test: Sequence[int]) -> CheckResult | None:
    """Speakers of the test who speak in the source, by their names."""
    tested = {corpus.clips.speakers[row] for row in test} - {""}
    known = set(map(plain_speaker, source.clips.speakers)) - {""}
    same = sorted(name for name in tested if plain_speaker(name) in known)
    if not same:
        return None
    return CheckResult(
        "source-speakers",
        "stop",
        f"{len(same):,} of {len(tested):,} speakers of the test have the names of speakers of the source "
        f"{source.name}: if they are the same people, their voices were learned before. Take them out of the "
        "source; if they are others, name them apart.",
        tuple(same[:SHOWN]),
    )


def _size(source: Corpus, corpus: Corpus) -> CheckResult | None:
    """A source that is no larger than the corpus."""
    own, other = sum(corpus.clips.seconds), sum(source.clips.seconds)
    if other > own:
        return None
    return CheckResult(
        "source-small",
        "look",
        f"The source {source.name} has {other / 3600:.2f} h, less than the {own / 3600:.2f} h here: learning "
        "from it before pays where it has more.",
    )


def _language(source: Corpus, corpus: Corpus) -> CheckResult | None:
    """A source in another language."""
    if source.language == corpus.language:
        return None
    return CheckResult(
        "source-language",
        "look",
        f"The source {source.name} is in {source.language}, the corpus in {corpus.language}: phones that "
        "only one of them has are learned from the corpus alone.",
    )


class _Joined(Sequence):
    """Samples of all clips of a source and of those of a test, each read when it is asked for."""

    def __init__(self, source: Corpus, corpus: Corpus, test: Sequence[int]) -> None:
        self.rows = [*((source, row) for row in range(len(source))), *((corpus, row) for row in test)]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place):
        corpus, row = self.rows[place]
        return corpus.clips[int(row)].samples

    def name(self, place: int) -> str:
        """The clip at a place, as its corpus names it."""
        corpus, row = self.rows[place]
        return corpus.clips.names[int(row)]
