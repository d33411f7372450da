"""Words that are tested and never trained, and sentences that training gives away."""

import pytest

from components.speech.check.unseen import unseen_checks, unseen_facts
from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import make_folds
from tests.study.test_splits import dataset

SENTENCES = [f"turn the lamp {number} on" for number in ("one", "two", "three", "four")]


def split(train, test):
    """Texts of both sides -> the dataset and its folds."""
    texts, parts = [*train, *test], ["train"] * len(train) + ["test"] * len(test)
    data = dataset(texts, [""] * len(texts), parts)
    return data, make_folds(data, SPEECH_NOUNS)


class Words:
    """Of a corpus, what is asked here."""

    unit = "word"


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [([2, 4], "33 % at 2, 33 % at 4"), ([], "33 % at 4"), (["all"], "33 % at 4"), ([9], "33 % at 4")],
)
def test_unseen_words_are_counted_at_some_sizes(sizes, shown):
    data, folds = split(["one", "one", "two", "two"], ["one", "two", "six"])
    facts = unseen_facts(Words(), data, folds, sizes)
    assert facts == {"tested words that no training text has": shown}


@pytest.mark.parametrize(("known", "verdict"), [(19, None), (8, "look"), (0, "stop")])
def test_many_unseen_words_stop_a_study(known, verdict):
    data, folds = split(["one", "two"], [*["one"] * known, "six"])
    results = unseen_checks(data, folds[0])
    assert [(result.name, result.verdict) for result in results] == (
        [("unseen-words", verdict)] if verdict else []
    )
    assert all(result.examples == ("six",) for result in results)


def test_sentences_known_from_training_are_told_where_texts_are_open():
    data, folds = split(SENTENCES, [*SENTENCES[:3], "turn the lamp two four on"])
    (result,) = unseen_checks(data, folds[0])
    assert (result.name, result.verdict) == ("known-sentences", "look")
    assert result.message.startswith("75 % of the tested sentences were also read in training")
    new = [f"turn the {name} lamp on" for name in "abcdef"]
    data, folds = split(SENTENCES, [*SENTENCES[:1], *new])
    assert [result.name for result in unseen_checks(data, folds[0])][-1] == "known-sentences"
    closed, folds = split(SENTENCES * 10, SENTENCES)
    assert unseen_checks(closed, folds[0]) == []
