"""Who trains and who tests: folds of a dataset, and nested training subsets of a fold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from components.errors import unknown
from components.study.dataset import Dataset
from components.study.nouns import Nouns
from components.study.setting import ALL

AUTO, DECLARED = "auto", "declared"
TEST_SHARE = 0.2
SPLIT_DRAWS = 100  # of groups, until the test has about its share of the examples
FULL = 1.25  # of the test's share: no further group fits in
UNTRAINED_SHARE = 0.05  # of a test: more examples of classes that were never trained make it no test


@dataclass(frozen=True, eq=False)
class Fold:
    """Positions in the dataset: train (examples,) and test (examples,), both int and sorted."""

    name: str
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class SplitNames:
    """What a subject's users call the splits: by its groups, its groups one by one, its examples."""

    groups: str
    one_group: str
    examples: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every split that can be asked for."""
        return AUTO, DECLARED, self.groups, self.one_group, self.examples


def split_names(nouns: Nouns) -> SplitNames:
    """Nouns -> names of the splits: writers, leave-one-writer-out, images."""
    return SplitNames(nouns.groups, f"leave-one-{nouns.group}-out", nouns.items)


def make_folds(dataset: Dataset, nouns: Nouns, split: str = AUTO, seed: int = 0) -> list[Fold]:
    """Dataset -> its folds under the named split, each side checked to be non-empty.

    split: "auto", the dataset's own split if it declares one, else by groups; "declared", where the dev part
    tests if there is no test part; or one of `split_names`: one group-disjoint test part, of all draws the
    one nearest to a fifth of the examples; one fold a group, which is tested and never trained on; a random
    fifth of the examples, with the same groups on both sides. Examples whose group is not known are on no
    side of a split by groups. Raises ValueError for an unknown split, a side without examples, or classes
    of a closed dataset that make more than a few of its test and are never trained.
    """
    check_split_name(nouns, split)
    if split == AUTO:
        split = DECLARED if test_part(dataset) else split_names(nouns).groups
    folds = _declared(dataset) if split == DECLARED else _drawn(dataset, nouns, split, seed)
    for fold in folds:
        _check(dataset, nouns, fold)
    return folds


def source_split(source: Dataset, nouns: Nouns) -> str:
    """A dataset that is only learned from -> its split: "auto", or one of its examples where fewer than two
    groups are known and none is declared, as no answer hangs on its test."""
    is_known = test_part(source) or len(set(source.groups) - {""}) > 1
    return AUTO if is_known else split_names(nouns).examples


def source_fold(source: Dataset, nouns: Nouns) -> Fold:
    """A dataset that is only learned from -> its fold, the first one: see source_split."""
    return make_folds(source, nouns, source_split(source, nouns))[0]


def check_split_name(nouns: Nouns, split: str) -> None:
    """Raises ValueError, with the nearest one, for the name of a split that is none."""
    names = split_names(nouns).all
    if split not in names:
        raise unknown("split", split, names)


def test_part(dataset: Dataset) -> str:
    """The part that tests in the dataset's own split: test, else dev; "" if it declares no split."""
    parts = set(dataset.parts)
    return next((part for part in ("test", "dev") if part in parts and "train" in parts), "")


def fold_named(folds: Sequence[Fold], name: str) -> Fold:
    """Folds and a name -> the fold of that name; ValueError with the nearest one if there is none."""
    if name not in (names := [fold.name for fold in folds]):
        raise unknown("fold", name, names)
    return folds[names.index(name)]


def _declared(dataset: Dataset) -> list[Fold]:
    parts, tests = np.array(dataset.parts), test_part(dataset) or "test"
    return [Fold(DECLARED, np.flatnonzero(parts == "train"), np.flatnonzero(parts == tests))]


def _drawn(dataset: Dataset, nouns: Nouns, split: str, seed: int) -> list[Fold]:
    from sklearn.model_selection import LeaveOneGroupOut, ShuffleSplit  # a second to import

    names, groups = split_names(nouns), np.array(dataset.groups)
    if split == names.examples:
        train, test = next(ShuffleSplit(1, test_size=TEST_SHARE, random_state=seed).split(groups))
        return [Fold(split, np.sort(train), np.sort(test))]
    known = np.flatnonzero(groups != "")
    if len(set(groups[known])) < 2:
        raise ValueError(
            f"split {split!r} expected at least 2 {nouns.groups} in {dataset.name}, got "
            f"{len(set(groups[known]))}; name the {nouns.group} of each {nouns.item} in the {nouns.data}, or "
            f"use --split {names.examples}, which tests on {nouns.groups} that were trained on."
        )
    if split == names.groups:
        train, test = _group_split(groups[known], seed)
        return [Fold(split, known[train], known[test])]
    pairs = LeaveOneGroupOut().split(known, groups=groups[known])
    return [Fold(str(groups[known[test[0]]]), known[train], known[test]) for train, test in pairs]


