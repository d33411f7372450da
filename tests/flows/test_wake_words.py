"""A study of a wake word as its user runs it: trials, page, and a spotter that listens to a pipe."""

import numpy as np
import pytest

from components.study.tracking import Store, load_system, read_study
from tests.commands import PATIENCE, crossover, start
from tests.report.pages import text

ASKED = ("--subject", "wake-words", "--keyword", "alexa", "--recognisers", "query-dtw,mel-gru")
QUICK = ("--set", "mel-gru.detector__steps=20", "--set", "mel-gru.copies=2", "--set", "query-dtw.copies=2")


@pytest.fixture(scope="module")
def study(server, _new_store, recordings, tmp_path_factory):
    """A finished study of ten recordings: its store, and what it printed."""
    store = Store(str(tmp_path_factory.mktemp("wake-words") / "mlruns"))
    corpus = ("--corpus", recordings / "wake_words", "--sizes", "5,10", "--draws", "1")
    ended = crossover("compare", *ASKED, *corpus, *QUICK, store=store, PREFECT_API_URL=server)
    assert ended.status == 0, ended.said + ended.complained
    return store, ended


@pytest.mark.slow
def test_misses_are_counted_and_false_alarms_have_their_interval(study):
    record = read_study(study[0])
    assert (record.subject, record.nouns.metric, len(record.finished)) == ("wake-words", "miss_rate", 4)
    for trial in record.finished:
        assert trial.metrics["total"] == 6 == len(trial.scores)
        assert trial.metrics["miss_rate"] == trial.scores["errors"].sum() / 6
        low, high = (trial.metrics[f"false_alarms_per_hour_{end}"] for end in ("low", "high"))
        assert low <= trial.metrics["false_alarms_per_hour"] <= high
        assert trial.metrics["model_bytes"] > 1000


@pytest.mark.slow
def test_the_page_says_that_minutes_of_background_cannot_show_it(study):
    (page,) = study[0].folder.parent.rglob("report.html")
    said = text(page.read_text(encoding="utf-8"))
    assert "False alarms, latency and size" in said and "takes 6 h" in said and "takes 30 h" in said
    assert "miss rate" in said and "recordings of the keyword" in said


@pytest.mark.slow
def test_sound_is_listened_to_and_each_hearing_is_a_line(study, wake_words, tmp_path):
    store, _ = study
    run = next(trial.run_id for trial in read_study(store).finished if trial.recogniser == "query-dtw")
    said = np.concatenate([stream.samples for stream in wake_words.examples[:6]])
    sound = np.round(np.clip(said, -1, 1) * 32767).astype("<i2")
    spotter, _ = load_system(store, run)
    expected = spotter.listen().push(sound.astype(np.float32) / 2**15)
    (tmp_path / "sound").write_bytes(sound.tobytes())
    with (tmp_path / "sound").open("rb") as recorded:
        process, _ = start("listen", run, "--keyword", store=store, stdin=recorded)
        printed, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complained
    assert [float(line.split("\t")[0]) for line in printed.splitlines()] == pytest.approx(
        [seconds for seconds, _ in expected], abs=0.02
    )
    assert "listening at 16000 Hz" in complained
