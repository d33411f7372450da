"""What is said: vocabulary, words that are tested and never trained, sentences known from training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from components.speech.corpus import Corpus
from components.speech.corpus.transcripts import scripts_of
from components.speech.nouns import SPEECH_NOUNS
from components.study.checks import CheckResult
from components.study.dataset import Dataset
from components.study.splits import Fold, ladder, training_subset

UNSEEN_STOPS, UNSEEN_WARNS = 0.5, 0.1  # share of tested words that no training text has
KNOWN_SENTENCES = 0.5  # share of tested sentences that are also trained on
SENTENCE = 3  # words: shorter texts are commands, meant to be said again


def text_facts(
    corpus: Corpus, dataset: Dataset, folds: Sequence[Fold], sizes: Sequence[int]
) -> dict[str, str]:
    """What is said, and how much of the test is unknown at the smallest and at the largest size, in words."""
    units = Counter(unit for text in corpus.texts for unit in text.split())
    names = "characters" if corpus.unit == "character" else "words"
    different = len(set(corpus.texts))
    facts = {
        "texts": f"{units.total():,} {names} said, {len(units):,} different; {different:,} different texts"
    }
    fold = folds[0]
    largest = len(fold.train)
    some = sorted({size for size in sizes or ladder(largest)[::3] if size <= largest} | {largest})
    shown = [f"{_unseen(dataset, fold, size):.0%} at {size:,}" for size in some]
    return facts | {f"tested {names} that no training text has": ", ".join(shown)}


def _unseen(dataset: Dataset, fold: Fold, size: int) -> float:
    """The share of tested words that no text of the first draw of a size has."""
    subset = training_subset(dataset, SPEECH_NOUNS, fold, size, 0)
    known = _vocabulary(dataset.targets[i] for i in subset)
    tested = [word for i in fold.test for word in dataset.targets[i].split()]
    return sum(word not in known for word in tested) / max(len(tested), 1)


def _vocabulary(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in text.split()}


def text_checks(corpus: Corpus, dataset: Dataset, folds: Sequence[Fold]) -> list[CheckResult]:
    """What is worth knowing of the texts."""
    return [*_unseen_check(dataset, folds[0]), *_known_sentences(dataset, folds[0]), *_script_check(corpus)]


def _unseen_check(dataset: Dataset, fold: Fold) -> list[CheckResult]:
    share = _unseen(dataset, fold, len(fold.train))
    if share < UNSEEN_WARNS:
        return []
    known = _vocabulary(dataset.targets[i] for i in fold.train)
    unseen = Counter(word for i in fold.test for word in dataset.targets[i].split() if word not in known)
    message = (
        f"{share:.0%} of the tested words stand in no training text. Recognisers with a vocabulary, all "
        "modular ones among them, can never get these right: the comparison is of vocabularies, not of recognisers."
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
        f"{len(known) / len(tested):.0%} of the tested sentences were also read in training, so a recogniser can "
        "know them by heart: the answer holds for sentences that were said before, not for new ones."
    )
    return [CheckResult("known-sentences", "look", message, tuple(dict.fromkeys(known))[:3])]


def _script_check(corpus: Corpus) -> list[CheckResult]:
    """A result if a few words are in another script than the rest, or mix two."""
    scripts = scripts_of(corpus.texts)
    letters = sum(scripts.values())
    rare = {name: count for name, count in scripts.items() if count < letters / 20}
    if len(scripts) < 2 or not rare:
        return []
    foreign = [word for word in sorted(_vocabulary(corpus.texts)) if rare.keys() & scripts_of([word]).keys()]
    shown = ", ".join(f"{name} ({count:,} letters)" for name, count in scripts.most_common())
    message = (
        f"The texts are in several scripts: {shown}. Letters that look alike in two of them make two words of "
        "one."
    )
    return [CheckResult("scripts", "look", message, tuple(foreign[:5]))]
