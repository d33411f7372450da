"""Folds and nested subsets."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.dataset import is_closed
from components.speech.nouns import SPEECH_NOUNS as NOUNS
from components.study.dataset import Dataset
from components.study.splits import ladder, make_folds, nested_order, split_names, training_subset


def dataset(texts, speakers, parts):
    """As much of a dataset as a split looks at."""
    names = [f"c{i}" for i in range(len(texts))]
    return Dataset(
        *(names, texts, names, speakers, parts, "f00d", {"name": "small"}, Path("none")),
        closed=is_closed(texts),
    )


def digits(takes=12, speakers=("ann", "bob", "cat"), parts=None):
    rows = [(word, who) for who in speakers for word in ("one", "two", "three") for _ in range(takes)]
    texts, names = zip(*rows, strict=True)
    return dataset(list(texts), list(names), parts(texts) if parts else [""] * len(rows))


texts = st.lists(st.sampled_from(["yes", "no", "stop", "turn left", "turn right"]), min_size=1, max_size=60)


@given(texts, st.integers(0, 5))
def test_every_smaller_subset_is_inside_the_larger(said, seed):
    order = nested_order(said, seed)
    assert sorted(order) == list(range(len(said)))
    assert (order == nested_order(said, seed)).all()


@settings(max_examples=30)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_every_prefix_holds_the_words_in_their_share(takes, words, seed):
    said = [f"w{i}" for i in range(words)] * takes
    order = nested_order(said, seed)
    for size in range(words, len(said) + 1, words):
        counts = {word: sum(said[i] == word for i in order[:size]) for word in set(said)}
        assert set(counts.values()) == {size // words}


def test_draws_differ_and_nest():
    data = digits()
    fold = make_folds(data, NOUNS, "clips")[0]
    small, large = (set(training_subset(data, NOUNS, fold, size, draw=1)) for size in (20, 40))
    assert small < large <= set(fold.train)
    assert small != set(training_subset(data, NOUNS, fold, 20, draw=2))


def test_a_speaker_disjoint_split_never_trains_on_a_tested_voice():
    data = digits(speakers=[f"s{i}" for i in range(10)])
    (fold,) = make_folds(data, NOUNS, "speakers")
    assert not {data.groups[i] for i in fold.train} & {data.groups[i] for i in fold.test}


def test_leaving_one_speaker_out_tests_each_once():
    data = digits()
    folds = make_folds(data, NOUNS, "leave-one-speaker-out")
    assert [fold.name for fold in folds] == ["ann", "bob", "cat"]
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(data)))
    assert all({data.groups[i] for i in fold.test} == {fold.name} for fold in folds)


def test_a_declared_split_is_taken_and_its_development_part_left_out():
    data = dataset(["yes", "no"] * 3, [""] * 6, ["train", "train", "dev", "dev", "test", "test"])
    (fold,) = make_folds(data, NOUNS)
    assert list(fold.train) == [0, 1]
    assert list(fold.test) == [4, 5]


def test_a_typo_in_a_split_gets_the_nearest_name():
    with pytest.raises(ValueError) as error:
        make_folds(digits(), NOUNS, "speaker")
    assert str(error.value) == (
        "unknown split 'speaker'; did you mean 'speakers'? "
        "known: auto, declared, speakers, leave-one-speaker-out, clips."
    )


def test_an_empty_side_stops_the_study():
    with pytest.raises(ValueError) as error:
        make_folds(dataset(["yes"], ["ann"], ["train"]), NOUNS, "declared")
    assert str(error.value) == (
        "fold 'declared' of small expected clips to test with, got none (0 were set aside); "
        "add some or choose another --split."
    )


def test_a_tested_word_without_training_clips_stops_the_study():
    parts = lambda texts: ["test" if text == "two" else "train" for text in texts]  # noqa: E731
    data = digits(takes=6, speakers=["ann", "bob"], parts=parts)
    with pytest.raises(ValueError) as error:
        make_folds(data, NOUNS)
    assert str(error.value) == (
        "fold 'declared' of small expected training clips of every word it tests, got none of two "
        "(0 clips were set aside); add some or leave those words out."
    )


def test_one_speaker_cannot_be_split_by_speaker():
    with pytest.raises(ValueError, match="expected at least 2 speakers in small, got 1; name the speaker of"):
        make_folds(digits(speakers=["ann"]), NOUNS, "speakers")


def test_more_utterances_than_there_are_is_an_error():
    data = digits()
    fold = make_folds(data, NOUNS, "leave-one-speaker-out")[0]
    with pytest.raises(ValueError) as error:
        training_subset(data, NOUNS, fold, 73, draw=0)
    assert str(error.value) == (
        "fold 'ann' of small expected 1 to 72 training utterances, got 73; choose smaller --sizes."
    )


def test_few_texts_said_many_times_are_a_closed_set():
    assert is_closed(["yes", "no"] * 10)
    assert is_closed(["turn left", "turn right"] * 10)
    assert not is_closed([f"w{i}" for i in range(20)])


@given(st.integers(1, 100_000))
def test_a_ladder_climbs_to_everything_there_is(largest):
    sizes = ladder(largest)
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == largest
    assert len(sizes) <= 8
    assert sizes[0] >= min(20, largest)


def test_splits_are_called_by_the_subject_s_nouns():
    assert split_names(NOUNS).all == ("auto", "declared", "speakers", "leave-one-speaker-out", "clips")
