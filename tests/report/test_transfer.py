"""The report says what a source is worth in labels, and what to retrain; of any other study, nothing."""

from dataclasses import replace

import numpy as np
import pytest

from components.report import Page, write_tables
from components.report.findings import findings
from components.report.page import render
from components.report.speech_sections import SPEECH_SECTIONS
from components.report.transfer import TRANSFER, transfer_view
from components.report.wake_words import WAKE_WORD_SECTIONS
from tests.report import fake_study as fake
from tests.report.fake_study import fake_study
from tests.report.pages import text

WITH = {
    "mfcc-gmm-hmm": lambda n: 0.02 + 0.8 * n**-0.38,
    "mel-ctc": lambda n: min(0.97, 9 * n**-0.8),
    "mfcc-map-gmm-hmm": lambda n: 0.02 + 0.8 * (2 * n) ** -0.38,
    "mel-ctc-last-layer": lambda n: min(0.97, 0.05 + 4 * n**-0.8),
    "mel-ctc-last-then-all": lambda n: min(0.97, 9 * (2.2 * n) ** -0.8),
    "mel-ctc-two-heads": lambda n: min(0.97, 9 * (6 * n) ** -0.8),
}
NETWORKS = [name for name in WITH if name.startswith("mel-ctc-")]


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fake, "FAMILIES", fake.FAMILIES | dict.fromkeys(NETWORKS, "end-to-end"))
        record = fake_study(WITH, (30, 75, 180, 450, 1100, 2700), draws=4)
    settings = {**record.settings, "source": ["speech-commands", "my.csv"]}
    trials = [with_forgetting(trial) for trial in record.trials]
    return findings(replace(record, settings=settings, trials=trials), 500)


def with_forgetting(trial):
    """A trial -> the same with errors on the source, if it is of the network of which all layers change."""
    if trial.recogniser != "mel-ctc-last-then-all":
        return trial
    errors = {"source_words": 200.0, "source_errors_before": 10.0, "source_errors_after": 10.0 + trial.draw}
    return replace(trial, metrics=trial.metrics | errors)


def test_worth_is_in_labels_of_the_same_recogniser_without_the_source(found):
    table = transfer_view(found).table.set_index(["recogniser", "size"])
    assert set(table["without"]) == {"mfcc-gmm-hmm", "mel-ctc"}
    row = table.loc["mfcc-map-gmm-hmm", 450]
    assert row["low"] < 900 < row["high"] and row["labels"] == pytest.approx(900, rel=0.5)
    assert (
        table.loc["mel-ctc-last-then-all", 450]["rate"]
        < table.loc["mel-ctc-last-then-all", 450]["rate_without"]
    )


def test_it_is_said_in_sentences_with_intervals(found):
    sentences = transfer_view(found).sentences
    assert any(
        one.startswith("Trained on speech-commands and my.csv before, mfcc-map-gmm-hmm does with")
        for one in sentences
    )
    assert any("retrain the last layer alone, above it all layers." in one for one in sentences)
    assert any(
        "both with the source, from" in one and "without it (mel-ctc, mfcc-gmm-hmm) from" in one
        for one in sentences
    )
    assert all("95 %" in one or " to " in one for one in sentences)
    at_once = "Trained on speech-commands and my.csv at the same time, mel-ctc-two-heads"
    assert any(at_once in one for one in sentences)


def test_both_corpora_at_once_are_compared_with_one_after_the_other(found):
    both = "Asked for the words, one network for both corpora at once (mel-ctc-two-heads) errs less at "
    said = [one for one in transfer_view(found).sentences if one.startswith(both)]
    assert (
        len(said) == 2 and "than the source first, then the last layer alone (mel-ctc-last-layer)" in said[0]
    )
    assert all(" points at 2,700, 95 % interval " in one for one in said)


@pytest.mark.parametrize(
    ("high", "said"), [(300.0, "; from about 180"), (np.inf, "; perhaps from about 180")]
)
def test_where_the_source_stops_paying_is_said_as_sure_as_it_is(found, monkeypatch, high, said):
    first, *_ = found.crossovers
    monkeypatch.setattr(
        "components.report.transfer.crossover",
        lambda *_: replace(first, outcome="inside", estimate=180.0, low=100.0, high=high),
    )
    assert any(said in one for one in transfer_view(found).sentences)


def test_a_source_that_is_of_no_use_is_said_to_be(found, monkeypatch):
    first, *_ = found.crossovers
    below = replace(first, outcome="below", estimate=np.nan, low=0.0, high=75.0)
    monkeypatch.setattr("components.report.transfer.crossover", lambda *_: below)
    expected = (
        "Trained on speech-commands and my.csv, mel-ctc-last-layer errs more than mel-ctc at every size "
        "tried (95 %: from fewer than 30 to 75 on)."
    )
    assert expected in transfer_view(found).sentences


def test_studies_of_wake_words_say_what_their_source_is_worth(monkeypatch):
    rates = {
        "mel-cnn": lambda n: 5 * n**-0.8,
        "mel-cnn-last-layer": lambda n: 0.05 + 2.5 * n**-0.8,
        "mel-cnn-all-layers": lambda n: 5 * (2 * n) ** -0.8,
    }
    monkeypatch.setattr(fake, "FAMILIES", fake.FAMILIES | dict.fromkeys(rates, "end-to-end"))
    record = fake_study(rates, (30, 75, 180, 450), draws=3)
    found = findings(replace(record, settings={**record.settings, "source": ["speech-commands"]}), 100)
    view = TRANSFER.view(found)
    assert TRANSFER in WAKE_WORD_SECTIONS and set(view.table["without"]) == {"mel-cnn"}
    begin = "Trained on speech-commands before, mel-cnn-all-layers does with"
    assert any(one.startswith(begin) and "what mel-cnn does with" in one for one in view.sentences)
    assert any("etrain" in one and "all layers" in one for one in view.sentences)


def test_the_page_and_its_files_have_it(found, tmp_path):
    page = Page(found, SPEECH_SECTIONS)
    shown = text(render(page))
    assert "What the source is worth" in shown and "speech-commands and my.csv before" in shown
    write_tables(page, tmp_path)
    assert (tmp_path / "transfer.csv").read_text().startswith("recogniser,without,size")


def test_what_is_forgotten_of_the_source_is_pooled_over_draws(found):
    table = transfer_view(found).forgetting
    assert set(table["recogniser"]) == {"mel-ctc-last-then-all"} and len(table) == 6
    assert table["before"].unique().tolist() == [0.05]
    assert table["after"].tolist() == pytest.approx([0.0575] * 6)
    assert "5.0 → 5.8" in text(render(Page(found, SPEECH_SECTIONS)))


def test_a_study_without_a_source_has_no_such_part():
    assert transfer_view(findings(fake_study(sizes=(30, 180), draws=2, utterances=40), 50)) is None
