"""The report of a study with size 0: a column of its own, and a point before the break of the axis."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from components.report.chart import cost_charts, learning_chart
from components.report.pictures import save_chart
from components.report.tables import answer_frame, answer_table, table_rows
from components.report.terminal import terminal_plot
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import findings_of, html_of, text

NAMES = ("mfcc-gmm-hmm", "mel-ctc")


@pytest.fixture(scope="module")
def record():
    """The network answers without labels as well, the modular system needs them."""
    learned = fake_study({name: TRUTH[name] for name in NAMES}, (30, 450), utterances=60)
    alone = fake_study({"mel-ctc": lambda n: 0.2}, (0,), draws=1, utterances=60)
    return replace(learned, trials=[*learned.trials, *alone.trials])


def test_tables_have_it_as_any_size(record):
    found = findings_of(record)
    frame = answer_frame(found).set_index(["recogniser", "size"])
    row = frame.loc["mel-ctc", 0]
    assert row["low"] < row["rate"] < row["high"] and (row["trials"], row["failed"]) == (1, 0)
    assert ("mfcc-gmm-hmm", 0) not in frame.index
    assert [column.header for column in answer_table(found).columns][2:] == ["0", "30", "450"]
    assert {row["utterances"] for row in table_rows(found)} == {0, 30, 450}


def test_the_page_says_who_needs_labels_and_puts_nothing_beyond_the_axis(record):
    page = html_of(record)
    assert "needs labels" in text(page) and "With no labelled utterance: " in text(page)
    assert "0 to 450" in text(page) and "not tried" not in text(page)
    places = [float(x) for x in re.findall(r' x[12]="([-\d.]+)"', page)]
    assert min(places) >= 0 and "nan" not in page.split("<body>")[1].split("<table")[0]


def test_its_point_stands_left_of_all_others_and_no_line_leads_to_it(record):
    chart = learning_chart(findings_of(record))
    network = next(line for line in chart.lines if line.name == "mel-ctc")
    assert list(network.x) == [0, 30, 450] and network.joined == slice(1, None)
    assert chart.x_range[0] < chart.at(0) < chart.gap < 30 == chart.at(30)
    assert chart.drawn_at(network)[1:] == [30, 450]
    assert all(0 not in line.x for one in cost_charts(findings_of(record)) for line in one.lines)


def test_without_it_the_axis_is_whole(record):
    chart = learning_chart(findings_of(replace(record, trials=[t for t in record.trials if t.size])))
    assert chart.gap is None and chart.x_range[0] == pytest.approx(30 / 1.12)


def test_every_drawing_can_show_it_also_alone(record, tmp_path):
    alone = replace(record, trials=[trial for trial in record.trials if not trial.size])
    for place, one in enumerate((record, alone)):
        (tmp_path / str(place)).mkdir()
        assert all(map(Path.exists, save_chart(learning_chart(findings_of(one)), tmp_path / str(place))))
        assert "A mel-ctc" in terminal_plot(findings_of(one))
    assert "With no labelled utterance: " in text(html_of(alone))
