"""Words that are tested and never trained, and sentences that training gives away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from components.speech.check.texts import vocabulary
from components.speech.corpus import Corpus
from components.speech.nouns import NOUNS_OF, SPEECH_NOUNS
from components.study.checks import CheckResult, percent
from components.study.dataset import Dataset
from components.study.splits import Fold, ladder, numbers_of, training_subset

UNSEEN_STOPS, UNSEEN_WARNS = 0.5, 0.1  # share of tested words that no training text has
KNOWN_SENTENCES = 0.1  # share of tested sentences that are also trained on; speechocean762 has 0.02
SENTENCE = 3  # words: shorter texts are commands, meant to be said again


def unseen_facts(
    corpus: Corpus, dataset: Dataset, folds: Sequence[Fold], sizes: Sequence[int | str]
) -> dict[str, str]:
    """How many tested words no training text has, at some sizes of the first fold, in words."""
    names = NOUNS_OF[corpus.unit].units
    largest = len(folds[0].train)
    asked = numbers_of(sizes, largest) or ladder(largest)[::3]
    some = sorted({size for size in asked if 1 <= size <= largest} | {largest})
    shown = [f"{percent(_unseen(dataset, folds[0], size))} at {size:,}" for size in some]
    return {f"tested {names} that no training text has": ", ".join(shown)}


def _unseen(dataset: Dataset, fold: Fold, size: int) -> float:
    """The share of tested words that no text of the first draw of a size has."""
    subset = training_subset(dataset, SPEECH_NOUNS, fold, size, 0)
    known = vocabulary(dataset.targets[i] for i in subset)
    tested = [word for i in fold.test for word in dataset.targets[i].split()]
    return sum(word not in known for word in tested) / max(len(tested), 1)


def unseen_checks(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    """What is worth knowing of tested words and sentences."""
    return [*_unseen_check(dataset, fold), *_known_sentences(dataset, fold)]


def _unseen_check(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    share = _unseen(dataset, fold, len(fold.train))
    if share < UNSEEN_WARNS:
        return []
    known = vocabulary(dataset.targets[i] for i in fold.train)
    unseen = Counter(word for i in fold.test for word in dataset.targets[i].split() if word not in known)
    message = (
        f"{percent(share)} of the tested words stand in no training text. Recognisers with a vocabulary, all "
        "modular ones among them, can never get these right, so the comparison would be one of vocabularies."
    )
    verdict = "stop" if share >= UNSEEN_STOPS else "look"
    return [CheckResult("unseen-words", verdict, message, tuple(word for word, _ in unseen.most_common(5)))]


def _known_sentences(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    """A result if sentences of the test were read in training, where texts are no closed set of commands."""
    tested = [dataset.targets[i] for i in fold.test]
    words = sum(len(text.split()) for text in tested) / max(len(tested), 1)
    if dataset.closed or words <= SENTENCE:
        return []
    trained = {dataset.targets[i] for i in fold.train}
    known = [text for text in tested if text in trained]
    if len(known) < KNOWN_SENTENCES * len(tested):
        return []
    message = (
        f"{percent(len(known) / len(tested))} of the tested sentences were also read in training, so they "
        "can be known by heart: the answer holds for sentences that were said before, not for new ones."
    )
    return [CheckResult("known-sentences", "look", message, tuple(dict.fromkeys(known))[:3])]
