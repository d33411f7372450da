"""Size 0: a figure of its own with an interval, in one sentence, and no point of any curve."""

from dataclasses import replace

import numpy as np
import pytest

from components.report.findings import findings
from components.study.curves import learning_curves
from components.study.curves.without_labels import without_labels, without_labels_sentence
from tests.report.fake_study import TRUTH, fake_study

NAMES = ("mfcc-gmm-hmm", "mel-ctc")


@pytest.fixture(scope="module")
def record():
    """A study with size 0, at which each system was asked once."""
    learned = fake_study({name: TRUTH[name] for name in NAMES}, (30, 450), utterances=60)
    alone = fake_study(
        {"mfcc-gmm-hmm": lambda n: 0.4, "mel-ctc": lambda n: 0.2}, (0,), draws=1, utterances=60
    )
    settings = learned.settings | {"source": ["speech-commands"]}
    return replace(learned, trials=[*learned.trials, *alone.trials], settings=settings)


def test_no_curve_is_changed(record):
    learned = [trial for trial in record.trials if trial.size]
    with_zero, without = (learning_curves(trials, replications=50) for trials in (record.trials, learned))
    np.testing.assert_array_equal(with_zero.both, without.both)
    assert with_zero.sizes.tolist() == [30, 450] and with_zero.draws == without.draws


def test_rates_are_of_all_test_examples_with_an_interval_over_their_groups(record):
    measured = without_labels(record)
    assert list(measured) == list(NAMES)
    alone = [trial for trial in record.trials if not trial.size]
    for trial in alone:
        one = measured[trial.recogniser]
        assert one.rate == trial.metrics["wer"] and one.low < one.rate < one.high
    halves = [
        replace(trial, fold=fold, scores=trial.scores[trial.scores["group"].isin(own)])
        for trial in alone
        for fold, own in (("a", {"speaker-00"}), ("b", {f"speaker-{n:02d}" for n in range(1, 12)}))
    ]
    assert without_labels(replace(record, trials=halves)) == measured


def test_it_is_said_behind_the_answer_and_by_itself_where_nothing_was_learned(record):
    alone = replace(record, trials=[trial for trial in record.trials if not trial.size])
    said = without_labels_sentence(record, without_labels(record))
    rates = {name: f"{100 * one.rate:.1f} %" for name, one in without_labels(record).items()}
    begin = "From the source alone, with no labelled utterance: "
    assert said.startswith(f"{begin}{rates['mfcc-gmm-hmm']} words wrong by mfcc-gmm-hmm (95 % interval ")
    assert f"), {rates['mel-ctc']} by mel-ctc (" in said and said.count("95 % interval") == 1
    assert findings(record, 50).sentence.endswith(f" {said}")
    assert findings(alone, 50).sentence == said
    learned = replace(record, trials=[trial for trial in record.trials if trial.size])
    assert f"{findings(learned, 50).sentence} {said}" == findings(record, 50).sentence


def test_systems_that_err_alike_are_named_together(record):
    twins = [
        replace(trial, recogniser=name)
        for trial in record.trials
        if not trial.size and trial.recogniser == "mel-ctc"
        for name in NAMES
    ]
    said = without_labels_sentence(record, without_labels(replace(record, trials=twins)))
    assert " by mfcc-gmm-hmm and mel-ctc (" in said and said.count(" by ") == 1


def test_without_a_source_none_is_spoken_of_and_a_test_of_one_number_has_no_interval(record):
    alone = [trial for trial in record.trials if not trial.size]
    alone = [replace(trial, scores=trial.scores.head(1)) for trial in alone]
    record = replace(record, trials=alone, settings={})
    said = without_labels_sentence(record, without_labels(record))
    assert said.startswith("With no labelled utterance: ") and "95 % interval" not in said