def _group_split(groups: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups (examples,) -> sorted positions that train and test.

    Of many draws of a fifth of the groups, the first whose test is half to twice a fifth of the examples;
    where there is none, as one group has most of them, groups are drawn one by one until a fifth is full.
    """
    from sklearn.model_selection import GroupShuffleSplit

    draws = GroupShuffleSplit(SPLIT_DRAWS, test_size=TEST_SHARE, random_state=seed)
    for train, test in draws.split(np.zeros(len(groups)), groups=groups):
        if TEST_SHARE / 2 <= len(test) / len(groups) <= 2 * TEST_SHARE:
            return np.sort(train), np.sort(test)
    tests = [_filled_up(groups, np.random.default_rng([seed, draw])) for draw in range(SPLIT_DRAWS)]
    test = min(tests, key=lambda test: abs(test.mean() - TEST_SHARE))
    return np.flatnonzero(~test), np.flatnonzero(test)


def _filled_up(groups: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Groups (examples,) -> whether each tests: groups in random order, as long as they fit in the share."""
    names, sizes = np.unique(groups, return_counts=True)
    chosen, room = [], FULL * TEST_SHARE * len(groups)
    for place in rng.permutation(len(names)):
        if not chosen or sizes[place] <= room:
            chosen.append(names[place])
            room -= sizes[place]
    test = np.isin(groups, chosen)
    return test if not test.all() else groups == chosen[0]


def _check(dataset: Dataset, nouns: Nouns, fold: Fold) -> None:
    for side in ("train", "test"):
        if not len(getattr(fold, side)):
            raise ValueError(
                f"fold {fold.name!r} of {dataset.name} expected {nouns.items} to {side} with, got none "
                f"({len(dataset.set_aside)} were set aside); add some or choose another --split."
            )
    untrained = _classes(dataset, fold.test) - _classes(dataset, fold.train)
    lost = sum(dataset.targets[i] in untrained for i in fold.test)
    if dataset.closed and lost > UNTRAINED_SHARE * len(fold.test):
        raise ValueError(
            f"fold {fold.name!r} of {dataset.name} expected training {nouns.items} of every {nouns.unit} it "
            f"tests, got none of {', '.join(map(str, sorted(untrained)))} ({len(dataset.set_aside)} "
            f"{nouns.items} were set aside); add some or leave those {nouns.units} out."
        )


def _classes(dataset: Dataset, positions: np.ndarray) -> set[Hashable]:
    return {dataset.targets[i] for i in positions}


def nested_order(targets: Sequence[Hashable], seed: int) -> np.ndarray:
    """Targets -> positions (targets,) whose every prefix is a training subset of the next.

    The examples of one target are spread evenly over the order, so a prefix holds every target in its
    share; targets that occur once fall at random.
    """
    rng = np.random.default_rng(seed)
    counts, seen = Counter(targets), Counter()
    place = np.empty(len(targets))
    for i in rng.permutation(len(targets)):
        place[i] = (seen[targets[i]] + rng.random()) / counts[targets[i]]
        seen[targets[i]] += 1
    return np.argsort(place, kind="stable")


def training_subset(dataset: Dataset, nouns: Nouns, fold: Fold, size: int, draw: int) -> np.ndarray:
    """Fold -> the positions (size,) of the draw's first `size` training examples, sorted.

    Raises ValueError when the fold has fewer examples than asked for.
    """
    if not 1 <= size <= len(fold.train):
        raise ValueError(
            f"fold {fold.name!r} of {dataset.name} expected 1 to {len(fold.train)} training "
            f"{nouns.examples}, got {size}; choose smaller --sizes."
        )
    order = nested_order([dataset.targets[i] for i in fold.train], seed=draw)
    return np.sort(fold.train[order[:size]])


def numbers_of(sizes: Iterable[int | str], largest: int) -> list[int]:
    """Sizes as asked for, "all" among them, and the largest there is -> numbers, rising, none twice."""
    return sorted({largest if size == ALL else int(size) for size in sizes})


def ladder(largest: int, steps: int = 8, smallest: int = 20) -> list[int]:
    """Largest training size -> up to `steps` sizes, evenly spaced on a log axis, two digits each."""
    raw = np.geomspace(min(smallest, largest), largest, steps)
    return sorted({*(int(float(f"{size:.2g}")) for size in raw[:-1]), largest})


def fine_ladder(largest: int, smallest: int = 20) -> list[int]:
    """Largest training size -> sizes about a factor of the square root of 2 apart, two digits each."""
    doublings = math.log2(largest / min(smallest, largest))
    return ladder(largest, 1 + round(2 * doublings), smallest)
