"""Studies of recipes had a program's log among the choices, "-0" and "-0 %" on the page, and "1 clips"."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
from rich.console import Console

from components.report.choices import choices_view
from components.report.findings import findings
from components.study.choices import Choice, choice_params
from components.study.curves.crossing import described
from components.study.curves.lead import Lead
from components.study.learned_settings import learned_settings
from flows.terminal import show_answer
from tests.report.fake_study import fake_study
from tests.study.test_learned_settings import part


def test_what_a_program_printed_is_no_choice():
    assert learned_settings(part(output_="step 0: loss 11.7\n", units_="words")) == {"units": "words"}


def test_a_value_that_is_nearly_nothing_has_no_sign():
    gains = {"usual": 0.0, "phones": -0.001}
    choice = choice_params(part(choices_=[Choice("acoustic model", "usual", "gain", gains)]))
    record = fake_study(sizes=(30,), draws=1, utterances=40)
    trials = [replace(trial, params=choice) for trial in record.trials]
    table = choices_view(findings(replace(record, trials=trials), 50)).table
    assert set(table["compared"]) == {"usual 0, phones 0"}


def test_no_chance_is_below_nothing():
    sizes, flat = np.array([20.0, 100.0]), np.ones(2)
    for never in range(1, 100):  # 1 - 0.93 - 0.07 is -5.6e-17
        ahead = np.where(np.arange(100) < never, -1.0, 1.0)[:, None] * flat
        found = described("a", "b", Lead(sizes, flat, np.log(sizes), flat, flat, 9 * flat, ahead), 1)
        assert (found.inside, found.never) == (0.0, never / 100)


def test_one_clip_is_not_clips():
    record = fake_study(sizes=(30,), draws=1, utterances=40)
    screen = Console(file=StringIO(), width=200)
    show_answer(replace(record, set_aside=record.set_aside[:1]), Path("page"), screen)
    assert "1 clip could not be used; see the report." in screen.file.getvalue()
