"""How a corpus was split is said in words, and what is thin about it."""

from dataclasses import replace

import pytest

from components.speech.check.split import sides, split_checks, split_facts
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import make_folds


@pytest.fixture(scope="module")
def digits(recordings, tmp_path_factory):
    return speech_dataset(read_corpus("fsdd", data=recordings, cache=tmp_path_factory.mktemp("cache")))


def folds_of(dataset, split="auto"):
    return make_folds(dataset, SPEECH_NOUNS, split)


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (
            "declared",
            "the corpus's own: 120 utterances by 6 speakers train, 60 utterances by 6 speakers test",
        ),
        ("leave-one-speaker-out", "6 folds, each speaker tested once: 30 to 30 utterances tested"),
        (
            "clips",
            "by recording, the same speakers on both sides: 144 utterances by 6 speakers train, "
            "36 utterances by 6 speakers test",
        ),
    ],
)
def test_each_way_to_split_has_its_words(digits, split, words):
    assert split_facts(digits, folds_of(digits, split), split) == {"split": words}


def test_without_a_split_of_its_own_it_is_by_speaker_and_says_why(digits):
    bare = replace(digits, parts=[""] * len(digits))
    assert split_facts(bare, folds_of(bare), "auto")["split"].startswith(
        "by speaker, as the corpus declares none: "
    )


def test_what_is_on_no_side_is_counted(digits):
    parts = ["dev" if part == "train" and i % 2 else part for i, part in enumerate(digits.parts)]
    some = replace(digits, parts=parts)
    words = split_facts(some, folds_of(some, "declared"), "declared")["split"]
    assert words.endswith(f"; {parts.count('dev')} of part dev not used")


def test_speakers_on_both_sides_are_named(digits):
    (result,) = split_checks(digits, folds_of(digits))
    assert (result.name, result.verdict) == ("speakers-on-both-sides", "look")
    assert result.message.startswith("6 speakers are on both sides of the corpus's own split")
    assert result.examples == ("george", "jackson", "lucas", "nicolas", "theo")


def test_a_small_test_and_one_voice_are_worth_a_look(digits):
    parts = ["test" if who == "theo" and i % 2 else "train" for i, who in enumerate(digits.groups)]
    alone = replace(digits, parts=parts, groups=[who if who == "theo" else "lucas" for who in digits.groups])
    names = [result.name for result in split_checks(alone, folds_of(alone))]
    assert names == ["speakers-on-both-sides", "small-test", "one-speaker-test"]
    assert split_checks(digits, folds_of(digits, "leave-one-speaker-out")) == []


def test_each_example_has_its_side(digits):
    (fold,) = folds_of(digits)
    which = sides([fold], len(digits) + 1)
    assert [side for side in which if side] == [part for part in digits.parts if part]
    assert which[-1] == ""


def test_each_example_of_several_folds_has_that_which_tests_it(digits):
    folds = make_folds(digits, SPEECH_NOUNS, "leave-one-speaker-out")
    assert sides(folds, len(digits)) == list(digits.groups)


def test_a_split_whose_speakers_are_partly_unknown_is_told(digits):
    (fold,) = folds_of(digits)
    nobody = replace(
        digits, groups=["" if i in set(fold.test) else who for i, who in enumerate(digits.groups)]
    )
    assert [check.name for check in split_checks(nobody, [fold])] == ["speakers-not-known"]
    assert "speakers-not-known" not in [check.name for check in split_checks(digits, [fold])]
