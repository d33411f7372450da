"""Scoring counts what a plain Levenshtein count gives, and adds up."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.speech.scoring import (
    UTTERANCE_COLUMNS,
    Counts,
    align_words,
    score,
    score_utterances,
    sum_counts,
)
from tests.speech.metrics import trial_metrics

texts = st.lists(st.sampled_from(["one", "two", "on", "twone"]), max_size=6).map(" ".join)


def fewest_edits(left, right):
    table = {(i, 0): i for i in range(len(left) + 1)} | {(0, j): j for j in range(len(right) + 1)}
    for i, j in product(range(1, len(left) + 1), range(1, len(right) + 1)):
        swap = table[i - 1, j - 1] + (left[i - 1] != right[j - 1])
        table[i, j] = min(swap, table[i - 1, j] + 1, table[i, j - 1] + 1)
    return table[len(left), len(right)]


@given(texts, texts)
def test_errors_are_the_fewest_edits_of_words_and_of_characters(reference, hypothesis):
    counts = score(reference, hypothesis)
    assert counts.errors == fewest_edits(reference.split(), hypothesis.split())
    assert counts.character_errors == fewest_edits(reference, hypothesis)
    assert counts.words == len(reference.split()) and counts.characters == len(reference)


@given(texts, texts)
def test_insertions_less_deletions_is_the_difference_in_length(reference, hypothesis):
    counts = score(reference, hypothesis)
    assert counts.insertions - counts.deletions == len(hypothesis.split()) - len(reference.split())


@given(texts)
def test_the_reference_itself_has_no_error(reference):
    counts = score(reference, reference)
    assert counts.errors == counts.character_errors == counts.wrong == 0


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_counts_of_a_table_are_the_sum_of_its_rows(pairs):
    table = score_utterances(range(len(pairs)), [""] * len(pairs), *zip(*pairs, strict=True))
    assert sum_counts(table) == sum(score(*pair) for pair in pairs)


@given(texts, texts)
def test_pairs_of_an_alignment_spell_both_sides_and_differ_once_per_error(reference, hypothesis):
    pairs = align_words(reference, hypothesis)
    assert [word for word, _ in pairs if word] == reference.split()
    assert [word for _, word in pairs if word] == hypothesis.split()
    assert sum(left != right for left, right in pairs) == score(reference, hypothesis).errors


def test_rates_divide_once_after_adding():
    both = score("one", "two") + score("one two three four", "one two three four")
    assert both.rate == 1 / 5 and both.sentence_error == 1 / 2


def test_words_without_a_reference_count_and_alone_have_no_finite_rate():
    assert score("", "one two").insertions == 2
    assert score("", "one two").rate == float("inf")
    assert score("", "").rate == 0.0
    assert (score("", "one") + score("two", "two")).rate == 1.0


def test_white_space_is_no_error():
    assert score(" one  two\n", "one two").errors == score(" one  two\n", "one two").character_errors == 0


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"zip\(\) argument 4 is shorter"):
        score_utterances(["a", "b"], ["s", "s"], ["one", "two"], ["one"])


def test_a_trial_keeps_every_number_under_its_name():
    table = score_utterances(["a", "b"], ["s", "t"], ["one two", "three"], ["one", "three four"])
    metrics = trial_metrics(table)
    assert {name: metrics[name] for name in ("wer", "errors", "total", "deletions", "insertions")} == {
        "wer": 2 / 3,
        "errors": 2.0,
        "total": 3.0,
        "deletions": 1.0,
        "insertions": 1.0,
    }
    assert metrics["accuracy"] == 0.0 and metrics["sentence_error"] == 1.0
    assert metrics["wer_low"] <= metrics["wer"] <= metrics["wer_high"]
    assert list(table["errors"]) == [1, 1] and list(table["total"]) == [2, 1]
    assert list(table.columns) == list(UTTERANCE_COLUMNS) and list(table["group"]) == ["s", "t"]


def test_counts_add_only_to_counts():
    assert sum([], start=Counts()) == Counts()
    with pytest.raises(TypeError):
        5 + Counts()
