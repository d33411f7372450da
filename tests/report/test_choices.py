"""The report shows what each system chose by itself, and against what; nothing where nothing was compared."""

from dataclasses import replace

import pytest

from components.report import Page, write_tables
from components.report.choices import choices_view
from components.report.findings import findings
from components.report.page import render
from components.study.choices import Choice, choice_params
from tests.report.fake_study import fake_study
from tests.report.pages import text
from tests.study.test_learned_settings import part

SIZES = (30, 180)


def params(chosen, gain):
    by = {"usual": 0.0, "whole words": gain}
    return choice_params(part(choices_=[Choice("acoustic model", chosen, "gain in log posterior", by)]))


def chosen_in(trial):
    whole = trial.size == 180 or trial.draw == 0
    return params("whole words" if whole else "usual", 0.25 if whole else -0.05)


@pytest.fixture(scope="module")
def record():
    plain = fake_study(sizes=SIZES, draws=2, utterances=40)
    trials = [
        replace(trial, params={**trial.params, **chosen_in(trial)})
        if trial.recogniser == "mfcc-gmm-hmm"
        else trial
        for trial in plain.trials
    ]
    return replace(plain, trials=trials)


def test_choices_of_all_trials_of_a_size_stand_in_one_cell(record):
    (small, large) = choices_view(findings(record, 50)).table.to_dict("records")
    assert small["chosen"] == "whole words (1), usual (1)" and small["compared"] == "usual 0, whole words 0.1"
    assert large["chosen"] == "whole words" and large["compared"] == "usual 0, whole words 0.25"
    assert not small["limit"] and not large["limit"]
    assert small["by"] == "gain in log posterior" and (small["size"], large["size"]) == SIZES


def test_the_page_and_its_files_have_them_and_the_settings_do_not_repeat_them(record, tmp_path):
    page = Page(findings(record, 50))
    shown = text(render(page))
    assert "What was chosen" in shown and "usual 0, whole words 0.25" in shown
    assert '"compared"' not in shown
    write_tables(page, tmp_path)
    assert "acoustic model" in (tmp_path / "choices.csv").read_text()


def test_without_a_comparison_there_is_no_such_part():
    record = fake_study(sizes=SIZES, draws=2, utterances=40)
    assert choices_view(findings(record, 50)) is None
    alone = choice_params(part(choices_=[Choice("units", "words", "errors")]))
    trials = [replace(trial, params=alone) for trial in record.trials]
    assert choices_view(findings(replace(record, trials=trials), 50)) is None


def test_what_bounded_a_choice_is_said(record):
    errors, limit = {"graph": 3, "greedy": 5}, "12 of 60 dev clips decoded"
    bounded = Choice("decoding", "graph", "word errors", errors, limit)
    first, *others = record.trials
    trial = replace(first, params={**first.params, **choice_params(part(choices_=[bounded]))})
    shown = text(render(Page(findings(replace(record, trials=[trial, *others]), 50))))
    assert f"bounded: {limit}" in shown
