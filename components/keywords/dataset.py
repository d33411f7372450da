"""Corpora -> the dataset of a study of a wake word: the keyword, and streams of background on either side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from components.contract import Clip
from components.errors import unknown
from components.keywords.stream import Stream, halves, in_rooms, joined
from components.keywords.study import WakeWordStudy
from components.speech.corpus import Corpus, read_corpus
from components.study.dataset import Dataset
from components.study.fingerprint import digest

TEST_SHARE = 1 / 3
STREAM_SECONDS = 60.0  # of a stream of background, at most
LEAST_MINUTES = 1.0  # of background on either side
LEAST_KEYWORDS = 2  # on either side
SET_ASIDE = "the keyword is in its text"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Sides:
    """Recordings that train and that test."""

    train: list[Clip]
    test: list[Clip]

    def __add__(self, other: Sides) -> Sides:
        return Sides(self.train + other.train, self.test + other.test)


def read_wake_words(study: WakeWordStudy, progress: Progress | None = None) -> Dataset:
    """Study -> its dataset: recordings of the keyword train and test, streams of background test.

    The background of the training side is the dataset's `background`; what is said of the keyword in any
    background by its text is set aside. A stream of the test is in a room of its own. ValueError for a
    keyword that the corpus does not have, or too little of either.
    """
    corpus, *others = read_corpora(study, progress)
    is_keyword = [text == study.keyword for text in corpus.texts]
    if not any(is_keyword):
        raise unknown("keyword", study.keyword, sorted(set(corpus.texts))[:20])
    tested = _tested(corpus, is_keyword, study.seed)
    keywords = _sides(corpus, is_keyword, tested)
    free, found = _keyword_free(study.keyword, corpus, is_keyword)
    background = _sides(corpus, free, tested)
    for other in others:
        none = [False] * len(other)
        free, more = _keyword_free(study.keyword, other, none)
        background, found = background + _sides(other, free, _tested(other, none, study.seed)), found + more
    _check_enough(study, keywords, background)
    return _dataset(study, [corpus, *others], keywords, background, found)


def read_corpora(study: WakeWordStudy, progress: Progress | None = None) -> list[Corpus]:
    """Study -> the corpus of the keyword, and those of its background at the same sample rate."""
    corpus = _corpus(study, study.corpus, study.rate or None, progress)
    return [corpus, *(_corpus(study, spec, corpus.rate, progress) for spec in study.background)]


def _corpus(study: WakeWordStudy, spec: str, rate: int | None, progress: Progress | None) -> Corpus:
    data = Path(study.data) if study.data else None
    settings = {"data": data, "rate": rate, "max_seconds": study.max_seconds, "seed": study.seed}
    pattern = study.speaker_pattern if spec == study.corpus else ""
    return read_corpus(spec, **settings, speaker_pattern=pattern, workers=study.cores, progress=progress)


def _tested(corpus: Corpus, is_keyword: Sequence[bool], seed: int) -> np.ndarray:
    """Whether each recording tests: as the corpus declares it, else a third of its speakers or recordings.

    A third of those who say the keyword, and of those who do not.
    """
    parts = np.array(corpus.parts)
    for part in ("test", "dev"):
        if part in parts and "train" in parts:
            return parts == part
    groups = [
        speaker or name for speaker, name in zip(corpus.clips.speakers, corpus.clips.names, strict=True)
    ]
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    says_it = np.bincount(group, is_keyword) > 0
    rng = np.random.default_rng(seed)
    chosen = [_third(np.flatnonzero(says_it == says), sizes, rng) for says in (True, False)]
    return np.isin(group, np.concatenate(chosen))


def _third(groups: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some groups (groups,) and the sizes of all -> of these, at random, until they are a third or more."""
    drawn = rng.permutation(groups)
    before = np.cumsum(sizes[drawn]) - sizes[drawn]
    return drawn[before < TEST_SHARE * sizes[groups].sum()]


def _sides(corpus: Corpus, chosen: Sequence[bool], tested: Sequence[bool]) -> Sides:
    rows = np.flatnonzero(chosen)
    return Sides(*([corpus.clips[row] for row in rows if tested[row] == test] for test in (False, True)))


def _keyword_free(keyword: str, corpus: Corpus, known: Sequence[bool]) -> tuple[list[bool], list[str]]:
    """Whether each recording lacks the keyword, by its text; names of those that have it, unknown yet."""
    said = [f" {keyword} " in f" {text} " for text in corpus.texts]
    found = [
        f"{corpus.name}: {name}"
        for name, here, before in zip(corpus.clips.names, said, known, strict=True)
        if here and not before
    ]
    return [not here for here in said], found


