"""Trials done, failed and left, and the time still to go."""

import io

import pytest
from rich.console import Console

from components.study.plan import Trial
from flows.progress import Progress, clock, report_progress, seconds_left
from flows.trial import Outcome


def trial(size, recogniser="mfcc-svm", draw=0):
    return Trial(
        recogniser, "modular", "declared", size, draw, 0, f"{recogniser}-{size}-{draw}", "corpus", "code"
    )


def outcome(size, seconds, recogniser="mfcc-svm", error=""):
    return Outcome(trial(size, recogniser), "run", seconds, error=error)


def test_nothing_is_foretold_before_a_trial_has_ended():
    assert seconds_left([], [trial(20)], 2) is None


def test_a_trial_is_expected_to_take_as_its_recogniser_grows_with_sizes():
    done = [outcome(100, 10.0), outcome(1600, 40.0), outcome(100, 7.0, "mel-ctc")]
    assert seconds_left(done, [trial(400)], 1) == pytest.approx(20.0)
    assert seconds_left(done, [trial(100)], 1) == 10.0
    assert seconds_left(done, [trial(1600, "mel-ctc")], 1) == pytest.approx(7.0 * 16**0.75)


def test_a_recogniser_with_no_trial_yet_is_expected_to_be_like_the_others():
    assert seconds_left([outcome(100, 10.0)], [trial(100, "mel-ctc")], 1) == 10.0


SECONDS = {"mfcc-svm": lambda size: 0.5 + 0.002 * size, "mel-ctc": lambda size: 6.0 * size**0.6}


def test_the_time_left_is_right_where_costs_differ_a_hundredfold():
    """Every trial was expected to take as long as the nearest one: much too long after the first."""
    sizes, names = [20 * 2**step for step in range(9)], list(SECONDS)
    todo = [trial(size, name, draw) for size in sizes[::-1] for name in names for draw in range(3)]
    wrong = []
    for ended in range(12, len(todo)):
        done = [outcome(one.size, SECONDS[one.recogniser](one.size), one.recogniser) for one in todo[:ended]]
        true = sum(SECONDS[one.recogniser](one.size) for one in todo[ended:])
        wrong.append(seconds_left(done, todo[ended:], 1) / true)
    assert min(wrong) > 0.8 and max(wrong) < 1.25


def test_one_long_trial_among_the_last_is_waited_for():
    left = [trial(1000), *(trial(10, draw=draw) for draw in range(5))]
    done = [outcome(1000, 100.0), outcome(10, 1.0)]
    assert seconds_left(done, left, 4) == 100.0


def test_workers_share_what_is_left():
    left = [trial(100, draw=draw) for draw in range(6)]
    assert seconds_left([outcome(100, 10.0)], left, 3) == 20.0


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (7.9, "0:08"), (187, "3:07"), (4000, "66:40")])
def test_seconds_are_shown_as_minutes_and_seconds(seconds, shown):
    assert clock(seconds) == shown


def watched(planned, outcomes, width=100):
    """What a console that is no terminal shows of outcomes, in order."""
    shown = io.StringIO()
    trials = [one.trial for one in outcomes]
    with Progress(trials, planned, 1, Console(file=shown, width=width), examples="utterances") as progress:
        for one in outcomes:
            progress.ended(one)
    return shown.getvalue().splitlines()


def test_without_a_terminal_each_trial_of_a_small_study_is_a_line():
    assert watched(4, [outcome(30, 60.0), outcome(20, 30.0), outcome(10, 15.0)]) == [
        "trials: 2 done, 0 failed, 2 left, about 1:11 to go",
        "trials: 3 done, 0 failed, 1 left, about 0:09 to go",
        "trials: 4 done, 0 failed, 0 left",
    ]


def test_a_large_study_is_shown_a_line_a_tenth():
    outcomes = [outcome(size, 1.0) for size in range(1, 201)]
    assert len(watched(200, outcomes)) == 10


def test_a_failed_trial_is_named_with_its_error_in_one_line():
    (failed, state) = watched(1, [outcome(30, 60.0, error="ValueError: [bold] is not a knob")])
    assert failed == "failed mfcc-svm with 30 utterances, draw 0: ValueError: [bold] is not a knob"
    assert state == "trials: 0 done, 1 failed, 0 left"


def test_a_long_error_is_not_broken_where_no_terminal_is():
    error = "ValueError: " + "x" * 300
    assert watched(1, [outcome(30, 60.0, error=error)])[0].endswith(error)


def training_at(step, seconds, **others):
    return {"step": step, "steps": 1900, "seconds": seconds, "seconds_left": 187.0, **others}


def shown_while_training(*trainings, terminal=False):
    """What a console shows of one trial that reports its progress, until just before it ends."""
    shown, one = io.StringIO(), outcome(2700, 300.0, "mel-ctc")
    console = Console(file=shown, width=120, force_terminal=terminal)
    with Progress([one.trial], 1, 1, console, examples="utterances") as progress:
        for training in trainings:
            report_progress(one.trial, training)
        progress.bar.refresh()
        before = shown.getvalue()
        progress.ended(one)
    return before


def test_a_long_training_is_a_line_a_minute_without_a_terminal():
    seconds = range(1, 150)
    lines = shown_while_training(*(training_at(10 * s, s, loss=0.1234, dev_wer=0.013) for s in seconds))
    name, rest = "mel-ctc with 2700 utterances, draw 0", "loss 0.123, dev WER 1.3%, 3:07 to go"
    assert lines.splitlines() == [f"{name}: step {step}/1,900, {rest}" for step in ("600", "1,200")]


def test_a_long_training_has_a_bar_of_its_own_on_a_terminal_and_a_short_one_has_none():
    assert "mel-ctc n=2700" not in shown_while_training(training_at(100, 9.0), terminal=True)
    shown = shown_while_training(training_at(100, 9.0), training_at(120, 11.0, loss=2.0), terminal=True)
    assert "mel-ctc n=2700" in shown
    assert "step 120/1,900, loss 2, 3:07 to go" in shown


def test_the_bar_of_a_training_goes_when_its_trial_has_ended():
    one = outcome(2700, 300.0, "mel-ctc")
    with Progress([one.trial], 1, 1, Console(file=io.StringIO(), force_terminal=True)) as progress:
        report_progress(one.trial, training_at(500, 50.0))
        assert len(progress.bar.tasks) == 2
        progress.ended(one)
        assert len(progress.bar.tasks) == 1


def test_where_nobody_watches_nothing_is_shown(capsys):
    report_progress(trial(20), training_at(500, 500.0))
    assert capsys.readouterr().out == ""
