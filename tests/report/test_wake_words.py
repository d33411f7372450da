"""The section of a study of a wake word: what its hours of background show, and what they cannot."""

import pandas as pd
import pytest

from components.keywords.nouns import WAKE_WORD_NOUNS
from components.report.findings import findings
from components.report.wake_words import WAKE_WORD_SECTIONS, wake_word_view
from components.study.results import StudyRecord, TrialResult
from tests.report.pages import REPLICATIONS, text_of

FAMILIES = {"keyword-hmm": "modular", "mel-cnn": "end-to-end"}


def study(hours, sizes=(10, 50)) -> StudyRecord:
    """Two draws of each; the network hears more of forty keywords, and more by mistake."""
    trials = [_trial(name, size, draw, hours) for name in FAMILIES for size in sizes for draw in range(2)]
    return StudyRecord(
        *("alexa", "run", {"name": "alexa", "fingerprint": "f"}, {"sizes": list(sizes), "draws": 2}),
        *("crossover compare --subject wake-words", "2026-11-30T03:00", {"python": "3.11"}, trials),
        subject="wake-words",
        nouns=WAKE_WORD_NOUNS,
    )


def _trial(name, size, draw, hours) -> TrialResult:
    missed = (20 if name == "mel-cnn" else 30) * 10 // size + draw
    alarms = 4.0 if name == "mel-cnn" else 0.0
    rows = [(f"alexa-{place}", "", int(place < missed), 1) for place in range(40)]
    shares = {f"misses_at_{rate:g}_an_hour": missed / 40 for rate in (0.5, 1.0, 10.0) if rate * hours >= 1}
    metrics = {"miss_rate": missed / 40, "miss_rate_low": 0.0, "miss_rate_high": 1.0, "errors": missed}
    metrics |= {"false_alarms": alarms, "background_hours": hours, "latency_ms": 120.0 + 40 * draw, **shares}
    costs = {"model_bytes": 150_000, "parameters": 9, "train_seconds": 2.0, "predict_seconds": 1.0}
    return TrialResult(
        *(f"{name}-{size}-{draw}", name, FAMILIES[name], "", size, draw, 0, "finished"),
        metrics={**metrics, **costs, "total": 40.0, "peak_memory_mb": 100.0},
        scores=pd.DataFrame(rows, columns=["id", "group", "errors", "total"]),
    )


def view(hours):
    return wake_word_view(findings(study(hours), REPLICATIONS))


def test_false_alarms_have_the_interval_of_one_count_whatever_the_draws():
    cells = view(8.0).cells
    assert cells["mel-cnn"][50]["alarms"] == "0.5"
    assert cells["mel-cnn"][50]["interval"] == "0.136 to 1.28"  # of 4 in 8 hours
    assert cells["keyword-hmm"][10]["interval"] == "0 to 0.461"  # of none in 8 hours
    assert (cells["mel-cnn"][10]["latency"], cells["mel-cnn"][10]["size"]) == ("140 ms", "150 kB")


@pytest.mark.parametrize(
    ("hours", "at_half", "at_a_tenth"), [(5.5, "takes 6 h", "takes 30 h"), (8.0, "11.2 %", "takes 30 h")]
)
def test_a_rate_that_the_hours_cannot_show_has_no_figure(hours, at_half, at_a_tenth):
    cell = view(hours).cells["mel-cnn"][50]
    assert (cell["misses at 0.5"], cell["misses at 0.1"]) == (at_half, at_a_tenth)


def test_the_det_curve_is_drawn_over_false_alarms_and_left_out_where_it_has_no_point():
    chart = view(8.0).chart
    assert [line.name for line in chart.lines] == ["keyword-hmm", "mel-cnn"]
    assert list(chart.lines[1].x) == [0.5, 1, 10]
    assert view(0.05).chart is None


def test_the_page_has_the_section_and_its_picture():
    said = text_of(study(8.0), WAKE_WORD_SECTIONS)
    assert "False alarms, latency and size" in said and "takes 30 h" in said
    assert "Missed against false alarms, 50 recordings of the keyword" in said
    assert "8.00 hours of speech without the keyword" in said
