"""MLflow as the memory: what goes in comes out, and is found again by its fingerprint."""

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pandas as pd
import pytest

from components.study.tracking import (
    Store,
    close_abandoned,
    close_study,
    find_study,
    finished_trial,
    finished_trials,
    log_failure,
    log_report,
    log_trial,
    open_study,
    read_study,
)
from components.study.tracking.store import CURVES
from components.study.tracking.trials import end_trial
from tests.speech.metrics import trial_metrics
from tests.study.tracking.small_study import DATASET, SCORES, STUDY, TRIALS, finish


def fail(store, run, one, error="Traceback\nValueError: too short"):
    tags = {**one, "study": "digits", "dataset": "digits", "dataset_fingerprint": "f00d"}
    return log_failure(store, run, tags, {}, error, time.time())


def test_a_study_is_read_back_as_it_was_logged(store):
    run = open_study(store, STUDY)
    made = finish(store, run, TRIALS[0])
    failed = fail(store, run, TRIALS[1])
    record = read_study(store, "digits")
    assert [one.run_id for one in record.trials] == [made, failed]
    assert record.finished[0].metrics["wer"] == 0.5
    assert record.finished[0].metrics["model_bytes"] == 12
    assert record.finished[0].params == {"svc__C": "1.0"}
    assert record.failed[0].error == "ValueError: too short"
    assert record.dataset["notice"] == "spoken by <nobody>"
    assert record.set_aside.to_dict("records") == [{"name": "x", "reason": "empty"}]
    pd.testing.assert_frame_equal(record.finished[0].scores, SCORES)


def test_only_finished_trials_are_remembered(store):
    run = open_study(store, STUDY)
    made = finish(store, run, TRIALS[0])
    fail(store, run, TRIALS[1])
    assert finished_trials(store, "f00d", TRIALS) == {"t20": made}
    assert finished_trials(store, "beef", TRIALS) == {}
    assert (finished_trial(store, TRIALS[0]["fingerprint"]), finished_trial(store, "t40")) == (made, "")


def test_a_trial_that_failed_and_then_finished_counts_as_finished(store):
    run = open_study(store, STUDY)
    fail(store, run, TRIALS[0])
    made = finish(store, run, TRIALS[0])
    fail(store, run, TRIALS[1], "ValueError: first")
    fail(store, run, TRIALS[1], "ValueError: second")
    record = read_study(store)
    assert [(one.run_id, one.status) for one in record.finished] == [(made, "finished")]
    assert [one.error for one in record.failed] == ["ValueError: second"]


def test_the_same_plan_has_one_parent_run_and_another_plan_another(store):
    first = open_study(store, STUDY)
    close_study(store, first, {"trials_failed": 0})
    assert open_study(store, STUDY) == first
    other = replace(STUDY, fingerprint="s2")
    assert open_study(store, other) != first


def test_a_trial_of_one_study_serves_another(store):
    made = finish(store, open_study(store, STUDY), TRIALS[0])
    open_study(store, replace(STUDY, name="again", fingerprint="s2"))
    assert [one.run_id for one in read_study(store, "again").trials] == [made]


def test_a_trial_that_failed_here_and_finished_in_another_study_counts_as_finished(store):
    fail(store, open_study(store, STUDY), TRIALS[0])
    other = open_study(store, replace(STUDY, name="again", fingerprint="s2"))
    made = finish(store, other, TRIALS[0], study="again")
    assert [one.run_id for one in read_study(store, "digits").trials] == [made]


def test_a_study_reads_its_own_runs_and_not_all_of_its_corpus(store, monkeypatch):
    run = open_study(store, STUDY)
    made = [finish(store, run, one) for one in TRIALS]
    other = open_study(store, replace(STUDY, name="again", fingerprint="s2"))
    for place in range(3):
        finish(store, other, {**TRIALS[0], "fingerprint": f"more-{place}"}, study="again")
    asked, search = [], Store.search

    def counted(store, condition, *experiment):
        found = search(store, condition, *experiment)
        asked.append(len(found))
        return found

    monkeypatch.setattr(Store, "search", counted)
    assert [one.run_id for one in read_study(store, "digits").trials] == made
    assert max(asked) == len(TRIALS)


