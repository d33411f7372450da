"""The sentence that answers the question, in every case."""

import re
from dataclasses import replace

import pytest

from components.study.curves import learning_curves, sentence
from components.study.curves.answer import about, percent
from tests.study.curves.simulated import SIZES, both, modular, study


def answer(record):
    return sentence(record, learning_curves(record.finished, replications=500) if record.finished else None)


def test_sentence_inside():
    said = answer(both())
    assert re.fullmatch(
        r"On spoken-commands \(synthetic speech\), end-to-end \(ctc\) beats modular \(gmm\) from about "
        r"[\d,]+ labelled utterances on \(95 % interval [\d,]+ to [\d,]+\)\.",
        said,
    )


def test_sentence_of_an_interval_that_leaves_the_sizes_tried():
    said = answer(both(other=lambda n: modular(n) * (1.02 - 0.00001 * n), each=4, speakers=6))
    assert "labelled utterances on (95 % interval below 30 to more than 2,000). The lead changes" in said


def test_one_draw_with_several_inits_claims_no_interval():
    record = both(draws=3)
    trials = [replace(trial, draw=0, init=trial.draw) for trial in record.trials]
    assert answer(replace(record, trials=trials)).endswith("; run at least 3 draws.")


def test_sentence_of_real_speech_claims_nothing_synthetic():
    assert answer(both(name="fsdd", synthetic=False)).startswith("On fsdd, end-to-end (ctc) beats")


def test_sentence_below():
    assert answer(both(other=lambda n: modular(n) / 4)) == (
        "On spoken-commands (synthetic speech), end-to-end (ctc) already beats modular (gmm) at 30 labelled "
        "utterances, the smallest size tried (so say over 99 % of the resampled studies)."
    )


def test_sentence_never():
    assert answer(both(other=lambda n: min(1, modular(n) * 4))) == (
        "On spoken-commands (synthetic speech), end-to-end (ctc) does not beat modular (gmm) within the "
        "2,000 labelled utterances tried (so say 100 % of the resampled studies)."
    )


def test_sentence_twice():
    waves = {30: 2.5, 60: 0.4, 120: 0.4, 250: 2.5, 500: 2.5, 1000: 0.4, 2000: 0.4}
    said = answer(both(one=lambda n: 0.2, other=lambda n: 0.2 * waves[n]))
    assert " The lead changes hands 3 times, at about " in said and "from about" in said


def test_sentence_of_a_lead_that_is_lost_again():
    said = answer(both(one=lambda n: 0.2, other=lambda n: 0.05 if n < 200 else 0.5))
    assert "does not stay ahead of modular (gmm) within the 2,000 labelled utterances tried" in said
    assert " It leads only up to about " in said


def test_sentence_of_one_draw_claims_no_interval():
    said = answer(both(draws=1))
    assert "interval" not in said
    assert said.endswith(
        " labelled utterances on. Trained on one draw only: too few to say how sure that is; "
        "run at least 3 draws."
    )


def test_sentence_of_one_size():
    assert answer(both(sizes=(30,), other=lambda n: 0.9)) == (
        "On spoken-commands (synthetic speech), end-to-end (ctc) does not beat modular (gmm) at 30 labelled "
        "utterances, the only size tried (so say 100 % of the resampled studies)."
    )


def test_sentence_of_one_family():
    assert answer(study({("gmm", "modular"): modular})) == (
        "On spoken-commands (synthetic speech), only modular recognisers were measured, so there is no "
        "crossover to report: add at least one that is end-to-end."
    )


def test_sentence_of_a_family_that_failed():
    assert answer(both(fail={"ctc"})) == (
        "On spoken-commands (synthetic speech), only modular recognisers were measured, for all 21 trials of "
        "end-to-end ones failed, so there is no crossover to report."
    )


def test_sentence_of_nothing_but_failures():
    assert answer(both(fail={"ctc", "gmm"})) == (
        "On spoken-commands (synthetic speech), all 42 trials failed, so there is nothing to compare; "
        "the first said: ValueError: no luck"
    )


def test_sentence_of_no_shared_size():
    fail = {("gmm", size) for size in SIZES[:3]} | {("ctc", size) for size in SIZES[3:]}
    assert answer(both(fail=fail)) == (
        "On spoken-commands (synthetic speech), the two families have no training size in common, so there "
        "is no crossover to report."
    )


def test_sentence_of_no_trial():
    assert answer(study({})) == (
        "On spoken-commands (synthetic speech), no trial was run, so there is nothing to compare."
    )


@pytest.mark.parametrize(
    ("size", "words"),
    [(417.3, "420"), (2713, "2,700"), (99.6, "100"), (7.4, "7"), (31.8, "32"), (12345, "12,000")],
)
def test_numbers_of_utterances_are_said_with_two_figures(size, words):
    assert about(size) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.004, "under 1 %"), (0.995, "over 99 %"), (1.0, "100 %"), (0.4, "40 %")]
)
def test_shares_are_never_rounded_to_certainty(share, words):
    assert percent(share) == words
