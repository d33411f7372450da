"""The report says what more labels would buy, and who is surely ahead where."""

import pytest

from components.report import Page
from components.report.chart import percent
from components.report.extrapolation import extrapolation
from components.report.findings import findings
from components.report.page import render
from components.report.tables import crossover_rows
from components.study.curves import change, data_multiplier, forecast
from tests.report.fake_study import SIZES, TRUTH, fake_study
from tests.report.pages import findings_of, text, text_of


@pytest.fixture(scope="module")
def found():
    return findings(fake_study(draws=4, utterances=120), 500)


@pytest.fixture(scope="module")
def page(found):
    return text(render(Page(found)))


def test_twice_the_labels_bring_what_the_forecast_says(found, page):
    rows = [row for row in extrapolation(found).rows if not row["refusal"]]
    for row in rows:
        predicted = forecast(found.curves, row["name"])
        assert row["labels"] == f"{2 * SIZES[-1]:,}" and row["rate"] == percent(
            predicted.at(2 * SIZES[-1])[0]
        )
        assert row["name"] + row["labels"] + row["rate"] + row["between"] in page
    assert len(rows) >= 2


def test_what_the_best_is_worth_stands_in_the_page(found, page):
    multiplier = data_multiplier(found.curves, "mel-ctc", "mfcc-svm")
    start = f"mel-ctc is worth {multiplier.times:.1f} times the data of mfcc-svm with {SIZES[-1]:,} labelled"
    assert start in page and len(extrapolation(found).multipliers) == 3


def test_the_sizes_at_which_one_is_surely_ahead_are_those_of_the_paired_tests(found):
    row = next(
        row for row in crossover_rows(found) if (row["modular"], row["end-to-end"]) == ("mfcc-svm", "mel-ctc")
    )
    tested = change(found.curves, "mfcc-svm", "mel-ctc")
    assert row["ahead"] == f"{tested.significantly_lower[0]:,} to {tested.significantly_lower[-1]:,}"
    assert tested.significantly_higher[0] == 30 and row["behind"].startswith("30")


def test_a_curve_that_cannot_be_foretold_says_why():
    record = fake_study({name: TRUTH[name] for name in ("mfcc-svm", "mel-ctc")}, (30, 450), utterances=36)
    assert (
        text_of(record).count("not foretold: measured at 2 sizes, and a formula can be checked on 4 or more")
        == 2
    )


def test_one_draw_claims_no_interval_beyond_the_sizes_either():
    found = findings_of(fake_study(draws=1, utterances=120))
    view, (first, *_) = extrapolation(found), crossover_rows(found)
    assert all("interval not known from one draw" in sentence for sentence in view.multipliers)
    assert all(row["refusal"] or row["between"] == "not known from one draw" for row in view.rows)
    assert first["ahead"] == "not known from one draw"


def test_one_size_alone_is_not_extrapolated():
    assert extrapolation(findings_of(fake_study(sizes=(30,), utterances=24))) is None
    assert extrapolation(findings(fake_study({}))) is None
