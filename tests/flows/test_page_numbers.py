"""A small real study: its page says what MLflow keeps, and its players play what was heard."""

import base64
import io
import json
import re
import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import soundfile

from components.tracking import Store, read_sounds
from flows.compare import prepare
from flows.page.chart import percent
from flows.plan import open_corpus
from flows.report import make_report
from flows.study import check_study
from flows.trial import run_trial
from tests.flows.commands import trial_runs

pytestmark = pytest.mark.slow
KNOBS = {"mel-ctc": {"channels": 32, "layers": 2, "epochs": 4}}


@pytest.fixture(scope="module")
def study(digits, _new_store, tmp_path_factory):
    """Two families on real digits, trained for a moment only: the asked study, its store, its page."""
    folder = tmp_path_factory.mktemp("numbers") / "mlruns"
    folder.mkdir()
    shutil.copy(_new_store, folder / "mlflow.db")
    store = Store(f"sqlite:///{folder}/mlflow.db")
    asked = {"corpus": "fsdd", "data": str(digits), "sizes": [20, 40], "draws": 2, "settings": KNOBS}
    study = check_study({**asked, "recognisers": ["mfcc-svm", "mel-ctc"], "tracking": store.address})
    prepared = prepare(study)
    for trial in prepared.plan.trials:
        run_trial(study, trial, prepared.run_id, store)
    return study, store, make_report(store, from_corpus=True)[1]


@pytest.fixture(scope="module")
def address(study):
    return study[2].as_uri()


def rows(page, label):
    """Cells of the table of this name, row by row, as they are read."""
    table = page.locator(f'[aria-label="{label}"] tbody tr')
    return table.evaluate_all("all => all.map(row => [...row.cells].map(cell => cell.innerText))")


def test_the_numbers_of_the_page_are_those_of_mlflow(visit, study):
    _, store, _ = study
    page, runs = visit(), trial_runs(store)
    counts, speakers = defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0])
    for run in runs:
        tags, metrics = run.data.tags, run.data.metrics
        sums(counts[tags["recogniser"], int(tags["size"])], metrics["errors"], metrics["words"])
        path = store.client.download_artifacts(run.info.run_id, "utterances.json")
        table = json.loads(Path(path).read_text(encoding="utf-8"))
        for values in table["data"] if tags["size"] == "40" else []:
            one = dict(zip(table["columns"], values, strict=True))
            wrong = one["substitutions"] + one["insertions"] + one["deletions"]
            sums(speakers[one["speaker"], tags["recogniser"]], wrong, one["words"])

    said = {}
    for name, *cells in rows(page, "Word error rates by recogniser and size"):
        for size, cell in zip((20, 40), cells, strict=True):
            said[name.split("\n")[0], size] = re.match(r"[\d.]+ %", cell).group()
    assert said == {which: percent(wrong / words) for which, (wrong, words) in counts.items()}

    told = rows(page, "Words wrong by test speaker, hardest first.")
    assert {
        (who, name): rate for who, _, *rates, _ in told for name, rate in zip(NAMES, rates, strict=True)
    } == {which: percent(wrong / words) for which, (wrong, words) in speakers.items()}

    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    listed = {row[-1]: (row[5], row[6]) for row in rows(page, "Every trial")}
    assert listed == {
        run.info.run_id: (percent(run.data.metrics["wer"]), f"{run.data.metrics['train_seconds']:.1f}")
        for run in runs
    }
    (parent,) = store.search("tags.kind = 'study'")
    assert page.inner_text("h1") == parent.data.tags["crossover"]
    assert f"{parent.data.metrics['trials_finished']:.0f} trials finished, 0 failed" in page.inner_text(
        ".facts"
    )


NAMES = ("mfcc-svm", "mel-ctc")


def sums(pair, wrong, words):
    pair[0] += int(wrong)
    pair[1] += int(words)


def test_the_players_play_the_clips_of_the_corpus_and_a_page_written_again_has_them(visit, study):
    asked, store, written = study
    clips = {clip.name: clip for clip in open_corpus(asked).clips}
    page = visit()
    players = page.locator("th:has(audio)").evaluate_all(
        "all => all.map(each => [each.innerText.split('\\n')[0], each.querySelector('audio').src])"
    )
    assert 0 < len(players) <= 12
    for name, source in players:
        samples, rate = soundfile.read(io.BytesIO(base64.b64decode(source.split("base64,")[1])))
        assert rate == clips[name].rate
        np.testing.assert_allclose(samples, clips[name].samples, atol=2**-15)
    assert written.stat().st_size < 1_000_000
    assert list(read_sounds(store, make_report(store)[0].run_id)) == [name for name, _ in players]
    assert written.read_text(encoding="utf-8").count("<audio") == len(players)
    make_report(store, audio=False)
    assert "<audio" not in written.read_text(encoding="utf-8")
    make_report(store)


def test_a_study_that_wants_no_audio_keeps_none(study, monkeypatch):
    asked, store, _ = study
    quiet = asked.model_copy(update={"audio": False, "name": "quiet"})
    run_id = prepare(quiet).run_id
    record, written = make_report(store, run_id, from_corpus=True)
    assert len(record.finished) == 7 and read_sounds(store, run_id) == {}
    assert "<audio" not in written.read_text(encoding="utf-8") and "--no-audio" in record.command
