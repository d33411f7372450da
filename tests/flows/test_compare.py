"""A whole study with real processes: what it prints, what MLflow keeps, what happens to failures."""

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import mlflow
import pandas as pd
import psutil
import pytest

from components.contract import Clip
from components.speech.corpus import read_corpus
from components.speech.sound_file import sound_bytes
from components.study.tracking import Store, read_study
from components.study.tracking.studies import find_study
from components.subjects import check_study
from components.subjects.speech import SPEECH, load_recogniser
from flows.write_report import make_report
from tests.commands import ASKED, ROOT, left_behind, results, start, trial_runs
from tests.prefect_api import asked

NOISE = re.compile(r"Traceback|Warning|warn\(|CancelledError|Exception", re.IGNORECASE)


def test_a_first_study_says_nothing_that_a_newcomer_must_ignore(finished):
    _, ended = finished
    assert ended.complained == ""
    assert not NOISE.search(ended.said)
    lines = ended.said.splitlines()
    assert "mfcc-svm at 10, 20 utterances: 4 trials, 0 of them finished before." in lines
    assert "trials: 4 done, 0 failed, 0 left" in lines
    assert "MLflow:  crossover ui" in lines


def test_a_study_speaks_to_nobody_outside_this_machine(finished, outward):
    assert not Path(outward["CROSSOVER_TEST_OUTWARD"]).exists()


def test_the_guard_that_watches_for_outward_connections_does_see_one(outward, tmp_path):
    report = tmp_path / "outward.txt"
    calling = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    surroundings = {**os.environ, **outward, "CROSSOVER_TEST_OUTWARD": str(report)}
    subprocess.run([sys.executable, "-c", calling], env=surroundings, capture_output=True)
    assert report.read_text() == "('192.0.2.1', 80)\n"


def test_a_second_compare_trains_nothing_and_starts_no_server(finished, digits):
    store, _ = finished
    before = [run.info.run_id for run in trial_runs(store)]
    process, mark = start("compare", *ASKED, "--data", digits, store=store)
    seen = set()
    while process.poll() is None:
        seen |= {one.pid for one in left_behind(mark)}
        time.sleep(0.2)
    said, complained = process.communicate()
    assert process.returncode == 0, complained
    assert "4 trials, 4 of them finished before." in said
    assert seen == {process.pid}
    assert [run.info.run_id for run in trial_runs(store)] == before


def test_a_page_is_written_again_only_if_something_in_it_would_change(finished, digits):
    store, _ = finished
    page = store.folder / "reports" / "fsdd" / "index.html"
    written = page.stat().st_mtime_ns
    run_id = find_study(store).info.run_id
    dataset = SPEECH.read(check_study({"corpus": "fsdd", "data": str(digits)}), None)
    make_report(store, run_id, dataset=dataset, anew=False)
    assert page.stat().st_mtime_ns == written
    assert store.client.get_run(run_id).info.status == "FINISHED"
    make_report(store, run_id, audio=False, anew=False)
    assert page.stat().st_mtime_ns > written and "<audio" not in page.read_text()
    make_report(store, run_id, dataset=dataset, anew=False)


def test_a_trial_is_a_child_run_with_everything_that_can_be_asked_of_it(finished):
    store, _ = finished
    parent = find_study(store)
    runs = trial_runs(store)
    run = next(run for run in runs if run.data.tags["size"] == "20" and run.data.tags["draw"] == "1")
    assert {run.data.tags["mlflow.parentRunId"] for run in runs} == {parent.info.run_id}
    asked = {"study": "fsdd", "recogniser": "mfcc-svm", "family": "modular", "draw": "1", "init": "1"}
    assert asked.items() <= run.data.tags.items()
    assert (run.data.params["deltas__width"], run.data.params["svm__seed"]) == ("2", "1")
    assert run.data.metrics["total"] == 20
    costs = {"train_seconds", "decode_rtf", "audio_seconds_per_second", "peak_memory_mb", "model_bytes"}
    shares = {"wer", "cer", "sentence_error", "wer_low", "wer_high", "parameters"}
    assert costs | shares <= run.data.metrics.keys()
    assert [point.step for point in store.client.get_metric_history(run.info.run_id, "wer")] == [20]
    assert run.inputs.dataset_inputs[0].dataset.name == "fsdd"
    assert "scores.json" in [item.path for item in store.client.list_artifacts(run.info.run_id)]


def test_mlflow_alone_loads_the_recogniser_and_hears_the_same(finished, digits, tmp_path):
    store, _ = finished
    (run_id,) = [one.run_id for one in read_study(store).finished if (one.size, one.draw) == (20, 0)]
    corpus = read_corpus("fsdd", data=digits)
    clips = [Clip(one.name, "", one.samples, one.rate) for one in list(corpus.clips)[:6]]
    assert Store(str(tmp_path / "another")).client  # MLflow goes on with the one that was opened last
    recogniser, rate = load_recogniser(store, run_id)
    mlflow.set_tracking_uri(store.address)
    model = mlflow.pyfunc.load_model(f"models:/{_model(store, run_id)}")
    heard = model.predict(pd.DataFrame({"audio": [sound_bytes(clip, "WAV") for clip in clips]}))
    assert list(heard) == recogniser.predict(clips)
    assert rate == 8000
    assert model.metadata.signature.inputs.input_names() == ["audio"]
    assert model.input_example["audio"].shape == (1,)


