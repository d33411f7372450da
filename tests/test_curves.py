"""Learning curves, the crossover and its sentence, on simulated studies whose truth is known."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.curves import BEST, crossover, crossovers, learning_curves, sentence
from components.curves.answer import about, percent
from components.curves.crossing import all_crossings, last_crossing
from components.curves.tally import tally
from components.results import StudyRecord, TrialResult

SIZES = (30, 60, 120, 250, 500, 1000, 2000)


def modular(size):
    return 0.03 + 0.6 * size**-0.45


def end_to_end(size):
    return min(0.95, 6 * size**-0.75)


def crossing_of(one, other):
    return next(size for size in range(SIZES[0], SIZES[-1]) if other(size) < one(size))


def study(
    rates, sizes=SIZES, draws=3, speakers=12, each=25, seed=0, spread=0.1, fail=(), folds=("",), **corpus
):
    """(name, family) -> rate by size: a record with binomial errors, speakers and draws that differ."""
    rng = np.random.default_rng(seed)
    hard = np.repeat(rng.lognormal(-0.08, 0.4, speakers), each)
    names = [f"clip-{place}" for place in range(speakers * each)]
    who = [f"speaker-{place // each}" for place in range(speakers * each)]
    trials = []
    for (name, family), rate in rates.items():
        for size, draw, fold in ((s, d, f) for s in sizes for d in range(draws) for f in folds):
            wrong = rng.binomial(2, np.clip(rate(size) * hard * rng.lognormal(0, spread), 0, 1))
            columns = {"name": names, "speaker": [fold + s for s in who], "words": 2, "substitutions": wrong}
            table = pd.DataFrame(columns | {"insertions": 0, "deletions": 0})
            lost = (name, size, draw) in fail or (name, size) in fail or name in fail
            facts = (f"{name}-{size}-{draw}", name, family, fold, size, draw, 0)
            trials.append(
                TrialResult(*facts, "failed", "ValueError: no luck")
                if lost
                else TrialResult(*facts, "finished", utterances=table)
            )
    facts = {"name": "spoken-commands", "synthetic": True} | corpus
    return StudyRecord("s", "r", facts, {}, "crossover compare", "2026-11-21", {}, trials)


def both(one=modular, other=end_to_end, **more):
    return study({("gmm", "modular"): one, ("ctc", "end-to-end"): other}, **more)


def answer(record):
    return sentence(record, learning_curves(record.finished, replications=500) if record.finished else None)


def test_a_curve_is_all_errors_over_all_words():
    record = both(draws=2)
    curve = learning_curves(record.finished, replications=50).curves["gmm"]
    own = [trial.utterances for trial in record.trials if trial.recogniser == "gmm" and trial.size == 120]
    errors, words = sum(t["substitutions"].sum() for t in own), sum(t["words"].sum() for t in own)
    assert curve.rate[2] == pytest.approx(errors / words)
    assert (curve.low <= curve.rate).all() and (curve.rate <= curve.high).all()
    assert list(curve.trials) == [2] * len(SIZES)
    assert curve.runs.mean(axis=0) == pytest.approx(curve.rate)


def test_a_crossing_inside_the_sizes_is_found_near_the_truth():
    found = crossover(learning_curves(both(draws=5).finished), "gmm", "ctc")
    truth = crossing_of(modular, end_to_end)
    assert found.outcome == "inside" and found.low < truth < found.high
    assert abs(math.log(found.estimate / truth)) < math.log(1.5)
    assert found.below + found.inside + found.never == pytest.approx(1)


def test_an_end_to_end_side_ahead_from_the_start_is_below():
    found = crossover(learning_curves(both(other=lambda n: modular(n) / 3).finished), "gmm", "ctc")
    assert (found.outcome, found.estimate, found.low, found.high) == ("below", None, 0.0, 0.0)
    assert found.below > 0.97 and all(found.leads) and found.crossings == ()


def test_an_end_to_end_side_behind_to_the_end_is_never():
    found = crossover(learning_curves(both(other=lambda n: min(1, modular(n) * 3)).finished), "gmm", "ctc")
    assert (found.outcome, found.estimate, found.low) == ("never", None, math.inf)
    assert found.never > 0.97 and not any(found.leads)


def test_every_change_of_lead_is_named_and_the_last_one_counts():
    ahead = np.array([-1.0, 1.0, -1.0, 2.0])
    crossings = all_crossings(np.array([10, 100, 1000, 10000]), ahead)
    assert len(crossings) == 3 and crossings == tuple(sorted(crossings))
    assert last_crossing(np.array([10, 100, 1000, 10000]), ahead[None])[0] == pytest.approx(crossings[-1])


def test_two_straight_lines_on_log_axes_cross_where_they_do():
    sizes = np.array([10, 100, 1000])
    lead = np.log(sizes / 200.0)
    assert last_crossing(sizes, lead[None])[0] == pytest.approx(200, rel=0.01)


def test_equal_error_is_no_lead():
    sizes = np.array([10, 100])
    assert math.isinf(last_crossing(sizes, np.array([[0.0, 0.0]]))[0])
    assert last_crossing(np.array([10]), np.array([[0.5]]))[0] == 0


def test_intervals_of_the_crossover_hold_the_truth_about_as_often_as_they_say():
    truth = crossing_of(modular, end_to_end)
    held = 0
    for seed in range(60):
        curves = learning_curves(both(seed=seed, each=15).finished, replications=300)
        found = crossover(curves, "gmm", "ctc")
        held += found.low <= truth <= found.high
    assert held >= 52


def test_draws_that_differ_widen_the_interval():
    calm, wild = (learning_curves(both(spread=s, draws=4).finished, replications=500) for s in (0.0, 0.5))
    width = [np.log(c.curves["gmm"].high / c.curves["gmm"].low).mean() for c in (calm, wild)]
    assert width[1] > 1.3 * width[0]


def test_no_error_anywhere_still_leaves_room_above():
    curve = learning_curves(both(one=lambda n: 0.0).finished, replications=50).curves["gmm"]
    assert (curve.rate == 0).all() and (curve.low == 0).all() and (curve.high > 0.001).all()


def test_the_best_of_a_family_is_not_flattered_by_the_test_it_is_scored_on():
    """Eight equal recognisers: picking the luckiest on the test itself would look clearly better."""
    equal = {(f"gmm-{place}", "modular"): lambda n: 0.1 for place in range(8)}
    curves = learning_curves(study(equal, sizes=(100,), draws=1, spread=0, each=10).finished, replications=20)
    single = [curves.curves[f"gmm-{place}"].rate[0] for place in range(8)]
    assert curves.curves[BEST["modular"]].rate[0] > min(single)


def test_the_best_of_one_is_that_one():
    curves = learning_curves(both().finished, replications=50)
    assert curves.curves[BEST["modular"]].rate == pytest.approx(curves.curves["gmm"].rate)


def test_a_size_where_all_trials_failed_is_left_out_and_the_rest_stays():
    curves = learning_curves(both(fail={("ctc", 30), ("ctc", 60, 1)}).finished, replications=50)
    assert list(curves.curves["ctc"].sizes) == list(SIZES[1:])
    assert list(curves.curves["ctc"].trials) == [2] + [3] * 5
    assert crossover(curves, "gmm", "ctc").sizes == SIZES[1:]


def test_a_size_that_part_of_the_test_never_heard_is_left_out():
    record = both(folds=("one", "two"), draws=2)
    kept = [t for t in record.trials if not (t.recogniser == "gmm" and t.size == 60 and t.fold == "two")]
    assert 60 not in learning_curves(kept, replications=50).curves["gmm"].sizes


def test_a_failed_fold_takes_no_hard_speakers_out_of_the_mean():
    """Draw 1 misses fold two: its speakers keep the error that draw 0 measured."""
    record = both(folds=("one", "two"), draws=2, spread=0)
    kept = [t for t in record.trials if not (t.recogniser == "gmm" and t.fold == "two" and t.draw == 1)]
    curve = learning_curves(kept, replications=20).curves["gmm"]
    parts = [
        [
            t.utterances["substitutions"].sum()
            for t in kept
            if t.recogniser == "gmm" and t.size == 30 and t.fold == f
        ]
        for f in ("one", "two")
    ]
    assert curve.rate[0] == pytest.approx((np.mean(parts[0]) + np.mean(parts[1])) / (2 * 12 * 25 * 2))


def test_every_pair_and_the_best_of_each_family_are_compared():
    rates = {
        ("gmm", "modular"): modular,
        ("svm", "modular"): lambda n: 0.3,
        ("ctc", "end-to-end"): end_to_end,
    }
    found = crossovers(learning_curves(study(rates).finished, replications=50))
    assert [(each.modular, each.end_to_end) for each in found] == [
        ("best modular", "best end-to-end"),
        ("gmm", "ctc"),
        ("svm", "ctc"),
    ]


def test_same_seed_same_answer():
    record = both()
    first, second = (crossovers(learning_curves(record.finished, seed=4, replications=100)) for _ in range(2))
    assert first == second


def test_a_tally_keeps_runs_recognisers_sizes_and_speakers_apart():
    record = both(draws=2, speakers=5, each=4)
    counts = tally(record.finished)
    assert counts.errors.shape == (2, 2, len(SIZES), 5)
    trial = next(t for t in record.trials if (t.recogniser, t.size, t.draw) == ("ctc", 250, 1))
    errors = trial.utterances.groupby("speaker")["substitutions"].sum()
    assert list(counts.errors[1, 1, 3]) == list(errors)
    assert list(counts.utterances) == [4] * 5 and list(counts.words) == [8] * 5


def test_nothing_finished_is_refused():
    wanted = "tally wants at least one finished trial, got 2 trials and none finished"
    with pytest.raises(ValueError, match=f"^{wanted}$"):
        tally(both(sizes=(30,), draws=1, fail={"gmm", "ctc"}).trials)


# the sentence


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
        "utterances, the smallest size tried (so say 100 % of the resampled studies)."
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
