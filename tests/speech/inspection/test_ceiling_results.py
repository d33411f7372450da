"""Results of a ceiling analysis: the bottleneck, and when none is significant."""

import json
import math

import pytest

from components.speech.inspection.ceiling import (
    AS_TRAINED,
    ORACLES,
    Ceiling,
    StageScores,
    pooled,
    read_ceiling,
    sentence,
)


def make_ceiling(words=40, trained=(1,) * 20, **better):
    """Errors of each utterance as trained, and with the oracles named (spaces as underscores)."""
    errors = {name: list(better.get(name.replace(" ", "_"), trained)) for name in (AS_TRAINED, *ORACLES)}
    return Ceiling(words, errors, StageScores())


def test_the_stage_whose_truth_leaves_fewest_errors_holds_back():
    one = make_ceiling(true_phones=(0,) * 20, oracle_LM=(0,) * 8 + (1,) * 12)
    assert one.bottlenecks() == ["true phones"]
    assert sentence("hmm", {100: one}) == (
        "At 100 utterances the acoustic model holds hmm back most: "
        "its words wrong fall from 50.0 % to 0.0 % with true phones."
    )


def test_a_tie_names_both_stages():
    one = make_ceiling(true_phones=(0,) * 12 + (1,) * 8, oracle_LM=(1,) * 9 + (0,) * 11)
    assert one.bottlenecks() == ["true phones", "oracle LM"]
    assert sentence("hmm", {100: one}) == (
        "At 100 utterances the acoustic model or the language model holds hmm back most, "
        "which of them is too close to tell: its words wrong fall from 50.0 % to 20.0 % with true phones, "
        "to 22.5 % with oracle LM."
    )


def test_one_error_less_is_chance():
    one = make_ceiling(true_phones=(0,) + (1,) * 19)
    assert one.bottlenecks() == []
    assert sentence("hmm", {100: one}) == (
        "At 100 utterances no stage of hmm that is replaced by the truth lowers its errors beyond chance."
    )


def test_the_sentence_falls_back_on_the_largest_size_that_tells():
    sizes = {
        20: make_ceiling(true_phones=(0,) * 20),
        50: make_ceiling(oracle_LM=(0,) * 20),
        100: make_ceiling(),
    }
    assert sentence("hmm", sizes).startswith("At 100 utterances no stage of hmm that")
    assert "At 50 utterances the language model holds hmm back most" in sentence("hmm", sizes)


def test_trials_of_a_size_are_added_before_they_are_divided():
    one, two = make_ceiling(words=40), make_ceiling(words=10, trained=(2,), true_phones=(0,))
    plain = [{"recogniser": "hmm", "size": 50, "ceiling": each.to_dict()} for each in (one, two)]
    both = pooled(json.loads(json.dumps(plain)))["hmm"][50]
    assert (both.words, both.wrong(), both.wrong("true phones")) == (50, 22, 20)
    assert both.rate() == 22 / 50


def test_sizes_rise_whatever_the_order_of_trials():
    plain = [
        {"recogniser": "hmm", "size": size, "ceiling": make_ceiling().to_dict()} for size in (300, 20, 100)
    ]
    assert list(pooled(plain)["hmm"]) == [20, 100, 300]


def test_scores_are_sums_divided_once_and_nan_where_nothing_was_counted():
    scores = StageScores(frames=10, frames_right=5, lm_words=2, lm_nats=2 * math.log(8))
    rates = sum([scores, StageScores(frames=30, frames_right=25)]).rates()
    assert rates["frame accuracy"] == 30 / 40
    assert rates["LM perplexity"] == pytest.approx(8)
    assert math.isnan(rates["boundary error"])


def test_results_survive_json():
    one = Ceiling(3, {AS_TRAINED: [1], **{name: [0] for name in ORACLES}}, StageScores(words=3, lm_nats=1.5))
    assert read_ceiling(json.loads(json.dumps(one.to_dict()))) == one
