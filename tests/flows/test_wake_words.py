"""A study of a wake word, from its settings to its page, and a spotter that listens to sound."""

import numpy as np
import pytest

from components.study.tracking import load_system, read_study
from components.subjects import check_study
from flows.prepare import prepare
from flows.trial import run_trial
from flows.without_prefect import compare_here
from flows.write_report import make_report
from tests.commands import PATIENCE, start
from tests.report.pages import text

QUICK = {"mel-gru": {"detector__steps": 20, "copies": 2}, "query-dtw": {"copies": 2}}


@pytest.fixture(scope="module")
def study(store_in, recordings, tmp_path_factory):
    """A finished study of five and ten recordings, trained in this process: its store."""
    store = store_in(tmp_path_factory.mktemp("wake-words"))
    asked = {"subject": "wake-words", "corpus": str(recordings / "wake_words"), "keyword": "alexa"}
    sizes = {"recognisers": list(QUICK), "sizes": [5, 10], "draws": 1, "settings": QUICK, "workers": 1}
    prepared = prepare(check_study({**asked, **sizes, "tracking": store.address}))
    for trial in prepared.plan.trials:
        run_trial(prepared.study, trial, prepared.run_id, store)
    return store


@pytest.mark.slow
def test_misses_are_counted_and_false_alarms_have_their_interval(study):
    record = read_study(study)
    assert (record.subject, record.nouns.metric, len(record.finished)) == ("wake-words", "miss_rate", 4)
    for trial in record.finished:
        assert trial.metrics["total"] == 6 == len(trial.scores)
        assert trial.metrics["miss_rate"] == trial.scores["errors"].sum() / 6
        low, high = (trial.metrics[f"false_alarms_per_hour_{end}"] for end in ("low", "high"))
        assert low <= trial.metrics["false_alarms_per_hour"] <= high
        assert trial.metrics["model_bytes"] > 1000


@pytest.mark.slow
def test_the_page_says_that_minutes_of_background_cannot_show_it(study, no_pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = make_report(study, "", ended=False).page
    said = text(page.read_text(encoding="utf-8"))
    assert "False alarms, latency and size" in said and "takes 6 h" in said and "takes 30 h" in said
    assert "miss rate" in said and "recordings of the keyword" in said


@pytest.mark.slow
def test_sound_is_listened_to_and_each_hearing_is_a_line(study, wake_words, tmp_path):
    run = next(trial.run_id for trial in read_study(study).finished if trial.recogniser == "query-dtw")
    said = np.concatenate([stream.samples for stream in wake_words.examples[:6]])
    sound = np.round(np.clip(said, -1, 1) * 32767).astype("<i2")
    spotter, _ = load_system(study, run)
    expected = spotter.listen().push(sound.astype(np.float32) / 2**15)
    (tmp_path / "sound").write_bytes(sound.tobytes())
    with (tmp_path / "sound").open("rb") as recorded:
        process, _ = start("listen", run, "--keyword", store=study, stdin=recorded)
        printed, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complained
    assert [float(line.split("\t")[0]) for line in printed.splitlines()] == pytest.approx(
        [seconds for seconds, _ in expected], abs=0.02
    )
    assert "listening at 16000 Hz" in complained


@pytest.mark.slow
def test_detectors_start_from_a_network_that_the_study_trains_on_its_source(recordings, store_in, tmp_path):
    asked = {"subject": "wake-words", "corpus": str(recordings / "wake_words"), "keyword": "alexa"}
    names, store = ["mel-cnn-last-layer", "mel-cnn-all-layers"], store_in(tmp_path)
    quick = {name: {"detector__steps": 10, "copies": 1} for name in names}
    sizes = {"recognisers": names, "settings": quick, "sizes": [5], "draws": 1, "workers": 1}
    source = {"source": "speech-commands", "source_data": str(recordings)}
    compare_here(check_study({**asked, **sizes, **source, "tracking": store.address}))
    trained = [load_system(store, trial.run_id)[0] for trial in read_study(store).finished]
    assert {spotter.detector_.method for spotter in trained} == {"last-layer", "all-layers"}
    frozen, free = sorted(
        (spotter.detector_.trained_numbers_, spotter.detector_.taken_) for spotter in trained
    )
    assert frozen[0] < free[0] and frozen[1] == free[1] > 10
