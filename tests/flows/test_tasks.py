"""A study with tasks: learned from training labels alone, scored by task, in MLflow and in the report."""

import numpy as np
import pytest
from distributed import Client, LocalCluster

from components.report import Page, write_tables
from components.report.findings import findings
from components.report.page import render
from components.report.speech_sections import SPEECH_SECTIONS
from components.speech.several_tasks import ALONE, APART, MODULAR_TASKS, TOGETHER, USUAL
from components.study.splits import make_folds
from components.study.tracking import read_study
from components.study.tracking.studies import find_study
from components.subjects import check_study
from components.subjects.speech import SPEECH
from flows.prepare import prepare
from flows.trial import _besides, evaluate, run_trial
from tests.fsdd import DIGITS, SPEAKERS, paths_of
from tests.report.pages import text

GENDERS = dict(zip(SPEAKERS, ("m", "m", "m", "", "m", "m"), strict=True)) | {"theo": "f"}
STEPS = {
    "mel-ctc": {"steps": 30},
    **{name: {"recogniser__steps": 30} for name in (TOGETHER, APART)},
}


@pytest.fixture(scope="module")
def table(recordings, tmp_path_factory):
    """Real digits by all six speakers; one of them has no gender."""
    rows, file = ["path,text,speaker,split,gender,pitch"], tmp_path_factory.mktemp("tasks") / "my.csv"
    for path in paths_of(recordings):
        word, who, take = path.stem.split("_")
        part = "test" if take == "0" else "train"
        rows.append(f"{path},{DIGITS[int(word)]},{who},{part},{GENDERS[who]},{100 + SPEAKERS.index(who)}")
    file.write_text("\n".join(rows))
    return str(file)


def asked(table, store, **more):
    study = {"corpus": table, "tasks": ["words", "speaker", "gender", "pitch", "phones"], "sizes": [30, 60]}
    study |= {"draws": 2, "settings": STEPS, "tracking": store.address, "device": "cpu"}
    return check_study(study | more)


@pytest.fixture(scope="module")
def record(table, store_in, tmp_path_factory):
    """A study with tasks that was run in this process, as MLflow keeps it."""
    store = store_in(tmp_path_factory.mktemp("study"))
    prepared = prepare(asked(table, store))
    assert {trial.recogniser for trial in prepared.plan.trials} == set(USUAL)
    for trial in prepared.missing:
        run_trial(prepared.study, trial, prepared.run_id, store)
    return read_study(store, find_study(store, prepared.study.title).info.run_id)


def test_speakers_whom_nobody_heard_are_learned_beside_the_words_and_not_scored(table, store_in, tmp_path):
    store = store_in(tmp_path)
    more = {"split": "speakers", "sizes": [60], "draws": 1, "recognisers": [TOGETHER], "name": "unheard"}
    more["settings"] = {TOGETHER: {"recogniser__steps": 30}}
    prepared = prepare(asked(table, store, **more))
    (trial,) = prepared.missing
    run_trial(prepared.study, trial, prepared.run_id, store)
    record = read_study(store, prepared.run_id)
    (finished,) = record.finished
    assert "tasks/pitch/absolute_error" in finished.metrics
    assert not any(name.startswith("tasks/speaker") for name in finished.metrics)
    assert not any(name.startswith("task.speaker") for name in finished.scores)
    page = text(render(Page(findings(record, 50), SPEECH_SECTIONS)))
    assert "is off by" in page and "gets the speaker of" not in page


def test_every_recogniser_is_scored_by_task_and_who_learns_words_alone_has_none(record):
    assert not record.failed and len(record.finished) == 16
    for trial in record.finished:
        answered = {name.split("/")[1] for name in trial.metrics if name.startswith("tasks/")}
        expected = {"speaker", "gender", "pitch"} | (
            {"phones"} if trial.recogniser != MODULAR_TASKS else set()
        )
        assert answered == (expected if trial.recogniser in ALONE else set())
        if answered:
            assert trial.metrics["tasks/gender/total"] == 50 and trial.metrics["tasks/speaker/total"] == 60
            assert trial.metrics["tasks/speaker/training_labels"] == trial.size
            assert trial.metrics["tasks/gender/training_labels"] < trial.size
            errors = trial.scores["task.speaker.errors"]
            assert trial.metrics["tasks/speaker/error_rate"] == pytest.approx(errors.mean())
            assert trial.metrics["tasks/pitch/absolute_error"] < 10


