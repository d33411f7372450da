"""The report of a study with and without augmentation says what it changes; of any other, nothing."""

import numpy as np
import pandas as pd
import pytest

from components.report import Page, write_tables
from components.report.augmentation import augmentation_view
from components.report.chart import points
from components.report.findings import findings
from components.report.page import render
from components.report.speech_sections import SPEECH_SECTIONS
from components.study.curves import learning_curves
from components.study.curves.change import change, same_answer
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import page_of, text, text_of

GAIN = {"mfcc-gmm-hmm": 0.95, "mel-ctc": 0.5}
BOTH = {
    f"{name}:{how}": (
        lambda n, name=name, how=how: TRUTH[name](n) * (GAIN[name] if how == "augmented" else 1)
    )
    for name in GAIN
    for how in ("plain", "augmented")
}


@pytest.fixture(scope="module")
def record():
    return fake_study(BOTH, (30, 180, 1100, 2700), utterances=120)


@pytest.fixture(scope="module")
def found(record):
    return findings(record, 500)


@pytest.fixture(scope="module")
def view(found):
    return augmentation_view(found)


@pytest.fixture(scope="module")
def page(found):
    return text(render(Page(found, SPEECH_SECTIONS)))


def test_each_change_is_that_of_the_error_rates_and_its_interval_is_around_it(view):
    table = view.table
    assert list(table["recogniser"].unique()) == ["mfcc-gmm-hmm", "mel-ctc"]
    assert list(table["size"].unique()) == [30, 180, 1100, 2700]
    np.testing.assert_allclose(table["difference"], table["augmented"] - table["plain"], atol=1e-12)
    assert (table["low"] < table["difference"]).all() and (table["difference"] < table["high"]).all()
    neural = table[table["recogniser"] == "mel-ctc"]
    assert (neural["high"][:3] < 0).all() and set(neural["copies"]) == {60.0}


def test_a_change_is_surer_than_the_two_rates_it_is_between(record):
    curves = learning_curves(record.finished)
    difference = change(curves, "mel-ctc:plain", "mel-ctc:augmented")
    before, after = (curves.curves[f"mel-ctc:{how}"] for how in ("plain", "augmented"))
    apart = np.hypot(before.high - before.low, after.high - after.low)
    assert (difference.high - difference.low < apart)[:3].all()


def test_nothing_is_changed_by_what_is_the_same(record):
    same = change(learning_curves(record.finished, replications=200), "mel-ctc:plain", "mel-ctc:plain")
    assert not same.difference.any() and not same.low.any() and not same.high.any()


def test_both_answers_stand_in_the_page_and_whether_they_are_the_same(view, page):
    assert view.plain != view.augmented and not view.same
    assert f"With augmentation the answer changes. Without{view.plain}With{view.augmented}".replace(
        " ", ""
    ) in page.replace(" ", "")
    assert "(mel-ctc:plain)" in view.plain and "(mel-ctc:augmented)" in view.augmented


def test_one_answer_is_the_same_as_itself(found):
    assert same_answer(found.headline, found.headline)


def test_the_table_is_a_file_too(found, view, tmp_path):
    write_tables(Page(found, SPEECH_SECTIONS), tmp_path)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "augmentation.csv"), view.table)


def test_the_cell_says_change_interval_rates_and_copies(view, page):
    row = view.table.query("recogniser == 'mel-ctc' and size == 180").iloc[0]
    rates = f"{100 * row['plain']:.1f} → {100 * row['augmented']:.1f} %"
    assert (
        f"{points(row['difference'])}{points(row['low'])} to {points(row['high'])}{rates}60× altered" in page
    )
    assert "Altered copies of each training clip" in page


def test_without_one_side_there_is_a_table_and_no_second_answer():
    record = fake_study({name: BOTH[name] for name in BOTH if "mel" in name}, (30, 450), utterances=36)
    view = augmentation_view(findings(record, 200))
    assert view.plain == view.augmented == "" and len(view.table) == 2
    assert "The answer" not in text_of(record)


def test_a_study_without_a_comparison_says_nothing_of_it(tmp_path):
    record = fake_study({name: TRUTH[name] for name in ("mfcc-svm", "mel-ctc")}, (30, 450), utterances=36)
    assert augmentation_view(findings(record, 200)) is None
    assert "With and without" not in text_of(record)
    write_tables(page_of(record), tmp_path)
    assert not (tmp_path / "augmentation.csv").exists()


def test_points_have_a_sign():
    assert [points(x) for x in (-0.0214, 0.0, -0.0002, 0.1)] == ["−2.1", "0.0", "0.0", "+10.0"]
