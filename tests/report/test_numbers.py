"""A small real study: its page says what MLflow keeps, and its players play what was heard."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from components.report.chart import percent
from components.speech.dataset import open_corpus
from components.study.tracking import read_attachments
from components.subjects.speech import SPEECH
from flows.prepare import prepare
from flows.write_report import make_report
from tests.commands import trial_runs

pytestmark = pytest.mark.slow
NAMES = ("mfcc-svm", "mel-ctc")
WRONG = ["substitutions", "insertions", "deletions"]
KNOBS = {"mel-ctc": {"channels": 32, "layers": 2, "epochs": 4}}


@pytest.fixture(scope="module", autouse=True)
def pages_alone():
    """No pictures beside the pages: they take seconds, and are not what is looked at here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("components.report.write.draw_pictures", lambda page, folder: [])
        yield


@pytest.fixture(scope="module")
def study(trained, tmp_path_factory):
    """Two families on real digits, trained for a moment only: the asked study, its store, its page."""
    asked = {"corpus": "fsdd", "recognisers": list(NAMES), "sizes": [40], "draws": 2, "settings": KNOBS}
    study, store = trained(tmp_path_factory.mktemp("numbers"), asked)
    return study, store, make_report(store, dataset=SPEECH.read(study, None)).page


@pytest.fixture(scope="module")
def address(study):
    return study[2].as_uri()


def rows(page, label):
    """Cells of the table of this name, row by row, as they are read."""
    table = page.locator(f'[aria-label="{label}"] tbody tr')
    return table.evaluate_all("all => all.map(row => [...row.cells].map(cell => cell.innerText))")


@pytest.fixture(scope="module")
def kept(study):
    """Every score that MLflow keeps of the trials, with its recogniser and its wrong words."""
    store, tables = study[1], []
    for run in trial_runs(store):
        path = Path(store.client.download_artifacts(run.info.run_id, "scores.json"))
        table = pd.DataFrame(**json.loads(path.read_text(encoding="utf-8")))
        assert run.data.metrics["errors"] == table[WRONG].sum().sum()
        tables.append(table.assign(recogniser=run.data.tags["recogniser"], wrong=table[WRONG].sum(axis=1)))
    return pd.concat(tables)


def rates(kept, *by):
    """Utterances -> words wrong of each group, in words as the page has them."""
    sums = kept.groupby(list(by) if len(by) > 1 else by[0])[["wrong", "total"]].sum()
    return (sums["wrong"] / sums["total"]).map(percent).to_dict()


def test_the_error_rates_of_the_page_are_those_of_mlflows_utterances(visit, kept):
    page = visit()
    cells = dict(rows(page, "Word error rates by recogniser and size"))
    said = {name.split("\n")[0]: re.match(r"[\d.]+ %", cell).group() for name, cell in cells.items()}
    assert said == rates(kept, "recogniser")
    told = rows(page, "Words wrong by test speaker, hardest first.")
    by_speaker = {
        (who, name): one for who, _, *both, _ in told for name, one in zip(NAMES, both, strict=True)
    }
    assert by_speaker == rates(kept, "group", "recogniser")


def test_every_trial_of_the_page_has_the_metrics_of_its_run(visit, study):
    page, store = visit(), study[1]
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    said = {row[-1]: (row[5], row[6]) for row in rows(page, "Every trial")}
    metrics = {run.info.run_id: run.data.metrics for run in trial_runs(store)}
    assert said == {i: (percent(one["wer"]), f"{one['train_seconds']:.1f}") for i, one in metrics.items()}


def test_the_answer_of_the_page_is_that_of_the_studys_run(visit, study):
    page = visit()
    (parent,) = study[1].search("tags.study = 'fsdd' and tags.kind = 'study'")
    assert page.inner_text("h1") == parent.data.tags["crossover"]
    assert "4 trials finished, 0 failed" in page.inner_text(".facts")
    assert parent.data.metrics["trials_finished"] == 4


def test_the_players_play_the_clips_of_the_corpus_and_a_page_written_again_has_them(
    visit, study, no_pictures
):
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
    record = make_report(store, audio=False).record
    assert "<audio" not in written.read_text(encoding="utf-8")
    make_report(store)
    assert written.read_text(encoding="utf-8").count("<audio") == len(players)
    assert list(read_attachments(store, record.run_id)) == [name for name, _ in players]


def test_a_study_that_wants_no_audio_keeps_none(study, no_pictures):
    asked, store, _ = study
    quiet = asked.model_copy(update={"audio": False, "name": "quiet"})
    run_id = prepare(quiet).run_id
    made = make_report(store, run_id, dataset=SPEECH.read(quiet, None))
    record, written = made.record, made.page
    assert len(record.finished) == 4 and read_attachments(store, run_id) == {}
    assert "<audio" not in written.read_text(encoding="utf-8") and "--no-audio" in record.command