def test_a_worker_of_dask_learns_several_tasks_to_the_same_answers(table, store, store_in, tmp_path_factory):
    def ran(store, run):
        small = {
            "sizes": [30],
            "draws": 1,
            "recognisers": [TOGETHER],
            "settings": {TOGETHER: STEPS[TOGETHER]},
        }
        prepared = prepare(asked(table, store, **small))
        (trial,) = prepared.missing
        run(run_trial, prepared.study, trial, prepared.run_id, store)
        (one,) = read_study(store, prepared.run_id).finished
        return one.scores

    here = ran(store, lambda task, *given: task(*given))
    other = store_in(tmp_path_factory.mktemp("there"))
    local = LocalCluster(1, processes=False, dashboard_address=None, protocol="tcp")
    with local as cluster, Client(cluster) as client:
        there = ran(other, lambda task, *given: client.submit(task, *given).result())
    assert there.equals(here) and "task.speaker.errors" in there


def test_words_are_the_headline_and_speakers_are_learned(record):
    assert record.nouns.metric == "wer" and all("wer" in trial.metrics for trial in record.finished)
    modular = [trial for trial in record.finished if trial.recogniser == MODULAR_TASKS and trial.size == 60]
    assert np.mean([trial.metrics["tasks/speaker/error_rate"] for trial in modular]) < 0.4  # a guess: 0.83
    assert all(trial.metrics["tasks/speaker/error_rate_of_a_guess"] > 0.8 for trial in modular)


def test_the_report_says_by_task_what_was_answered_with_its_unit(record, tmp_path):
    found = findings(record, 200)
    page = Page(found, SPEECH_SECTIONS)
    shown = text(render(page))
    assert "What the other answers are" in shown
    assert "speaker: utterances whose speaker is wrong, per cent, by labelled utterances" in shown
    assert "pitch: mean absolute error, in the unit of its labels" in shown
    assert "phones: wrong phones, per cent" in shown
    for sentence in (
        "gets the gender of",
        "is off by",
        "whoever always answers the commonest class is wrong for",
    ):
        assert sentence in shown
    assert "Asked for gender, end-to-end" in shown and "Asked for the words, one network" in shown
    assert f"Asked for speaker, one network for all tasks ({TOGETHER})" in shown
    write_tables(page, tmp_path)
    lines = (tmp_path / "tasks.csv").read_text().splitlines()
    assert lines[0] == "task,recogniser,size,rate,low,high" and len(lines) == 1 + (3 * 3 + 2) * 2


class Spy:
    """Takes the place of a recogniser and keeps what it is given."""

    def fit(self, clips, texts, tasks):
        self.trained, self.tasks = clips, tasks
        return self

    def predict(self, clips):
        self.tested = clips
        return ["one"] * len(clips)

    def predict_tasks(self, clips):
        return {"speaker": ["theo"] * len(clips)}


def test_no_recogniser_is_given_a_label_of_the_test(table, store):
    dataset = SPEECH.read(asked(table, store))
    (fold,) = make_folds(dataset, SPEECH.nouns)
    spy, chosen = Spy(), fold.train[:20]
    train, texts = dataset.labelled(chosen)
    spy.fit(train, texts, **_besides(SPEECH, asked(table, store), dataset, spy, fold, chosen))
    assert all(len(task.labels) == 20 for task in spy.tasks.values())
    evaluate(SPEECH, dataset, fold, spy, train, spy.predict(dataset.labelled(fold.test)[0]), 1.0, 1.0)
    for clip in [*spy.trained, *spy.tested]:
        assert not clip.tags and not clip.speaker and not hasattr(clip, "labels")


def test_tasks_and_recognisers_that_do_not_go_together_are_refused_before_the_first_fit(table, store):
    with pytest.raises(
        ValueError, match=r"tasks expected a recogniser that learns speaker, got mel-ctc; add one"
    ):
        prepare(asked(table, store, tasks=["speaker"], recognisers=["mel-ctc"], settings={}))
    with pytest.raises(
        ValueError, match=r"mel-ctc-multitask expected a task besides the words, got none; add"
    ):
        prepare(asked(table, store, tasks=["words"], recognisers=[TOGETHER], settings={}))
    learner = f"{TOGETHER}:learns=gendre"
    with pytest.raises(ValueError, match=r"unknown task that .+ learns 'gendre'; did you mean 'gender'"):
        prepare(asked(table, store, recognisers=[learner], settings={}))
    unknown_speakers = f"{TOGETHER}:missing_by=speakers"
    with pytest.raises(ValueError, match=r"speakers as a task, which hides them; take missing_by=recordings"):
        prepare(asked(table, store, recognisers=[unknown_speakers], settings={}))
    with pytest.raises(ValueError, match=r"unknown missing_by 'speaker'; did you mean 'speakers'"):
        prepare(asked(table, store, recognisers=[unknown_speakers[:-1]], settings={}))
    with pytest.raises(ValueError, match=r"unknown setting of mel-ctc-multitask\S* 'widht'"):
        prepare(asked(table, store, recognisers=[f"{TOGETHER}:widht=9"], settings={}))
    with pytest.raises(ValueError, match=r"unknown task of .+ 'genre'; did you mean 'gender'"):
        prepare(asked(table, store, tasks=["genre"]))
