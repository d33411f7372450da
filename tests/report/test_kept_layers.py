"""The report draws errors by number of layers kept from a source, with intervals; without any, nothing."""

import pytest

from components.report import Page, write_tables
from components.report.findings import findings
from components.report.kept_layers import KEPT_LAYERS, kept_layers_view
from components.report.page import render
from components.speech.transfer import FIRST_LAYERS
from tests.report import fake_study as fake
from tests.report.fake_study import fake_study
from tests.report.pages import text

ERRORS = {0: 0.10, 1: 0.10, 2: 0.10, 3: 0.3, 4: 0.5}  # by number of kept layers: the last two are not general
KEPT = {f"{FIRST_LAYERS}:kept_layers={kept}": lambda n, rate=rate: rate for kept, rate in ERRORS.items()}
SIZES = (30, 180)


def found(names):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fake, "FAMILIES", fake.FAMILIES | dict.fromkeys(KEPT, "end-to-end"))
        truth = {"mfcc-gmm-hmm": lambda n: 0.2, "mel-ctc": lambda n: 0.4} | {
            name: KEPT[name] for name in names
        }
        return findings(fake_study(truth, SIZES, draws=3, utterances=120), 200)


@pytest.fixture(scope="module")
def every():
    return found(KEPT)


def test_there_is_a_row_with_an_interval_for_each_number_of_kept_layers_and_size(every):
    table = kept_layers_view(every).table
    assert table[["kept", "size"]].values.tolist() == [[kept, size] for kept in ERRORS for size in SIZES]
    assert (table["low"] <= table["rate"]).all() and (table["rate"] <= table["high"]).all()
    assert table["rate"].tolist() == pytest.approx([ERRORS[kept] for kept in table["kept"]], abs=0.05)


def test_layers_that_are_not_general_are_named_and_others_are_not(every):
    said = kept_layers_view(every).sentence
    assert said.startswith("With 180 labelled utterances, against 0 kept layers (")
    assert "keeping 1 and 2 errs as much but for luck" in said and "keeping 3 and 4 errs more" in said


def test_the_page_has_a_picture_for_each_size_and_the_numbers_as_a_file(every, tmp_path):
    page = Page(every, [KEPT_LAYERS])
    html = render(page)
    assert html.count("Errors by number of kept layers</title>") == len(SIZES)
    assert html.count('stroke-dasharray="5 4"') == len(SIZES)  # from scratch
    assert "General by layer" in text(html) and "4 kept: " in html
    write_tables(page, tmp_path)
    assert (tmp_path / "kept_layers.csv").read_text().startswith("kept,size,rate,low,high")


def test_one_number_of_kept_layers_is_no_curve():
    assert kept_layers_view(found([f"{FIRST_LAYERS}:kept_layers=2"])) is None