def test_a_run_whose_process_was_killed_while_recording_is_closed_and_not_remembered(store):
    run = open_study(store, STUDY)
    tags = {**TRIALS[0], "study": "digits", "dataset": "digits", "dataset_fingerprint": "f00d"}
    started = (SCORES, DATASET, time.time())
    dead = log_trial(store, run, tags, {}, trial_metrics(SCORES), *started)
    alive = log_trial(store, run, {**tags, "fingerprint": "busy"}, {}, trial_metrics(SCORES), *started)
    with store.lock("busy"):
        assert close_abandoned(store, "f00d") == 1
    assert store.client.get_run(dead).info.status == "KILLED"
    assert store.client.get_run(alive).info.status == "RUNNING"
    assert finished_trials(store, "f00d", TRIALS) == {}


def test_an_unknown_study_gets_the_nearest_name(store):
    open_study(store, STUDY)
    with pytest.raises(ValueError) as error:
        find_study(store, "digit")
    assert str(error.value) == "unknown study 'digit'; did you mean 'digits'? known: digits."


def test_an_empty_store_says_what_to_do(store):
    with pytest.raises(ValueError) as error:
        find_study(store)
    assert str(error.value) == (
        f"{store.address} expected a study to report, got none; run `crossover compare` first."
    )


def test_the_learning_curve_is_one_run_with_the_size_as_step(store, tmp_path):
    run = open_study(store, STUDY)
    for one in TRIALS:
        finish(store, run, one)
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<p>hello</p>")
    for _ in range(2):  # the second report replaces the curves of the first
        log_report(store, read_study(store), tmp_path / "page", "nobody wins")
    (curve,) = store.search(f"tags.study_run = '{run}'", CURVES)
    points = store.client.get_metric_history(curve.info.run_id, "wer")
    assert [(point.step, point.value) for point in points] == [(20, 0.5), (40, 0.5)]
    assert [item.path for item in store.client.list_artifacts(run, "report")] == ["report/index.html"]


def test_trials_are_children_of_their_study_and_carry_their_dataset(store):
    run = open_study(store, STUDY)
    made = store.client.get_run(finish(store, run, TRIALS[0]))
    assert made.data.tags["mlflow.parentRunId"] == run
    assert made.inputs.dataset_inputs[0].dataset.name == "digits"


def _open(uri):
    return open_study(Store(uri), replace(STUDY, name="shared"))


@pytest.mark.slow
def test_several_processes_may_make_the_store_at_once(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/mlruns/mlflow.db")
    with ProcessPoolExecutor(2, get_context("forkserver")) as pool:
        runs = list(pool.map(_open, [store.address] * 2))
    assert all(store.client.get_run(run) for run in runs)
    assert len(store.client.search_experiments()) == 2  # MLflow's Default and ours


def test_one_trial_is_read_under_each_name_that_a_study_has_for_it(store):
    twice = [TRIALS[0], {**TRIALS[0], "recogniser": "mfcc-svm:plain"}]
    run = open_study(store, replace(STUDY, trials=twice))
    finish(store, run, TRIALS[0])
    assert [one.recogniser for one in read_study(store).trials] == ["mfcc-svm", "mfcc-svm:plain"]


def test_the_curves_of_a_training_are_drawn_over_its_steps_and_are_no_result(store):
    tags = {**TRIALS[0], "study": "digits", "dataset": "digits", "dataset_fingerprint": "f00d"}
    curves = {"loss": [(10, 8.0), (20, 0.5)], "dev_wer": [(10, 1.0)]}
    results = (trial_metrics(SCORES), SCORES, DATASET, time.time(), curves)
    made = log_trial(store, open_study(store, STUDY), tags, {}, *results)
    end_trial(store, made)
    drawn = store.client.get_metric_history(made, "training/loss")
    assert [(point.step, point.value) for point in drawn] == [(10, 8.0), (20, 0.5)]
    assert store.client.get_run(made).data.metrics["training/dev_wer"] == 1.0
    (read,) = read_study(store).finished
    assert not [name for name in read.metrics if name.startswith("training")]
