"""Which task helps or harms which: made-up studies whose truth is known, in cells, words and picture."""

import re
from dataclasses import replace

import numpy as np
import pytest

from components.report.speech_sections import SPEECH_SECTIONS
from components.report.task_pairs import pairs
from components.report.tasks import tasks_view
from components.report.write import write_tables
from components.speech.several_tasks import APART, APART_LARGE, TOGETHER
from tests.report.fake_study import fake_study
from tests.report.pages import findings_of, html_of, page_of, text

WITH_GENDER, WITH_AGE, WITH_BOTH = (f"{TOGETHER}:learns={tasks}" for tasks in ("gender", "age", "gender+age"))
WORDS = {"mel-ctc": 0.3, WITH_GENDER: 0.15, WITH_AGE: 0.3, WITH_BOTH: 0.3, APART_LARGE: 0.3}
GENDER = {WITH_GENDER: 0.2, WITH_BOTH: 0.4, APART_LARGE: 0.2}
AGE = {WITH_AGE: 6.0, WITH_BOTH: 3.0, APART_LARGE: 6.0}
TASKS = {
    "gender": {"kind": "class", "unit": "", "classes": 2, "labelled": 900},
    "age": {"kind": "number", "unit": "years", "labelled": 900},
}


@pytest.fixture(scope="module")
def record():
    """Gender halves the errors of words, age doubles those of gender, gender halves those of age."""
    truth = {name: (lambda size, rate=rate: rate) for name, rate in WORDS.items()}
    made = fake_study(truth, sizes=(100, 300), utterances=240, tasks=TASKS)
    rng = np.random.default_rng(0)
    for trial in made.trials:
        if trial.recogniser in GENDER:
            wrong = rng.random(240) < GENDER[trial.recogniser]
            trial.scores["task.gender.errors"], trial.scores["task.gender.total"] = wrong.astype(int), 1
        if trial.recogniser in AGE:
            off = rng.exponential(AGE[trial.recogniser], 240)
            trial.scores["task.age.errors"], trial.scores["task.age.total"] = off, 1
    return replace(made, trials=[replace(trial, family="end-to-end") for trial in made.trials])


def test_cells_say_what_helps_and_what_harms(record):
    view = tasks_view(findings_of(record))
    cells = {(cell.task, cell.beside): cell for cell in view.matrix.cells}
    assert view.matrix.tasks == ["words", "gender", "age"] and len(cells) == 6
    verdicts = {pair: cell.verdict for pair, cell in cells.items()}
    assert verdicts["words", "gender"] == "helps" and verdicts["gender", "age"] == "harms"
    assert verdicts["age", "gender"] == "helps" and verdicts["words", "age"] == "even"
    assert cells["words", "gender"].change == pytest.approx(-0.5, abs=0.12)
    assert cells["age", "gender"].change == pytest.approx(-0.5, abs=0.12)
    assert all(cell.low <= cell.change <= cell.high and cell.size == 300 for cell in cells.values())
    assert cells["gender", "words"].before == APART_LARGE and cells["gender", "age"].before == WITH_GENDER


def test_the_page_draws_and_says_it(record, tmp_path):
    page = html_of(record)
    shown = text(page)
    assert "Which task helps or harms which" in shown and "gender helps words" in shown
    assert "one network for all tasks (mel-ctc-multitask:learns=gender) errs less at 100 and 300" in shown
    assert re.search(r"\(−\d+\.\d points at 300, 95 % interval −\d+\.\d points to −\d+\.\d points\)", shown)
    assert 'id="matrix-t"' in page and page.count("#0072b2") >= 4
    write_tables(page_of(record, SPEECH_SECTIONS), tmp_path)
    lines = (tmp_path / "task_matrix.csv").read_text().splitlines()
    assert lines[0] == "task,beside,size,change,low,high,p_value" and len(lines) == 7


def test_apart_and_together_are_compared_at_the_same_settings_and_variants_by_one_setting():
    wide, narrow, few = (f"{TOGETHER}:{own}" for own in ("channels=16", "channels=64", "missing=0.9"))
    after_words, apart = f"{APART_LARGE}:start=words:missing=0.9", f"{APART_LARGE}:missing=0.9"
    names = [wide, narrow, f"{APART}:channels=64", few, apart, after_words, WITH_GENDER, APART_LARGE]
    assert pairs(names) == [
        (f"{APART}:channels=64", narrow),
        (apart, few),
        (after_words, few),
        (APART_LARGE, WITH_GENDER),
        (wide, narrow),
        (apart, after_words),
        (apart, APART_LARGE),
    ]