def _model(store: Store, run_id: str) -> str:
    return store.client.get_run(run_id).outputs.model_outputs[0].model_id


FAILING = (
    *("compare", "--corpus", "fsdd", "--recognisers", "mfcc-svm,mfcc-gmm-hmm", "--sizes", "10"),
    *("--draws", "1", "--set", "mfcc-gmm-hmm.mfcc__hop_ms=900.0"),
)


@pytest.mark.slow
def test_a_failed_trial_is_named_and_counted_and_tried_again_alone(store, digits, server, studied):
    shown, status = on_a_terminal(*FAILING, "--data", digits, store=store, PREFECT_API_URL=server)
    assert status == 3, shown
    assert find_study(store).info.status == "FAILED"
    failed = {"name": {"like_": "compare fsdd"}, "state": {"type": {"any_": ["FAILED"]}}}
    messages = [flow_run["state"]["message"] for flow_run in asked(server, "flow_runs", **failed)]
    told = "1 of 2 trials failed; the report names them, and the same "
    assert any(message.startswith(told) for message in messages)
    trials = {"name": {"like_": "trials"}, "state": {"type": {"any_": ["FAILED"]}}}
    assert "1 of 2 trials failed." in [
        one["state"]["message"] for one in asked(server, "flow_runs", **trials)
    ]
    assert "failed mfcc-gmm-hmm with 10 utterances, draw 0: ClipsTooShort: " in shown
    assert "1 done, 1 failed, 0 left" in shown
    told = "1 of 2 trials failed; the report names them, and the same command tries them again."
    assert told in shown
    assert not re.search(r"Traceback|Warning|warn\(", shown), shown
    (failed,), (good,) = trial_runs(store, "FAILED"), trial_runs(store)
    assert failed.data.tags["error"].startswith("ClipsTooShort: GmmHmm cannot learn from these clips")
    kept = Path(store.client.download_artifacts(failed.info.run_id, "error.txt")).read_text()
    assert kept.startswith("Traceback") and failed.data.tags["error"] in kept
    page = (store.folder / "reports" / "fsdd" / "index.html").read_text()
    assert "GmmHmm cannot learn from these clips" in page

    status, said, _ = studied(*FAILING, "--data", digits, "--tracking", store.address)
    assert (status, find_study(store).info.status) == (3, "FAILED")
    assert "2 trials, 1 of them finished before." in said
    assert "1 done, 1 failed, 0 left" in said and told in said
    assert [run.info.run_id for run in trial_runs(store)] == [good.info.run_id]
    assert len(trial_runs(store, "FAILED")) == 2


def on_a_terminal(*words, store: Store, **variables: str) -> tuple[str, int]:
    """A command line -> all that a terminal of 120 columns shows of it, without colours; its exit status."""
    ours, theirs = pty.openpty()
    surroundings = {"MLFLOW_TRACKING_URI": store.address, "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **surroundings, **variables},
        cwd=store.folder.parent,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()), process.wait()


@pytest.mark.slow
def test_a_study_where_every_trial_runs_out_of_time_still_reports(store, digits, studied):
    asked = ("--recognisers", "mfcc-svm", "--sizes", "10", "--draws", "1", "--timeout-minutes", "0.0001")
    status, said, complained = studied(
        "compare", "--corpus", "fsdd", *asked, "--data", digits, "--tracking", store.address
    )
    assert (status, complained) == (4, ""), complained
    assert find_study(store).info.status == "FAILED"
    assert "ended after its time-out of 0.0001 minutes; raise --timeout-minutes" in said
    assert "1 of 1 trials failed" in said
    assert [run.info.status for run in trial_runs(store, "FAILED")] == ["FAILED"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_dask_workers_run_the_trials_and_find_the_same(store, finished, digits, studied, cold_dask):
    """A scheduler that had still to import the project answered nobody, and the trials were cancelled."""
    from distributed import Client

    asked = [*ASKED[:-1], "1", "--data", digits, "--dask", cold_dask]
    status, _, complained = studied("compare", *asked, "--tracking", store.address)
    with Client(cold_dask) as client:
        (commands,) = client.run(_commands_of_children).values()
    assert (status, complained) == (0, ""), complained
    assert any("forkserver" in command for command in commands)
    here = results(read_study(store))
    assert len(here) == 2 and here.items() <= results(read_study(finished[0])).items()


def _commands_of_children() -> list[str]:
    return [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
