"""Two studies in one report: the page, the terminal's table, the errors."""

import sys
from dataclasses import replace

import pytest
from rich.console import Console

from components.report.study_diff import (
    compare_studies,
    diff_chart,
    diff_table,
    different_inputs,
    render_study_diff,
)
from components.study.tracking import Store
from flows import cli
from flows.study_diff import make_study_diff
from tests.recorded import made_up, recorded
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import REPLICATIONS


def compare(first, second):
    return compare_studies(first, second, REPLICATIONS)


@pytest.fixture(scope="module")
def comparison():
    """A study run again with newer code of the network, which errs more than twice as often."""
    codes = {"mfcc-svm": "3f9a", "mel-ctc": "77aa"}
    before = replace(made_up(), code=codes)
    again = {"run_id": "now", "created": "2026-11-22T03:00:00+00:00", "code": codes | {"mel-ctc": "99bb"}}
    now = replace(made_up(harder=2.5), **again, versions=before.versions | {"torch": "2.12.0"})
    trials = [replace(trial, run_id=f"now-{trial.run_id}") for trial in now.trials]
    return compare(replace(now, trials=trials), before)


def test_the_picture_has_both_studies_in_the_same_colours_the_other_one_dashed(comparison):
    lines = diff_chart(comparison).lines
    assert [line.name for line in lines] == [
        *("mfcc-svm, now", "mfcc-svm, before"),
        *("mel-ctc, now", "mel-ctc, before"),
    ]
    assert [line.style.dashed for line in lines] == [False, True] * 2
    for one, other in (lines[:2], lines[2:]):
        assert (one.style.light, one.style.marker) == (other.style.light, other.style.marker)
    assert lines[0].style.light != lines[2].style.light


def test_the_page_says_what_changed_and_what_sets_the_two_apart(comparison):
    page = render_study_diff(comparison)
    assert page.count('<svg class="chart"') == 2 and "http" not in page.replace("http://www.w3.org", "")
    assert "Beyond luck, now has more errors by" in page and "They were tested on" not in page
    assert "Both were tested on the same clips" in page
    for side in comparison.sides:
        assert side.record.command in page and side.label in page
    assert different_inputs(comparison) == [
        ("date", "2026-11-22 03:00", "2026-11-21 03:00"),
        ("code of mel-ctc", "99bb", "77aa"),
        ("version of torch", "2.12.0", "2.11.0"),
    ]


def test_every_cell_of_the_terminals_table_has_the_rate_and_its_change(comparison):
    console = Console(width=120)
    with console.capture() as shown:
        console.print(diff_table(comparison))
    rows = [line for line in shown.get().splitlines() if line.startswith("│")]
    assert len(rows) == 2 and all(row.count("%") == 2 for row in rows)
    assert "*)" in rows[0]


def test_two_studies_of_other_names_are_a_and_b_and_other_clips_are_not_paired():
    other = replace(fake_study(TRUTH, sizes=(180,), utterances=60, fingerprint="other"), name="fsdd")
    comparison = compare(made_up(), other)
    assert (comparison.first.mark, comparison.second.mark) == ("A", "B")
    assert comparison.shared == ("mfcc-svm", "mel-ctc")
    assert set(comparison.diff.table["size"]) == {180}
    assert "They were tested on different clips" in render_study_diff(comparison)


def test_sizes_that_differ_altogether_are_drawn_and_not_compared():
    comparison = compare(made_up(), replace(made_up(sizes=(30, 75)), name="small"))
    assert len(diff_chart(comparison).lines) == 4
    assert "no training size in common" in render_study_diff(comparison)


@pytest.mark.parametrize(
    ("truth", "draws", "said"),
    [
        (
            {"mel-ctc": TRUTH["mel-ctc"]},
            3,
            "There are not two crossovers to compare: one of the two studies has none.",
        ),
        (TRUTH, 1, "Whether the crossover moved cannot be told from one draw: "),
    ],
)
def test_a_crossover_that_cannot_be_compared_is_said_to_be_so(truth, draws, said):
    comparison = compare(made_up(), replace(fake_study(truth, (180, 450), draws, 60), name="other"))
    assert comparison.verdict.startswith(said)
    assert draws > 1 or comparison.changes.startswith("From one draw nothing can be said")


def test_two_studies_with_nothing_in_common_are_refused():
    other = replace(fake_study({"wave-ctc": TRUTH["wave-ctc"]}, (30,), 1, 20), name="waves")
    with pytest.raises(ValueError) as error:
        compare(made_up(sizes=(180,), draws=1), other)
    assert str(error.value) == (
        "two studies to compare expected a recogniser that both have measured, got mel-ctc, mfcc-svm in "
        "first-light and wave-ctc in waves; run one of them with the recognisers of the other."
    )


@pytest.fixture(scope="module")
def twice(tmp_path_factory, _new_store):
    """A store with a study run twice and a study of another name, and the ids of their runs."""
    folder = tmp_path_factory.mktemp("twice")
    (folder / "mlflow.db").write_bytes(_new_store.read_bytes())
    store = Store(f"sqlite:///{folder}/mlflow.db")
    before, now = recorded(store, made_up(), "v1"), recorded(store, made_up(harder=2.5), "v2")
    return store, before, now, recorded(store, replace(made_up(sizes=(180,)), name="small"), "v3")


def test_a_study_beside_itself_is_its_newest_run_beside_the_one_before(twice):
    store, before, now, _ = twice
    comparison, page = make_study_diff(store, "first-light", "first-light")
    assert [side.record.run_id for side in comparison.sides] == [now, before]
    assert page == store.folder / "reports" / f"first-light-beside-{before}" / "index.html"
    assert page.with_name("beside.csv").read_text().startswith("recogniser,size,before,after,difference")


def test_the_command_shows_both_answers_and_where_the_page_lies(twice, monkeypatch, capsys):
    store, *_ = twice
    words = ("report", "first-light", "--beside", "small", "--tracking", store.address)
    monkeypatch.setattr(sys, "argv", ["crossover", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert (ended.value.code, told.err) == (0, "")
    page = store.folder / "reports" / "first-light-beside-small" / "index.html"
    assert f"Report:  {page}" in told.out.splitlines() and page.is_file()
    assert "\nA: first-light, " in told.out and "\nB: small, " in told.out


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ("first-light", "smal"),
            "unknown study 'smal'; did you mean 'small'? known: small, first-light.",
        ),
        (
            ("small", "small"),
            "--beside expected another study or an earlier run of small with the same settings, got 'small', "
            "which is the study itself and was never run before; name another.",
        ),
    ],
)
def test_a_second_study_that_is_not_there_is_named(twice, names, said):
    with pytest.raises(ValueError) as error:
        make_study_diff(twice[0], *names)
    assert str(error.value) == said


@pytest.mark.parametrize("option", [("--label-price", "1"), ("--no-audio",)])
def test_what_is_for_one_study_alone_is_refused_beside_another(typed, option):
    status, said, complained = typed("report", "first-light", "--beside", "small", *option)
    assert (status, said) == (1, "") and complained == (
        "crossover: --beside expected no price and no --no-audio: these are for a report on one study; "
        "leave them out.\n"
    )
