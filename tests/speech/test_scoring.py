"""Scoring counts what a plain Levenshtein count gives, adds up, and its intervals cover."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.speech.scoring import (
    Counts,
    score,
    score_interval,
    score_utterances,
    total,
    trial_metrics,
    wer_interval,
    word_errors,
    word_pairs,
)

texts = st.lists(st.sampled_from(["one", "two", "on", "twone"]), max_size=6).map(" ".join)


def fewest_edits(left, right):
    table = {(i, 0): i for i in range(len(left) + 1)} | {(0, j): j for j in range(len(right) + 1)}
    for i, j in product(range(1, len(left) + 1), range(1, len(right) + 1)):
        swap = table[i - 1, j - 1] + (left[i - 1] != right[j - 1])
        table[i, j] = min(swap, table[i - 1, j] + 1, table[i, j - 1] + 1)
    return table[len(left), len(right)]


@given(texts, texts)
def test_errors_are_the_fewest_edits_of_words_and_of_characters(said, heard):
    counts = score(said, heard)
    assert counts.errors == fewest_edits(said.split(), heard.split())
    assert counts.character_errors == fewest_edits(said, heard)
    assert counts.words == len(said.split()) and counts.characters == len(said)


@given(texts, texts)
def test_insertions_less_deletions_is_the_difference_in_length(said, heard):
    counts = score(said, heard)
    assert counts.insertions - counts.deletions == len(heard.split()) - len(said.split())


@given(texts)
def test_what_is_heard_as_said_has_no_error(said):
    assert score(said, said).errors == score(said, said).character_errors == score(said, said).wrong == 0


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_counts_of_a_table_are_the_sum_of_its_rows(pairs):
    table = score_utterances(range(len(pairs)), [""] * len(pairs), *zip(*pairs, strict=True))
    assert total(table) == sum(score(*pair) for pair in pairs)


@given(texts, texts)
def test_pairs_of_an_alignment_spell_both_sides_and_differ_once_per_error(said, heard):
    pairs = word_pairs(said, heard)
    assert [word for word, _ in pairs if word] == said.split()
    assert [word for _, word in pairs if word] == heard.split()
    assert sum(left != right for left, right in pairs) == score(said, heard).errors


def test_rates_divide_once_after_adding():
    both = score("one", "two") + score("one two three four", "one two three four")
    assert both.rate == 1 / 5 and both.sentence_error == 1 / 2


def test_words_heard_in_silence_count_and_silence_alone_has_no_finite_rate():
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
    assert {name: metrics[name] for name in ("wer", "errors", "words", "deletions", "insertions")} == {
        "wer": 2 / 3,
        "errors": 2.0,
        "words": 3.0,
        "deletions": 1.0,
        "insertions": 1.0,
    }
    assert metrics["accuracy"] == 0.0 and metrics["sentence_error"] == 1.0
    assert metrics["wer_low"] <= metrics["wer"] <= metrics["wer_high"]
    assert list(word_errors(table)) == [1, 1]


@pytest.mark.parametrize("speakers", [["a", "b"] * 25, ["a"] * 50, [""] * 50])
def test_no_error_at_all_still_leaves_room(speakers):
    low, high = wer_interval([0] * 50, [1] * 50, speakers)
    assert low == 0 and high == pytest.approx(score_interval(0, 50)[1]) and high > 0.05


def test_one_speaker_still_leaves_room():
    low, high = wer_interval([1, 0] * 30, [1] * 60, ["a"] * 60)
    assert low < 0.4 and high > 0.6


def test_nothing_said_leaves_everything_open():
    assert wer_interval([1], [0], ["a"]) == (0.0, float("inf"))


def test_rates_above_one_lie_in_their_interval():
    low, high = score_interval(15, 10)
    assert low < 1.5 < high


def test_same_seed_same_interval_and_any_order_of_speakers_will_do():
    rng = np.random.default_rng(0)
    errors, speakers = rng.integers(0, 3, 40), [f"s{place % 5}" for place in range(40)]
    first = wer_interval(errors, [3] * 40, speakers, seed=3)
    assert first == wer_interval(errors, [3] * 40, speakers, seed=3)
    order = rng.permutation(40)
    assert first == wer_interval(errors[order], [3] * 40, [speakers[place] for place in order], seed=3)


@pytest.mark.parametrize("speakers", [6, 20])
def test_intervals_hold_the_truth_about_as_often_as_they_say(speakers):
    """Speakers differ (WER 10 % on average); intervals of independent words would hold it far less often."""
    rng, held, naive = np.random.default_rng(0), 0, 0
    names = np.repeat([f"s{place}" for place in range(speakers)], 30)
    for _ in range(200):
        hard = np.repeat(rng.gamma(3, 0.1 / 3, speakers), 30).clip(0, 1)
        errors = rng.binomial(2, hard)
        low, high = wer_interval(errors, [2] * len(errors), names, seed=1, replications=500)
        held += low <= 0.1 <= high
        alone = score_interval(errors.sum(), 2 * len(errors))
        naive += alone[0] <= 0.1 <= alone[1]
    assert 0.88 <= held / 200 <= 0.99
    assert naive < held - 20


def test_counts_add_only_to_counts():
    assert sum([], start=Counts()) == Counts()
    with pytest.raises(TypeError):
        5 + Counts()
