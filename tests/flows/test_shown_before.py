"""A finished study shows again what it showed, without MLflow, as long as nothing behind it has changed."""

from dataclasses import replace

import pytest
from rich.console import Console

from components.study.planned_before import find_plan
from components.study.tracking import close_study, find_study, read_study
from components.study.tracking.files import files_behind
from components.subjects import check_study
from components.subjects.speech import SPEECH
from flows import shown_before
from flows.shown_before import ShownBefore, shown
from tests.commands import ASKED, crossover
from tests.study.test_splits import digits as made_up_digits

SLOW = {"torch", "sklearn", "scipy", "pandas", "mlflow", "prefect", "multiprocessing.forkserver"}
TO_TRAIN = {"torch", "sklearn", "prefect", "flows.child", "multiprocessing.forkserver"}
STUDY = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10, 20], "draws": 2}


@pytest.fixture(scope="module")
def finished_store(trained, tmp_path_factory):
    """A store of this module's own: whatever is logged in it is behind the answer."""
    return trained(tmp_path_factory.mktemp("shown"), STUDY)[1]


@pytest.fixture
def compared(finished_store, digits):
    """Asks for the study again -> what is said, and the modules that this imports."""

    def run():
        asked = (*ASKED, "--data", digits)
        ended = crossover("compare", *asked, store=finished_store, PYTHONPROFILEIMPORTTIME="1")
        assert ended.status == 0, ended.complained
        return ended.said, {line.rpartition("|")[2].strip() for line in ended.complained.splitlines()}

    return run


@pytest.mark.slow
def test_a_finished_study_is_shown_again_without_asking_mlflow(compared, finished_store):
    first, _ = compared()
    again, imported = compared()
    assert again == first and "4 trials, 4 of them finished before." in again
    assert not imported & SLOW

    close_study(finished_store, find_study(finished_store).info.run_id, {"anything": 1.0})
    after, imported = compared()
    assert after == first and "mlflow" in imported and not imported & TO_TRAIN

    _, *scores = files_behind(finished_store, read_study(finished_store).trials)[1:]
    scores[0].touch()
    assert "mlflow" in compared()[1]
    assert not compared()[1] & SLOW


@pytest.fixture
def dataset(tmp_path):
    data = made_up_digits()
    return replace(data, facts={**data.facts, "language": "en-us"}, folder=tmp_path)


@pytest.fixture
def before(dataset):
    """Looks up what the study showed, asked for so and on a screen of this width."""

    def look(width=80, **asked):
        settings = {"recognisers": ["mfcc-svm"], "sizes": [10], "device": "cpu", **asked}
        study = check_study(settings)
        find_plan(SPEECH, study, dataset)
        return ShownBefore(study, dataset, Console(width=width))

    return look


def test_a_text_is_shown_again_until_a_file_behind_it_changes(before, tmp_path):
    page, log = tmp_path / "index.html", tmp_path / "mlflow.db-wal"
    page.write_text("page")
    before().keep("the answer\n", [page, log])
    assert before().text == "the answer\n"
    log.touch()  # as empty as if it were not there
    assert before().text == "the answer\n"
    log.write_text("a run")
    assert before().text == ""
    log.unlink()
    assert before().text == "the answer\n"
    page.unlink()
    assert before().text == ""


def test_another_study_screen_store_or_code_is_another_text(before, monkeypatch):
    before().keep("the answer\n", [])
    assert before().text == "the answer\n"
    assert before(width=100).text == before(sizes=[20]).text == before(label_price=2.0).text == ""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "elsewhere")
    assert before().text == ""
    monkeypatch.undo()
    monkeypatch.setattr(shown_before, "source_stamp", lambda: "changed")
    assert before().text == ""


def test_nothing_is_kept_of_a_study_whose_plan_is_not(before, dataset):
    gone = before()
    for path in (dataset.folder / "plans").iterdir():
        path.unlink()
    gone.keep("the answer\n", [])
    assert not (dataset.folder / "shown").exists()
    assert before(subject="components.subjects.speech:SPEECH", device="auto").path is None


def test_what_is_written_is_copied_aloud_or_not(capsys):
    screen = Console()
    with shown() as text:
        screen.print("one")
        print("two")
    with shown(aloud=False) as silent:
        screen.print("three")
    assert text.getvalue() == "one\ntwo\n" and silent.getvalue() == "three\n"
    assert capsys.readouterr().out == "one\ntwo\n"
