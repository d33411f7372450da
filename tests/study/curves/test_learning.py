"""Learning curves of simulated studies: what is counted, what is left out, how wide the interval is."""

import numpy as np
import pytest

from components.study.curves import BEST, crossover, learning_curves
from components.study.curves.error_counts import count_errors
from tests.study.curves.simulated import SIZES, both, study


def test_a_curve_is_all_errors_over_all_words():
    record = both(draws=2)
    curve = learning_curves(record.finished, replications=50).curves["gmm"]
    tables = [trial.scores for trial in record.trials if trial.recogniser == "gmm" and trial.size == 120]
    errors, words = sum(t["errors"].sum() for t in tables), sum(t["total"].sum() for t in tables)
    assert curve.rate[2] == pytest.approx(errors / words)
    assert (curve.low <= curve.rate).all() and (curve.rate <= curve.high).all()
    assert list(curve.trials) == [2] * len(SIZES)
    assert curve.runs.mean(axis=0) == pytest.approx(curve.rate)


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
        [t.scores["errors"].sum() for t in kept if t.recogniser == "gmm" and t.size == 30 and t.fold == f]
        for f in ("one", "two")
    ]
    assert curve.rate[0] == pytest.approx((np.mean(parts[0]) + np.mean(parts[1])) / (2 * 12 * 25 * 2))


def test_error_counts_keep_runs_recognisers_sizes_and_speakers_apart():
    record = both(draws=2, speakers=5, each=4)
    counts = count_errors(record.finished)
    assert counts.errors.shape == (2, 2, len(SIZES), 5)
    trial = next(t for t in record.trials if (t.recogniser, t.size, t.draw) == ("ctc", 250, 1))
    errors = trial.scores.groupby("group")["errors"].sum()
    assert list(counts.errors[1, 1, 3]) == list(errors)
    assert list(counts.examples) == [4] * 5 and list(counts.totals) == [8] * 5


def test_nothing_finished_is_refused():
    with pytest.raises(ValueError) as error:
        count_errors(both(sizes=(30,), draws=1, fail={"gmm", "ctc"}).trials)
    assert str(error.value) == (
        "count_errors expected at least one finished trial, got 2 trials and none finished; "
        "see the failed ones' errors."
    )
