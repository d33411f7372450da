"""How a corpus was split, how much is on each side, and what is not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from components.study.checks import CheckResult
from components.study.dataset import Dataset
from components.study.nouns import counted
from components.study.splits import AUTO, DECLARED, Fold, test_part

SMALL_TEST = 30  # utterances: fewer say little


def split_facts(dataset: Dataset, folds: Sequence[Fold], asked: str) -> dict[str, str]:
    """A dataset and its folds -> how it was split, in words."""
    return {"split": f"{_how(dataset, folds, asked)}: {_sides(dataset, folds)}"}


def _how(dataset: Dataset, folds: Sequence[Fold], asked: str) -> str:
    name = folds[0].name if len(folds) == 1 else f"{len(folds)} folds, each speaker tested once"
    if name == DECLARED:
        tests = test_part(dataset)
        return "the corpus's own" + (
            ", tested on its dev part, as it has no test part" if tests == "dev" else ""
        )
    why = f", as the corpus declares {_half_a_split(dataset) or 'none'}" if asked == AUTO else ""
    return {"speakers": f"by speaker{why}", "clips": "by recording, the same speakers on both sides"}.get(
        name, name
    )


def _half_a_split(dataset: Dataset) -> str:
    """What a dataset declares that is no split, in words: "only dev (54)"; "" for nothing."""
    counts = Counter(filter(None, dataset.parts))
    return "only " + ", ".join(f"{part} ({count:,})" for part, count in counts.items()) if counts else ""


def _sides(dataset: Dataset, folds: Sequence[Fold]) -> str:
    if len(folds) > 1:
        sizes = [len(fold.test) for fold in folds]
        return f"{min(sizes):,} to {max(sizes):,} utterances tested"
    (fold,) = folds
    train, test = (_side(dataset, side) for side in (fold.train, fold.test))
    left = _left_out(dataset, fold)
    return f"{train} train, {test} test" + (f"; {left}" if left else "")


def _side(dataset: Dataset, positions: Sequence[int]) -> str:
    speakers = {dataset.groups[i] for i in positions} - {""}
    by = f" by {counted(len(speakers), 'speaker', 'speakers')}" if speakers else ""
    return f"{counted(len(positions), 'utterance', 'utterances')}{by}"


def _left_out(dataset: Dataset, fold: Fold) -> str:
    """What is on no side, and why, in words."""
    used = {*fold.train.tolist(), *fold.test.tolist()}
    rest = [i for i in range(len(dataset)) if i not in used]
    if fold.name == DECLARED:
        parts = Counter(dataset.parts[i] for i in rest)
        return ", ".join(f"{count:,} of part {part} not used" for part, count in parts.items())
    return f"{len(rest):,} without a speaker not used" if rest else ""


def split_checks(dataset: Dataset, folds: Sequence[Fold], asked: str = AUTO) -> list[CheckResult]:
    """A dataset, its folds and the split that was asked for -> what is worth knowing of the split."""
    checks = _split_anew(dataset, folds) if asked == AUTO else []
    fold = folds[0]
    if len(folds) == 1 and fold.name == DECLARED:
        checks += [*_shared_speakers(dataset, fold), *_nameless(dataset, fold)]
    checks += _only_learned(dataset, folds)
    if len(folds) == 1 and len(fold.test) < SMALL_TEST:
        message = f"Only {len(fold.test)} utterances are tested: differences of a few points are luck."
        checks.append(CheckResult("small-test", "look", message))
    return [*checks, *_one_voice(dataset, folds)]


def _split_anew(dataset: Dataset, folds: Sequence[Fold]) -> list[CheckResult]:
    """A result if a corpus declares parts of which no split can be made, so that they are thrown together."""
    declared = _half_a_split(dataset)
    if not declared or test_part(dataset) or folds[0].name == DECLARED:
        return []
    message = (
        f"The corpus declares {declared}, which is no split: a split needs train, and test or dev. All of "
        "it was "
        "thrown together and split anew."
    )
    return [CheckResult("split-anew", "look", message)]


def _shared_speakers(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    train = {dataset.groups[i] for i in fold.train} - {""}
    shared = sorted({dataset.groups[i] for i in fold.test} & train)
    if not shared:
        return []
    message = (
        f"{counted(len(shared), 'speaker is', 'speakers are')} on both sides of the corpus's own split: the "
        "answer is for voices that were trained on, not for new ones (--split speakers)."
    )
    return [CheckResult("speakers-on-both-sides", "look", message, tuple(shared[:5]))]


def _only_learned(dataset: Dataset, folds: Sequence[Fold]) -> list[CheckResult]:
    """A result for tasks whose classes in training are others than in the test, in every fold."""
    names = [
        name
        for name, task in dataset.tasks.items()
        if all(task.is_only_learned(fold.train, fold.test) for fold in folds)
    ]
    if not names:
        return []
    message = (
        f"The classes of {', '.join(names)} that are tested are none of those that are trained, as of "
        "speakers whom nobody has heard: they are learned beside the others, and not scored."
    )
    return [CheckResult("tasks-only-learned", "look", message)]


def _nameless(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    """A result if some speakers are named, and nobody knows whether those of the test were trained on."""
    nameless = {side: sum(not dataset.groups[i] for i in getattr(fold, side)) for side in ("train", "test")}
    if not any(dataset.groups) or not any(nameless.values()):
        return []
    message = (
        f"{nameless['train']:,} of {len(fold.train):,} training and {nameless['test']:,} of "
        f"{len(fold.test):,} tested utterances name no speaker: voices of the test may have been trained on. "
        "Name them, or leave them out with --split speakers."
    )
    return [CheckResult("speakers-not-known", "look", message)]


def _one_voice(dataset: Dataset, folds: Sequence[Fold]) -> list[CheckResult]:
    """A result if all that is tested, or trained on, is by one or two people."""
    if len(folds) > 1:
        return []
    checks = []
    for side, what in (("train", "trained on"), ("test", "tested")):
        speakers = {dataset.groups[i] for i in getattr(folds[0], side)} - {""}
        if len(speakers) == 1:
            message = f"All that is {what} is by one speaker: the answer may be another one for other voices."
            checks.append(CheckResult(f"one-speaker-{side}", "look", message, tuple(speakers)))
    return checks


def sides(folds: Sequence[Fold], examples: int) -> list[str]:
    """Folds -> "train", "test" or "" for each example; of several folds the name of that which tests it."""
    which = [""] * examples
    for fold in folds:
        parts = {"train": fold.train, "test": fold.test} if len(folds) == 1 else {fold.name: fold.test}
        for side, positions in parts.items():
            for position in positions:
                which[position] = side
    return which
