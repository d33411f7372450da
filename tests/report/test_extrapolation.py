"""The report says what more labels would buy, and who is surely ahead where."""

import pytest

from components.report import write_report
from components.report.chart import percent
from components.report.extrapolation import outlook
from components.report.findings import findings
from components.report.tables import crossover_rows
from components.study.curves import change, forecast, worth
from tests.report.fake_study import SIZES, TRUTH, fake_study
from tests.report.test_write import text


@pytest.fixture(scope="module")
def found():
    return findings(fake_study(draws=4, utterances=120))


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return text(write_report(found.record, folder).page.read_text(encoding="utf-8"))


def test_twice_the_labels_bring_what_the_forecast_says(found, page):
    told = [row for row in outlook(found).rows if not row["refusal"]]
    for row in told:
        said = forecast(found.curves, row["name"])
        assert row["labels"] == f"{2 * SIZES[-1]:,}" and row["rate"] == percent(said.at(2 * SIZES[-1])[0])
        assert row["name"] + row["labels"] + row["rate"] + row["between"] in page
    assert len(told) >= 2


def test_what_the_best_is_worth_stands_in_the_page(found, page):
    each = worth(found.curves, "mel-ctc", "mfcc-svm")
    wanted = f"mel-ctc is worth {each.times:.1f} times the data of mfcc-svm with {SIZES[-1]:,} labelled"
    assert wanted in page and len(outlook(found).worths) == 3


def test_the_sizes_at_which_one_is_surely_ahead_are_those_of_the_paired_tests(found):
    row = next(
        row for row in crossover_rows(found) if (row["modular"], row["end-to-end"]) == ("mfcc-svm", "mel-ctc")
    )
    told = change(found.curves, "mfcc-svm", "mel-ctc")
    assert row["ahead"] == f"{told.significantly_lower[0]:,} to {told.significantly_lower[-1]:,}"
    assert told.significantly_higher[0] == 30 and row["behind"].startswith("30")


def test_a_curve_that_cannot_be_foretold_says_why(tmp_path):
    record = fake_study({name: TRUTH[name] for name in ("mfcc-svm", "mel-ctc")}, (30, 450), utterances=36)
    page = text(write_report(record, tmp_path).page.read_text(encoding="utf-8"))
    assert page.count("not foretold: measured at 2 sizes, and a formula can be checked on 4 or more") == 2


def test_one_draw_claims_no_interval_beyond_the_sizes_either():
    found = findings(fake_study(draws=1, utterances=120))
    view, (first, *_) = outlook(found), crossover_rows(found)
    assert all("interval not known from one draw" in said for said in view.worths)
    assert all(row["refusal"] or row["between"] == "not known from one draw" for row in view.rows)
    assert first["ahead"] == "not known from one draw"


def test_one_size_alone_has_no_outlook():
    assert outlook(findings(fake_study(sizes=(30,), utterances=24))) is None
    assert outlook(findings(fake_study({}))) is None