def _check_enough(study: WakeWordStudy, keywords: Sides, background: Sides) -> None:
    for side in ("train", "test"):
        count, minutes = len(getattr(keywords, side)), _minutes(getattr(background, side))
        if count < LEAST_KEYWORDS:
            raise ValueError(
                f"wake-words expected at least {LEAST_KEYWORDS} recordings of {study.keyword!r} to {side} "
                f"with, got {count}; add some to {study.corpus}."
            )
        if minutes < LEAST_MINUTES:
            raise ValueError(
                f"wake-words expected at least {LEAST_MINUTES:g} min of background to {side} with, got "
                f"{minutes:.1f}; add a corpus of other speech with --background."
            )


def _minutes(clips: Sequence[Clip]) -> float:
    return sum(clip.seconds for clip in clips) / 60


def _dataset(
    study: WakeWordStudy, corpora: list[Corpus], keywords: Sides, background: Sides, found: list[str]
) -> Dataset:
    rng = np.random.default_rng([study.seed, 1])
    negatives = {
        side: _limited(_streams(getattr(background, side)), study.background_hours, rng)
        for side in ("train", "test")
    }
    learned = [clip for stream in halves(negatives["train"])[0] for clip in stream.pieces]
    train = _keyword_streams(keywords.train, learned, rng)
    test = [*_keyword_streams(keywords.test, background.test, rng), *negatives["test"]]
    test = in_rooms(test, 1, study.snr_db)
    examples = [*train, *test]
    parts = ["train"] * len(train) + ["test"] * len(test)
    made_of = [[s.name, [p.name for p in s.pieces], str(s.room)] for s in (*examples, *negatives["train"])]
    fingerprint = digest([[corpus.fingerprint for corpus in corpora], study.keyword, parts, made_of])
    return Dataset(
        examples=examples,
        targets=[stream.said for stream in examples],
        ids=[stream.name for stream in examples],
        groups=[stream.speaker for stream in examples],
        parts=parts,
        fingerprint=fingerprint,
        facts=_facts(study, corpora, keywords, negatives) | {"fingerprint": fingerprint},
        set_aside=[
            *((name, SET_ASIDE) for name in found),
            *((item.name, item.reason) for corpus in corpora for item in corpus.set_aside),
        ],
        background=negatives["train"],
        folder=corpora[0].folder,
    )


def _streams(clips: Sequence[Clip]) -> list[Stream]:
    """Recordings -> streams of background, each of one speaker where speakers are known."""
    together = sorted(clips, key=lambda clip: clip.speaker)  # stable: else in the corpus's order
    return [
        Stream(f"background of {group[0].name}", group[0].speaker, group, group[0].rate)
        for group in joined(together, STREAM_SECONDS)
    ]


def _limited(streams: list[Stream], hours: float, rng: np.random.Generator) -> list[Stream]:
    """Streams -> in random order, no more than so many hours; 0: all."""
    drawn = [streams[place] for place in rng.permutation(len(streams))]
    ends = np.cumsum([stream.seconds for stream in drawn]) / 3600
    return drawn[: max(1, int((ends <= hours).sum()))] if hours else drawn


def _keyword_streams(
    keywords: Sequence[Clip], background: Sequence[Clip], rng: np.random.Generator
) -> list[Stream]:
    """Recordings of the keyword -> streams in which each follows another recording, as in a conversation.

    So no detector can tell the keyword by its being first in a stream.
    """
    before = rng.integers(0, len(background), len(keywords))
    return [
        Stream(clip.name, clip.speaker, (background[place], clip), clip.rate, keyword=1)
        for clip, place in zip(keywords, before, strict=True)
    ]


def _facts(
    study: WakeWordStudy, corpora: list[Corpus], keywords: Sides, negatives: dict[str, list[Stream]]
) -> dict[str, Any]:
    hours = {side: sum(stream.seconds for stream in own) / 3600 for side, own in negatives.items()}
    clips = [*keywords.train, *keywords.test]
    return {
        "name": study.keyword,
        "title": f"{study.keyword} in {corpora[0].title}, against {', '.join(c.title for c in corpora)}",
        "notice": " ".join(dict.fromkeys(corpus.notice for corpus in corpora)),
        "synthetic": any(corpus.synthetic for corpus in corpora),
        "rate": corpora[0].rate,
        "recordings": len(clips),
        "speakers": len({clip.speaker for clip in clips} - {""}),
        "training_hours": round(hours["train"], 3),
        "test_hours": round(hours["test"], 3),
        "snr_db": study.snr_db,
    }
