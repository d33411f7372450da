"""Who trains and who tests: folds of a corpus, and nested training subsets of a fold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, LeaveOneGroupOut, ShuffleSplit

from components.errors import unknown
from components.speech.corpus.corpus import Corpus

SPLITS = {
    "auto": "the corpus's own split if it declares one, else speakers",
    "declared": "the corpus's own train and test parts",
    "speakers": "one speaker-disjoint test part, about a fifth of the clips",
    "leave-one-speaker-out": "one fold a speaker, who is tested on and never trained on",
    "clips": "a random fifth of the clips; the same people speak on both sides",
}
TEST_SHARE = 0.2


@dataclass(frozen=True, eq=False)
class Fold:
    """Positions in the corpus: train (clips,) and test (clips,), both int and sorted."""

    name: str
    train: np.ndarray
    test: np.ndarray


def make_folds(corpus: Corpus, split: str = "auto", seed: int = 0) -> list[Fold]:
    """Corpus -> its folds under the named split, each side checked to be non-empty.

    Raises ValueError for an unknown split, a side without clips, or an isolated word that is
    tested and has no training clip.
    """
    if split not in SPLITS:
        raise unknown("split", split, SPLITS)
    if split == "auto":
        split = "declared" if {"train", "test"} <= set(corpus.parts) else "speakers"
    folds = _declared(corpus) if split == "declared" else _drawn(corpus, split, seed)
    for fold in folds:
        _check(corpus, fold)
    return folds


def _declared(corpus: Corpus) -> list[Fold]:
    parts = np.array(corpus.parts)
    return [Fold("declared", np.flatnonzero(parts == "train"), np.flatnonzero(parts == "test"))]


def _drawn(corpus: Corpus, split: str, seed: int) -> list[Fold]:
    speakers = np.array([clip.speaker for clip in corpus.clips])
    if split != "clips" and len(set(speakers)) < 2:
        raise ValueError(
            f"split {split!r} expected at least 2 speakers in {corpus.name}, got {len(set(speakers))}; "
            "name the speakers in the manifest (column speaker), or use --split clips, which tests on known "
            "voices."
        )
    splitter = {
        "speakers": GroupShuffleSplit(1, test_size=TEST_SHARE, random_state=seed),
        "leave-one-speaker-out": LeaveOneGroupOut(),
        "clips": ShuffleSplit(1, test_size=TEST_SHARE, random_state=seed),
    }[split]
    pairs = splitter.split(np.zeros(len(speakers)), groups=None if split == "clips" else speakers)
    named = split == "leave-one-speaker-out"
    return [
        Fold(str(speakers[test[0]]) if named else split, np.sort(train), np.sort(test))
        for train, test in pairs
    ]


def _check(corpus: Corpus, fold: Fold) -> None:
    for side in ("train", "test"):
        if not len(getattr(fold, side)):
            raise ValueError(
                f"fold {fold.name!r} of {corpus.name} expected clips to {side} with, got none "
                f"({len(corpus.set_aside)} were set aside); add recordings or choose another --split."
            )
    untrained = _classes(corpus, fold.test) - _classes(corpus, fold.train)
    if untrained and is_isolated(corpus.texts):
        raise ValueError(
            f"fold {fold.name!r} of {corpus.name} expected training clips of every word it tests, got none of "
            f"{', '.join(sorted(untrained))} ({len(corpus.set_aside)} clips were set aside); "
            "add recordings or leave those words out."
        )


def _classes(corpus: Corpus, positions: np.ndarray) -> set[str]:
    return {corpus.texts[i] for i in positions}


def is_isolated(texts: Sequence[str]) -> bool:
    """Texts -> whether each is one word out of few, said many times."""
    return all(len(text.split()) == 1 for text in texts) and len(set(texts)) <= len(texts) / 5


def nested_order(texts: Sequence[str], seed: int) -> np.ndarray:
    """Texts -> positions (texts,) whose every prefix is a training subset of the next.

    Each transcript's takes are spread evenly over the order, so a prefix holds every transcript
    in its share; transcripts said once fall at random.
    """
    rng = np.random.default_rng(seed)
    counts, seen = Counter(texts), Counter()
    place = np.empty(len(texts))
    for i in rng.permutation(len(texts)):
        place[i] = (seen[texts[i]] + rng.random()) / counts[texts[i]]
        seen[texts[i]] += 1
    return np.argsort(place, kind="stable")


def training_subset(corpus: Corpus, fold: Fold, size: int, draw: int) -> np.ndarray:
    """Fold -> the positions (size,) of the draw's first `size` training clips, sorted.

    Raises ValueError when the fold has fewer clips than asked for.
    """
    if not 1 <= size <= len(fold.train):
        raise ValueError(
            f"fold {fold.name!r} of {corpus.name} expected 1 to {len(fold.train)} training utterances, "
            f"got {size}; choose smaller --sizes."
        )
    order = nested_order([corpus.texts[i] for i in fold.train], seed=draw)
    return np.sort(fold.train[order[:size]])


def ladder(largest: int, steps: int = 8, smallest: int = 20) -> list[int]:
    """Largest training size -> up to `steps` sizes, evenly spaced on a log axis, two digits each."""
    raw = np.geomspace(min(smallest, largest), largest, steps)
    return sorted({*(int(float(f"{size:.2g}")) for size in raw[:-1]), largest})


def fine_ladder(largest: int, smallest: int = 20) -> list[int]:
    """Largest training size -> sizes about a factor of the square root of 2 apart, two digits each."""
    doublings = math.log2(largest / min(smallest, largest))
    return ladder(largest, 1 + round(2 * doublings), smallest)
