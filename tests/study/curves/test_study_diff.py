"""Two studies compared, simulated: what differs is found, and what does not is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.speech.nouns import SPEECH_NOUNS
from components.study.curves import Crossover
from components.study.curves.change import holm
from components.study.curves.crossover_shift import crossover_shift
from components.study.curves.study_diff import least_error, same_test, study_diff
from components.study.results import StudyRecord, TrialResult

SIZES = (30, 120, 500)
RATES = {"gmm": lambda n: 0.03 + 0.6 * n**-0.45, "ctc": lambda n: min(0.9, 6 * n**-0.75)}
FAMILY = {"gmm": "modular", "ctc": "end-to-end"}


def study(
    luck, harder=1.0, clips=0, draws=3, sizes=SIZES, names=("gmm", "ctc"), speakers=12, each=20, spread=0.1
):
    """One study: `harder` times the errors, on the test clips and speakers of a number, with its own luck."""
    hard = np.repeat(np.random.default_rng(clips).lognormal(-0.08, 0.4, speakers), each)
    rng = np.random.default_rng([1, luck])
    who = [f"speaker-{place // each}" for place in range(speakers * each)]
    columns = {"id": [f"clip-{place}" for place in range(len(who))], "group": who, "reference": "a b"}
    trials = []
    for name in names:
        for size, draw in ((size, draw) for size in sizes for draw in range(draws)):
            rate = RATES[name](size) * hard * harder * rng.lognormal(0, spread)
            wrong = rng.binomial(2, np.clip(rate, 0, 1))
            table = pd.DataFrame(columns | {"errors": wrong, "total": 2})
            facts = (f"{name}-{size}-{draw}-{luck}", name, FAMILY[name], "", size, draw, 0, "finished")
            trials.append(TrialResult(*facts, scores=table))
    facts = {"name": "made-up", "fingerprint": f"clips-{clips}"}
    how = ({}, "crossover compare", "2026-11-21", {})
    return StudyRecord("s", f"run-{luck}", facts, *how, trials, nouns=SPEECH_NOUNS)


def test_a_difference_is_that_of_the_two_error_rates_and_lies_in_its_interval():
    apart = study_diff(study(0), study(1, harder=1.2))
    table = apart.table
    assert list(table["recogniser"]) == ["gmm"] * 3 + ["ctc"] * 3 and list(table["size"]) == [*SIZES] * 2
    assert (table["difference"] == table["after"] - table["before"]).all()
    assert ((table["low"] < table["difference"]) & (table["difference"] < table["high"])).all()
    assert (table["low"] >= -table["before"]).all()


def test_on_the_same_clips_what_both_share_cancels():
    calm = study(0, spread=0.01), study(1, spread=0.01)
    paired = study_diff(*calm)
    others = replace(calm[1], dataset={"fingerprint": "another"})
    apart = study_diff(calm[0], others)
    assert (paired.paired, apart.paired) == (True, False)
    width, wider = (one.table["high"] - one.table["low"] for one in (paired, apart))
    assert width.mean() < 0.8 * wider.mean()
    assert paired.table["difference"].to_numpy() == pytest.approx(apart.table["difference"].to_numpy())


def test_the_same_clips_with_other_texts_are_another_test():
    one, other = study(0), study(1)
    texts = [replace(trial, scores=trial.scores.assign(reference="c d")) for trial in other.trials]
    assert same_test(one, other) and not same_test(one, replace(other, trials=texts))
    assert not same_test(one, study(1, clips=1))


@pytest.mark.parametrize("clips", [0, 7], ids=["the same clips", "other clips"])
def test_half_as_many_errors_again_are_found_and_their_absence_is_not_worse(clips):
    worse = study_diff(study(0), study(1, harder=1.7, clips=clips)).worse
    assert len(worse) and (worse["difference"] > 0).all() and (worse["p_value"] < 0.05).all()
    assert not len(study_diff(study(0), study(1, harder=0.6, clips=clips)).worse)


def test_where_nothing_changed_hardly_any_study_is_called_worse():
    alarms, held = 0, []
    for luck in range(0, 30, 2):
        apart = study_diff(study(luck, each=8), study(luck + 1, each=8), replications=200)
        alarms += len(apart.worse) > 0
        held += list((apart.table["low"] <= 0) & (apart.table["high"] >= 0))
    assert alarms <= 2
    assert np.mean(held) >= 0.9


def test_the_very_same_runs_are_no_test_and_weaken_no_other():
    before, after = study(0), study(1, harder=1.3)
    kept = [trial for trial in before.trials if trial.recogniser == "gmm"]
    mixed = replace(after, trials=[*kept, *(trial for trial in after.trials if trial.recogniser == "ctc")])
    table = study_diff(before, mixed).table.set_index(["recogniser", "size"])
    assert (table.loc["gmm", "difference"] == 0).all() and (table.loc["gmm", "p_value"] == 1).all()
    alone = replace(mixed, trials=[trial for trial in mixed.trials if trial.recogniser == "ctc"])
    own = study_diff(before, alone).table.set_index(["recogniser", "size"])
    assert table.loc["ctc", "p_value"].to_numpy() == pytest.approx(
        own.loc["ctc", "p_value"].to_numpy(), abs=0.1
    )


def test_one_draw_is_too_few_to_call_anything_worse():
    apart = study_diff(study(0, draws=1), study(1, harder=2, draws=1))
    assert apart.repetitions == 1 and not len(apart.worse) and not apart.significant.any()


def test_only_what_both_measured_is_compared():
    table = study_diff(study(0, sizes=(30, 500)), study(1, names=("ctc",))).table
    assert list(zip(table["recogniser"], table["size"], strict=True)) == [("ctc", 30), ("ctc", 500)]
    assert not len(study_diff(study(0, sizes=(30,)), study(1, sizes=(500,))).table)
    assert not len(study_diff(study(0, names=("gmm",)), study(1, names=("ctc",))).table)


def test_no_errors_in_few_words_leave_room_and_in_many_less():
    none = np.zeros(1)
    few, many = (least_error(none, none, (words, words), paired=True)[0] for words in (20, 2000))
    assert few == pytest.approx(1 / 22) and many == pytest.approx(1 / 2002)
    assert least_error(none, none, (20, 20), paired=False)[0] == pytest.approx(np.sqrt(2 / 22 * 21 / 22 / 22))
    # two of twenty words that turned wrong, one by either speaker: a bootstrap of two speakers sees no luck
    twins = [study(luck, names=("gmm",), sizes=(30,), speakers=2, each=5) for luck in (0, 1)]
    wrong = [[0] * 10, [1, 0, 0, 0, 0] * 2]
    made = [
        replace(one, trials=[_with_errors(trial, said) for trial in one.trials])
        for one, said in zip(twins, wrong, strict=True)
    ]
    (row,) = study_diff(*made).table.itertuples()
    assert row.difference == pytest.approx(0.1) and row.low <= 0 and row.p_value > 0.2


def _with_errors(trial, wrong):
    return replace(trial, scores=trial.scores.assign(errors=wrong))


def test_chances_are_corrected_as_holm_has_it():
    assert holm(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm(np.array([])).shape == (0,)


def crossover_at(outcome, estimate, low, high, sizes=(30, 3000)):
    return Crossover("m", "e", sizes, outcome, estimate, low, high, 0, 1, 0, (), (False, True), 3)


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        (("inside", 100.0, 70, 150), ("inside", 120.0, 80, 170), "stayed"),
        (("inside", 100.0, 70, 150), ("inside", 160.0, 120, 300), "unclear"),
        (("inside", 100.0, 70, 150), ("inside", 500.0, 300, 900), "moved"),
        (("below", None, 0, 0), ("below", None, 0, 0), "stayed"),
        (("below", None, 0, 0), ("never", None, np.inf, np.inf), "moved"),
        (("inside", 2500.0, 2000, np.inf), ("never", None, 2200, np.inf), "stayed"),
        (("inside", 50.0, 40, 60), ("below", None, 0, 0, (100, 3000)), "stayed"),
    ],
)
def test_a_crossover_moved_where_the_intervals_lie_apart(before, after, shift):
    both = crossover_at(*before), crossover_at(*after)
    assert crossover_shift(*both) == crossover_shift(*reversed(both)) == shift
