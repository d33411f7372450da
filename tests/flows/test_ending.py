"""How a study ended, told to whoever started it: exit status, and the message of a failed run."""

from dataclasses import replace

import pytest

from components.report import shortfall_sentence
from flows.ending import exit_status, failure
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import findings_of

BOTH = {name: TRUTH[name] for name in ("mfcc-svm", "mel-ctc")}


def small(failing=lambda *_: False, truth=BOTH):
    """A study of two sizes and two draws; failing: (recogniser, size, draw) -> whether that trial fails."""
    return fake_study(truth, (30, 450), 2, utterances=24, failing=failing)


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (small(), 0),
        (small(lambda name, size, draw: (name, size, draw) == ("mel-ctc", 30, 1)), 3),
        (small(lambda name, size, draw: name == "mel-ctc"), 4),
        (small(lambda name, size, draw: (name == "mel-ctc") == (size == 30)), 4),  # no size in common
        (small(lambda *_: True), 4),
        (small(truth={"mfcc-svm": TRUTH["mfcc-svm"]}), 0),
        (small(lambda name, size, draw: draw, {"mfcc-svm": TRUTH["mfcc-svm"]}), 3),
        (small(lambda *_: True, {"mfcc-svm": TRUTH["mfcc-svm"]}), 4),
    ],
    ids=["all", "one failed", "a family", "no size", "none", "one family", "half of it", "none of it"],
)
def test_the_exit_status_says_whether_trials_are_missing_and_whether_there_is_an_answer(record, status):
    assert exit_status(record) == status
    assert bool(failure(record)) == bool(status)


def planned(record, more=0):
    """The same study, of which so many more trials were asked for than have ended."""
    plan = [{"recogniser": one.recogniser, "family": one.family} for one in record.trials]
    return replace(record, planned=plan + plan[:more])


def test_a_trial_that_was_never_run_is_missing_as_well():
    record = planned(small(), more=2)
    assert exit_status(record) == 3
    assert shortfall_sentence(record) == "2 of 10 trials were not run; the same command tries them again."
    assert exit_status(planned(small())) == 0


def test_what_failed_and_what_was_not_run_are_told_apart():
    record = planned(small(lambda name, size, draw: (name, draw) == ("mel-ctc", 1)), more=1)
    assert shortfall_sentence(record) == (
        "2 of 9 trials failed and 1 of 9 trials was not run; the report names them, and the same command "
        "tries them again."
    )


def test_the_message_of_a_failed_run_holds_what_is_missing_and_the_answer_that_there_is():
    record = small(lambda name, size, draw: name == "mel-ctc")
    assert failure(record) == (
        "4 of 8 trials failed; the report names them, and the same command tries them again. "
        f"{findings_of(record).sentence}"
    )
    assert failure(small()) == ""
