"""The report says who is ahead where both sides may spend as much: speech, time, memory or money."""

from dataclasses import replace

import pytest

from components.report import markdown_summary
from components.report.equal_cost import equal_cost_rows
from components.report.speech_sections import SPEECH_COSTS, SPEECH_SECTIONS
from components.report.tables import crossover_rows
from tests.report.fake_study import fake_study
from tests.report.pages import findings_of, text_of

PAIR = ("mfcc-gmm-hmm", "mel-ctc")


@pytest.fixture(scope="module")
def record():
    return fake_study(draws=4, utterances=120)


def row_of(record):
    rows = {
        (row["modular"], row["end-to-end"]): row for row in equal_cost_rows(findings_of(record), SPEECH_COSTS)
    }
    assert len(rows) == 4, "a pair each, and none for the best of a family"
    return rows[PAIR]


def utterances(record):
    rows = {(row["modular"], row["end-to-end"]): row for row in crossover_rows(findings_of(record))}
    return float(rows[PAIR]["from"].replace(",", ""))


def test_the_quicker_side_stays_ahead_for_longer_with_equal_seconds(record):
    number, unit = row_of(record)["time to train"].split()
    seconds = float(number) * {"s": 1, "min": 60}[unit]
    # at as many clips the network takes 15 times the seconds
    assert seconds > 1 + 0.06 * utterances(record)
    assert " to " in row_of(record)["time to train between"]


def test_a_network_that_is_smaller_than_the_larger_models_is_ahead_where_it_fits(record):
    """1 MB at every size, against 0.8 kB an utterance: whoever has room for it has room for all its data."""
    row = row_of(record)
    assert (row["size of the model"], row["size of the model between"]) == ("ahead at 1 MB", "surely")


def test_money_is_labels_and_hours_at_the_prices_asked(record):
    assert "money" not in row_of(record)
    alone = replace(record, settings=record.settings | {"label_price": 2.0})
    at = float(row_of(alone)["money"].replace(",", ""))
    assert at == pytest.approx(2 * utterances(record), rel=0.1)
    dear = replace(alone, settings=alone.settings | {"hour_price": 3600 * 5.0})
    assert float(row_of(dear)["money"].replace(",", "")) > 1.2 * at


def test_the_page_and_prefect_show_the_same_costs(record):
    dear = replace(record, settings=record.settings | {"label_price": 0.25, "hour_price": 1.0})
    page, row = text_of(dear), row_of(dear)
    cells = "".join(row[name] + row[f"{name} between"] for name in row if f"{name} between" in row)
    assert cells in page and "Money: 0.25 for a labelled utterance, 1.0 for an hour of training" in page
    assert f"| {row['time to train']} | {row['time to train between']} |" in markdown_summary(
        findings_of(dear), SPEECH_SECTIONS
    )


def test_one_draw_claims_no_interval():
    row = row_of(fake_study(draws=1, utterances=120))
    assert {text for name, text in row.items() if name.endswith("between")} == {"not known from one draw"}


def test_costs_that_no_trial_recorded_are_left_open(record):
    bare = [replace(trial, metrics=trial.metrics | {"decode_rtf": float("nan")}) for trial in record.trials]
    assert row_of(replace(record, trials=bare))["time to recognise"] == "-"
    some = [record.trials[0], *bare[1:]]
    assert row_of(replace(record, trials=some))["time to recognise"] == "-"


def test_labels_alone_have_a_price_where_seconds_are_unknown(record):
    bare = [replace(each, metrics=each.metrics | {"train_seconds": float("nan")}) for each in record.trials]
    row = row_of(replace(record, trials=bare, settings=record.settings | {"label_price": 2.0}))
    assert row["time to train"] == "-" and float(row["money"].replace(",", "")) > 0
