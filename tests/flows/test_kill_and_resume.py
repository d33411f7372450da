"""Killed at any moment and started again, a study runs only what is missing and ends with the same report."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch

from components.report.findings import findings
from components.speech.study import SpeechStudy as Study
from components.study.tracking import read_study
from flows.prepare import prepare
from flows.trial import run_trial
from tests.commands import ASKED, ROOT, gone_within, happens, results, start, trial_runs


@pytest.fixture(scope="module")
def resumed(store_in, digits, server, tmp_path_factory):
    """A study that was killed and then begun twice at once.

    Its store, the ends of its runs before by id, whether the kill left nothing, and what the two printed.
    """
    store = store_in(tmp_path_factory.mktemp("resumed"))
    process, mark = start("compare", *ASKED, "--data", digits, "--workers", "1", store=store)
    assert happens(lambda: len(trial_runs(store)) >= 1), process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before, nothing_left = ends_of(store), gone_within(mark, 10)
    both = [
        start("compare", *ASKED, "--data", digits, store=store, PREFECT_API_URL=server)[0] for _ in range(2)
    ]
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    return store, before, nothing_left, [said for said, _ in outputs]


def ends_of(store):
    return {run.info.run_id: run.info.end_time for run in trial_runs(store)}


@pytest.mark.slow
def test_a_killed_study_leaves_nothing_behind_and_goes_on_where_it_was(resumed, finished):
    store, before, nothing_left, outputs = resumed
    assert nothing_left
    assert 1 <= len(before) < 4
    assert any(f"4 trials, {len(before)} of them finished before." in said for said in outputs)
    assert len(ends_of(store)) == 4
    assert before.items() <= ends_of(store).items()
    assert_same_answer(store, finished[0])


@pytest.mark.slow
def test_two_studies_at_once_train_each_trial_once(resumed):
    store, *_ = resumed
    runs = trial_runs(store)
    assert len(runs) == len({run.data.tags["fingerprint"] for run in runs}) == 4
    assert not trial_runs(store, "FAILED")


def assert_same_answer(store, other):
    ours, theirs = read_study(store), read_study(other)
    assert results(ours) == results(theirs)
    assert findings(ours).sentence == findings(theirs).sentence
    assert words_wrong(store) == words_wrong(other)


def words_wrong(store):
    """The answer table as written, without its columns of seconds and memory."""
    import pandas as pd

    table = pd.read_csv(store.folder / "reports" / "fsdd" / "answer.csv")
    return table[["recogniser", "size", "wer", "wer_low", "wer_high", "trials", "failed"]].to_dict("records")


TRIAL = """
    import sys
    from functools import partial

    import components.neural.training.checkpoint as checkpoint
    import flows.trial
    from components.speech.study import SpeechStudy as Study
    from flows.prepare import prepare

    checkpoint.checkpointing = partial(checkpoint.checkpointing, save_every_s=0.0)
    prepared = prepare(Study.model_validate_json(sys.argv[1]))
    flows.trial.run_trial(prepared.study, prepared.missing[0], prepared.run_id, prepared.store)
"""


@pytest.mark.slow
def test_a_trial_killed_in_the_middle_of_a_training_goes_on_there_and_finds_the_same(
    store, digits, tmp_path, monkeypatch
):
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path / "cache"))
    settings = {"mel-ctc": {"steps": 150, "channels": 32, "layers": 1}}
    study = Study(
        **{"corpus": "fsdd", "data": str(digits), "recognisers": ["mel-ctc"], "sizes": [40], "draws": 1},
        **{"settings": settings, "tracking": store.address, "device": "cpu"},
    )
    whole = recorded(study, store)
    store.client.delete_run(whole.run_id)

    words = [sys.executable, "-c", textwrap.dedent(TRIAL), study.model_dump_json()]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"})
    kept = Path(os.environ["CROSSOVER_CACHE"]) / "prepared"
    assert happens(lambda: list(kept.glob("*/training/*/*.pt")) or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    (path,) = kept.glob("*/training/*/*.pt")

    seconds = torch.load(path, weights_only=True)["seconds"]
    again = recorded(study, store)
    assert again.metrics["train_seconds"] > seconds > 0
    assert without_costs(again) == without_costs(whole)
    assert again.params == whole.params
    assert words_of(again) == words_of(whole)
    assert not list(kept.glob("*/training/*"))


def recorded(study, store):
    """Run a study's one missing trial here -> what it left in the store."""
    prepared = prepare(study)
    (trial,) = prepared.missing
    run_trial(prepared.study, trial, prepared.run_id, prepared.store)
    return read_study(store).finished[0]


def without_costs(trial):
    costs = {
        "train_seconds",
        "predict_seconds",
        "train_processor_seconds",
        "predict_processor_seconds",
        "decode_rtf",
        "audio_seconds_per_second",
        "peak_memory_mb",
        "model_bytes",
    }
    return {name: value for name, value in trial.metrics.items() if name not in costs}


def words_of(trial):
    return trial.scores[["id", "hypothesis"]].to_dict("records")
