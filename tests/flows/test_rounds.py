"""How the plan of an adaptive study grows: round by round, by what its trials found and nothing else."""

from dataclasses import replace
from itertools import product

import pytest

from components.report import rounds_sentence
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy as Study
from components.study.plan import Plan, Trial, make_plan
from components.study.repeat import repeat_command
from components.study.splits import fine_ladder
from components.study.tracking import rounds as module
from components.study.tracking.rounds import rounds
from components.subjects import check_study
from components.subjects.speech import SPEECH
from tests.study.curves.simulated import both, end_to_end, modular, study

SIZES = (30, 42, 60, 85, 120, 170, 240, 340, 480, 680, 960, 1360, 1920)
DRAWS = 5


def grid(record):
    """The full grid of a simulated study, whose trials are told apart by the run that holds their result."""
    facts = ((t.recogniser, t.family, t.fold, t.size, t.draw, t.init, t.run_id) for t in record.trials)
    trials = sorted((Trial(*each, "corpus", "code") for each in facts), key=lambda trial: -trial.size)
    return Plan(tuple(trials), {name: {} for name in record.recognisers})


@pytest.fixture
def grow(monkeypatch):
    """A simulated full grid and settings -> the rounds of an adaptive study of it."""

    def growing(record, now=lambda: 0.0, **asked):
        known = {trial.run_id: trial for trial in record.trials}
        monkeypatch.setattr(
            module, "read_trials", lambda _, __, planned: [known[one["fingerprint"]] for one in planned]
        )
        return list(rounds(Study(adaptive=True, draws=DRAWS, **asked), SPEECH.nouns, grid(record), None, now))

    return growing


@pytest.fixture(scope="module")
def record():
    return both(sizes=SIZES, draws=DRAWS, each=10)


def test_the_plan_starts_coarse_and_grows_towards_the_crossing(grow, record):
    first, *between, last = grow(record)
    assert {(t.size, t.draw) for t in first.trials} == set(product((30, 240, 1920), (0, 1)))
    assert [step["trials"] for step in last.growth["rounds"]] == [
        len(one.trials) for one in (first, *between)
    ]
    assert (last.trials, last.growth["grid"]) == ((), 130)
    assert len(last.asked) == len(set(last.asked)) <= 130 // 3
    truth = next(size for size in range(30, 1920) if end_to_end(size) < modular(size))
    added = {trial.size for one in between for trial in one.trials} - {30, 240, 1920}
    assert added and all(truth / 4 < size < 4 * truth for size in added)
    assert first.title == "round 1: 30, 240, 1,920 utterances"


def test_the_same_results_grow_the_same_plan(grow, record):
    assert grow(record) == grow(record)


def test_a_wider_interval_is_enough_sooner(grow, record):
    spent = [len(grow(record, width=width)[-1].asked) for width in (20.0, 1.5)]
    assert spent[0] < spent[1]


def test_no_more_trials_are_run_than_allowed(grow, record):
    last = grow(record, width=1.01, most_trials=17)[-1]
    assert 12 <= len(last.asked) <= 17
    assert last.growth["ended"] == "another round would go beyond 17 trials"


def test_no_round_begins_after_the_minutes_are_over(grow, record):
    clock = iter(range(0, 6000, 60))
    found = grow(record, now=lambda: next(clock), width=1.01, most_minutes=2.0)
    assert [len(one.trials) > 0 for one in found] == [True, True, False]
    assert found[-1].growth["ended"] == "the 2 minutes were over"


def test_failed_trials_are_not_asked_for_again(grow):
    failing = both(sizes=SIZES, draws=DRAWS, each=10, fail=[("ctc", 240), ("gmm", 30, 0)])
    last = grow(failing)[-1]
    assert len(last.asked) == len(set(last.asked))
    assert last.growth["ended"] != module.NO_ANSWER


def test_a_family_whose_trials_all_fail_ends_the_study(grow):
    found = grow(both(sizes=SIZES, draws=DRAWS, each=2, fail=["ctc"]))
    assert [len(one.trials) for one in found] == [12, 0]
    assert found[-1].growth["ended"] == module.NO_ANSWER


def test_a_recogniser_that_is_never_the_best_of_its_family_is_left_at_the_first_round(grow):
    rates = {
        ("gmm", "modular"): modular,
        ("worse", "modular"): lambda n: min(1, 3 * modular(n)),
        ("ctc", "end-to-end"): end_to_end,
    }
    first, *more = grow(study(rates, sizes=SIZES[::3], draws=DRAWS, each=10))
    assert {trial.recogniser for trial in first.trials} == {"gmm", "worse", "ctc"}
    assert {trial.recogniser for one in more for trial in one.trials} == {"gmm", "ctc"}


def test_one_family_has_no_crossing_to_grow_towards(grow):
    with pytest.raises(ValueError) as error:
        grow(study({("gmm", "modular"): modular}, sizes=SIZES, draws=DRAWS, each=2))
    assert str(error.value) == (
        "an adaptive study expected modular and end-to-end recognisers, got only modular ones; "
        "name one of each with --recognisers."
    )


def test_a_budget_that_the_first_round_is_beyond_is_refused(grow, record):
    with pytest.raises(ValueError) as error:
        grow(record, most_trials=5, name="digits")
    assert str(error.value) == (
        "most_trials expected at least 12, the first round of digits, got 5; "
        "raise --most-trials or compare fewer recognisers."
    )


def test_the_report_says_what_was_spent_and_why_it_ended(grow, record):
    growth = grow(record, width=1.01, most_trials=17)[-1].growth
    assert rounds_sentence(record) == ""
    said = rounds_sentence(replace(record, rounds=growth))
    assert said.startswith("Spent 1") and said.endswith(
        "of the 130 trials of the full grid, in 2 rounds; it ended there: another round would go "
        "beyond 17 trials."
    )
    stopped = rounds_sentence(replace(record, rounds={**growth, "ended": ""}))
    assert stopped.endswith("it was stopped before it had ended.")


def test_limits_of_a_growing_plan_are_refused_where_none_grows():
    with pytest.raises(ValueError) as error:
        check_study({"width": 3.0, "most_trials": 9, "most_minutes": 1})
    assert str(error.value).splitlines()[1:] == [
        "  width: expected an adaptive study, got 3 without; add --adaptive.",
        "  most_trials: expected an adaptive study, got 9 without; add --adaptive.",
        "  most_minutes: expected an adaptive study, got 1 without; add --adaptive.",
    ]


def test_an_adaptive_study_of_one_draw_is_refused_with_every_other_bad_setting():
    with pytest.raises(ValueError) as error:
        check_study({"adaptive": True, "draws": 1, "width": 0.5})
    assert str(error.value).splitlines()[1:] == [
        "  adaptive: expected at least 2 draws, got 1: one draw has no interval; raise --draws.",
        "  width: input should be greater than 1, got 0.5.",
    ]


def test_the_command_that_repeats_an_adaptive_study_can_be_typed():
    asked = Study(corpus="fsdd", adaptive=True, width=1.5)
    assert repeat_command(asked) == "crossover compare --corpus fsdd --adaptive --width 1.5"


def test_the_full_grid_goes_up_by_square_roots_of_two(digits):
    assert fine_ladder(160) == [20, 28, 40, 57, 80, 110, 160]
    assert fine_ladder(12) == [12]
    asked = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "adaptive": True}
    made = make_plan(SPEECH, Study(**asked), speech_dataset(read_corpus("fsdd", data=digits)))
    assert sorted({trial.size for trial in made.trials}) == [20, 28, 40]
