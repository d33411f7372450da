"""Studies that failed, lack something or have one size, one draw or no error make a report, too."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from components.report import answer_table, markdown_summary, table_rows, terminal_plot, write_report
from components.report.chart import learning_chart
from components.report.speech_sections import SPEECH_SECTIONS
from components.report.svg import draw, wide
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import findings_of, text, text_of


@pytest.fixture(scope="module")
def small():
    return fake_study({"mfcc-svm": TRUTH["mfcc-svm"], "mel-ctc": TRUTH["mel-ctc"]}, (30, 450), utterances=36)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (("mfcc-svm",), "so there is no crossover to report"),
        (("mel-ctc", "wave-ctc"), "mel-ctc makes fewer errors than wave-ctc at 180 labelled utterances"),
    ],
)
def test_one_family_alone_still_makes_a_report(side, said):
    record = fake_study({name: TRUTH[name] for name in side}, (30, 180), 2, utterances=24)
    page = text_of(record)
    assert said in page and "Every crossover" not in page
    assert terminal_plot(findings_of(record))


def test_a_study_that_failed_altogether_still_makes_a_report(tmp_path):
    record = fake_study({"mel-ctc": TRUTH["mel-ctc"]}, (30,), 2, failing=lambda *_: True)
    files = write_report(record, tmp_path, sections=SPEECH_SECTIONS)
    assert "all 2 trials failed" in text(files.page.read_text(encoding="utf-8"))
    assert files.pictures == () and terminal_plot(findings_of(record)) == ""
    assert "all 2 trials failed" in markdown_summary(findings_of(record))
    assert table_rows(findings_of(record))[0]["words wrong"] == "-"


def test_a_study_without_a_trial_still_makes_a_report():
    record = fake_study({})
    assert "No trial was run." in text_of(record)
    assert table_rows(findings_of(record)) == [] and "no trial was run" in markdown_summary(
        findings_of(record)
    )
    assert answer_table(findings_of(record)).row_count == 0


def test_one_draw_and_one_size_make_a_report_that_claims_no_interval():
    record = fake_study(sizes=(180,), draws=1, utterances=24)
    page = text_of(record)
    assert "the only size tried" in page and "not known from one draw" in page


def test_recognisers_that_make_no_error_err_alike_and_their_zeros_lie_far_below():
    perfect = fake_study(dict.fromkeys(TRUTH, lambda n: 0.0), sizes=(180,), utterances=24)
    found = findings_of(perfect)
    assert "err alike at 180 labelled utterances, the only size tried." in found.sentence
    low, high = learning_chart(found).y_range
    assert high / low >= 20


def test_at_one_size_no_interval_hides_another():
    chart = learning_chart(findings_of(fake_study(sizes=(180,), utterances=24)))
    drawing = str(draw(chart, wide(chart), {line.name: place for place, line in enumerate(chart.lines)}))
    at = [float(x) for x in re.findall(r'<line class="curve" x1="([\d.]+)"', drawing)]
    assert len(at) == 4 and min(b - a for a, b in pairwise(at)) > 100
    low, high = chart.x_range
    assert all(low < x < high for line in chart.lines for x in chart.drawn_at(line))
    several = learning_chart(findings_of(fake_study(sizes=(180, 450), utterances=24)))
    assert all(several.drawn_at(line) == [180, 450] for line in several.lines)


def test_no_known_speaker_and_no_error_make_a_report(small):
    trials = [replace(t, scores=t.scores.assign(group="", errors=0)) for t in small.trials]
    trials = [replace(t, scores=t.scores.assign(hypothesis=t.scores["reference"])) for t in trials]
    page = text_of(replace(small, trials=trials))
    assert "By speaker" not in page and "no error" in page and "0.0 %" in page


def test_a_record_that_knows_nothing_of_its_corpus_makes_a_report(small):
    bare = replace(small, dataset={}, settings={}, versions={})
    page = text_of(bare)
    assert "On first-light, end-to-end" in page and "Synthetic speech" not in page


def test_a_recogniser_is_not_named_for_a_size_at_which_it_was_not_measured():
    measured = {"mfcc-svm": (180,), "mel-ctc": (180,), "wave-ctc": (2700,)}
    truth = {**{name: TRUTH[name] for name in measured}, "wave-ctc": lambda n: 0.001}
    record = fake_study(truth, (180, 2700), utterances=24, failing=lambda who, n, _: n not in measured[who])
    assert "end-to-end (mel-ctc)" in findings_of(record).sentence
