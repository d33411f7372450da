"""What of a study's time is not training or decoding, and how well two workers share the work.

    python -m pytest -m benchmark -s tests/benchmarks/test_study_overhead.py

Bars: two workers take at most 1 / 0.9 of half the time that one takes for the same trials; of the whole FSDD
study (tests/benchmarks/fsdd.toml, run before in one go in the folder that CROSSOVER_STORE names), from its
first trial to its last, at most 5 % of the workers' seconds are spent on anything else.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from rich import print as show

from components.speech.dataset import open_corpus
from components.study.study import read_study_file
from components.study.tracking import Store, find_study
from components.subjects import check_study
from tests.commands import crossover, trial_runs

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]
FSDD = Path(__file__).with_name("fsdd.toml")
ASKED = ("--corpus", "fsdd", "--recognisers", "mfcc-gmm-hmm,mel-ctc", "--sizes", "500,1000", "--draws", "2")
STEPS = ("--set", "mel-ctc.steps=300")
WANTED_EFFICIENCY, WANTED_OTHER, WORKERS, ROUNDS = 0.9, 0.05, 2, 3


def phase(runs) -> float:
    """Runs of trials -> seconds from the begin of the first to the end of the last."""
    return (max(run.info.end_time for run in runs) - min(run.info.start_time for run in runs)) / 1000


def learned_and_heard(runs, test_seconds: float) -> float:
    """Runs of trials -> seconds of them that were training or decoding."""
    each = (run.data.metrics for run in runs)
    return sum(one["train_seconds"] + one["decode_rtf"] * test_seconds for one in each)


def test_two_workers_take_half_the_time_of_one(all_recordings, tmp_path, monkeypatch):
    """In turns, the best of several each: a shared machine's speed changes from one minute to the next."""
    monkeypatch.setattr("tests.commands.PATIENCE", 600)
    seconds = {1: [], WORKERS: []}
    for turn, workers in itertools.product(range(ROUNDS), seconds):
        store = Store(str(tmp_path / f"turn-{turn}-workers-{workers}"))
        asked = (*ASKED, *STEPS, "--workers", workers, "--data", all_recordings)
        ended = crossover("compare", *asked, store=store)
        assert ended.status == 0, ended.complained
        seconds[workers].append(phase(trial_runs(store)))
        show(f"{workers} at once: {seconds[workers][-1]:.0f} s of trials, {ended.seconds:.0f} s in all")
    efficiency = min(seconds[1]) / (WORKERS * min(seconds[WORKERS]))
    show(f"parallel efficiency {efficiency:.2f}")
    assert efficiency >= WANTED_EFFICIENCY


def test_the_whole_fsdd_study_is_spent_on_training_and_decoding(all_recordings):
    folder = os.environ.get("CROSSOVER_STORE", "")
    if not folder:
        pytest.skip(
            "NO STORE of the FSDD study: run tests/benchmarks/fsdd.toml, name its folder CROSSOVER_STORE"
        )
    store, study = Store(folder), check_study(read_study_file(FSDD) | {"data": str(all_recordings)})
    run = find_study(store, study.title)
    runs = [one for one in trial_runs(store) if one.data.tags["mlflow.parentRunId"] == run.info.run_id]
    heard = sum(clip.seconds for clip, part in parted(open_corpus(study)) if part == "test")
    whole = study.cores * phase(runs)
    other = 1 - learned_and_heard(runs, heard) / whole
    show(f"{len(runs)} trials in {phase(runs):.0f} s: {100 * other:.1f} % not training or decoding")
    assert other <= WANTED_OTHER


def parted(corpus):
    """A corpus with a declared split -> its clips, each with its part."""
    return zip(corpus.clips, corpus.parts, strict=True)
