"""Runs of other people's experiments as rows, and results made elsewhere as a study."""

import time

import pytest
from mlflow.entities import Metric, Param, RunTag

from components.study.tracking import read_runs, read_study, record_study
from flows.external import study_entry
from tests.commands import trial_runs
from tests.external.tables import by_speaker, understood


@pytest.fixture
def theirs(store):
    """An experiment with two finished runs and a failed one."""
    experiment = store.client.create_experiment("asr sweeps")
    for place, status in enumerate(("FINISHED", "FINISHED", "FAILED")):
        run = store.client.create_run(experiment)
        now = int(time.time() * 1000)
        params = [Param("recipe", "tri3b"), Param("hours", str(10**place)), Param("corpus", "ami")]
        metrics, tags = [Metric("wer", 0.3 - 0.1 * place, now, 0)], [RunTag("wer", "measured on dev")]
        store.client.log_batch(run.info.run_id, metrics, params, tags)
        store.client.set_terminated(run.info.run_id, status)
    return store


def test_finished_runs_are_rows_of_their_parameters_metrics_and_tags(theirs):
    rows = read_runs(theirs, "asr sweeps", "params.corpus = 'ami'")
    assert sorted((row["recipe"], row["hours"], row["wer"], row["tags.wer"]) for row in rows) == [
        ("tri3b", "1", 0.3, "measured on dev"),
        ("tri3b", "10", pytest.approx(0.2), "measured on dev"),
    ]
    assert read_runs(theirs, "asr sweeps", "params.corpus = 'wsj'") == []


def test_an_experiment_or_a_filter_that_is_none_is_refused(theirs):
    with pytest.raises(ValueError, match="unknown experiment 'asr sweep'; did you mean 'asr sweeps'"):
        read_runs(theirs, "asr sweep")
    with pytest.raises(ValueError, match="--filter expected one of MLflow, such as"):
        read_runs(theirs, "asr sweeps", "corpus is ami")


def test_recorded_results_are_read_again_as_they_were_and_once(store, tmp_path):
    results = understood(tmp_path / "t.csv", by_speaker(seeds=2))
    entry = study_entry(results, "t", {"results": ["t.csv"]})
    first = record_study(store, entry, results.trials)
    assert record_study(store, entry, results.trials) == first
    assert len(trial_runs(store)) == len(results.trials) == 16
    record = read_study(store, first)
    assert (record.nouns, record.check, record.dataset) == (results.nouns, results.check, results.facts)
    for kept, made in zip(record.finished, results.trials, strict=True):
        assert (kept.recogniser, kept.family, kept.size, kept.draw) == (
            *(made.recogniser, made.family, made.size, made.draw),
        )
        assert kept.scores.to_dict("list") == made.scores.to_dict("list")
        assert kept.metrics == pytest.approx(made.metrics)
