"""A study of pictures in which nobody speaks: every text of its report is in its own nouns."""

import csv
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from components.report import (
    Page,
    Section,
    answer_table,
    markdown_summary,
    regression_sentence,
    table_rows,
    terminal_plot,
    write_report,
)
from components.report.breakdown import disagreements
from components.report.costs import Cost
from components.report.findings import findings, metric
from components.report.page import render
from components.report.study_diff import compare_studies, diff_table, render_study_diff, write_study_diff
from components.study.curves.next_sizes import next_sizes
from components.study.nouns import Nouns
from components.study.results import StudyRecord, TrialResult
from tests.report.pages import REPLICATIONS, Words, html_of, text, text_of

NOUNS = Nouns(
    labelled="labelled images",
    labelled_one="labelled image",
    example="image",
    examples="images",
    unit="digit",
    units="digits",
    wrong="digits wrong",
    rate="error rate",
    rate_short="error rate",
    metric="error",
    group="writer",
    groups="writers",
    system="classifier",
    systems="classifiers",
    data="data set",
    material="handwriting",
)
SPEECH = (
    r"utter|speak|speech|recogni|transcri|corpus|corpora|listen|heard|\bhear|\bwords?\b|\bwer\b"
    r"|(?<!the first )said\b|\bclips?\b|recording|\bspoken|\baudio"
)
SIZES = (30, 120, 500, 2000)
RATES = {"naive-bayes": lambda n: 0.06 + 0.5 * n**-0.4, "network": lambda n: min(0.9, 6 * n**-0.75)}
FAMILIES = {"naive-bayes": "modular", "network": "end-to-end"}


def digits(sizes=SIZES, draws=3, writers=8, each=12, luck=0, names=tuple(RATES), failing=()) -> StudyRecord:
    """A made-up study of digits, whose scores have nothing but ids, groups, errors and totals."""
    trials = [
        _trial(name, size, draw, luck, writers, each, failing)
        for name in names
        for size in sizes
        for draw in range(draws)
    ]
    facts = {"name": "digits", "synthetic": True, "notice": "Drawn by a program.", "fingerprint": "f"}
    return StudyRecord(
        *("digits", f"run-{luck}", facts, {"sizes": list(sizes), "draws": draws}),
        *("crossover compare --subject digits", f"2026-11-2{luck}T03:00", {"python": "3.11"}, trials),
        pd.DataFrame([("image-7", "blank")], columns=["name", "reason"]),
        subject="digits",
        nouns=NOUNS,
    )


def _trial(name, size, draw, luck, writers, each, failing) -> TrialResult:
    facts = (f"{name}-{size}-{draw}-{luck}", name, FAMILIES[name], "", size, draw, 0)
    if (name, size) in failing:
        return TrialResult(*facts, "failed", "ValueError: no luck")
    rng = np.random.default_rng([luck, size, draw, len(name)])
    errors = rng.binomial(1, min(RATES[name](size) * rng.lognormal(0, 0.1), 1), writers * each)
    scores = pd.DataFrame(
        {
            "id": [f"image-{place}" for place in range(len(errors))],
            "group": [f"writer-{place // each}" if writers > 1 else "" for place in range(len(errors))],
            "errors": errors,
            "total": 1,
        }
    )
    costs = {"train_seconds": 0.01 * size, "model_bytes": 100.0 * size, "parameters": 10.0 * size}
    metrics = {"error": errors.mean(), "errors": errors.sum(), "total": len(errors), **costs}
    return TrialResult(*facts, "finished", metrics=metrics, params={"smoothing": "1"}, scores=scores)


def grown(record: StudyRecord) -> StudyRecord:
    """The same as an adaptive study that is worse than in its run before."""
    rounds = [{"round": 1, "sizes": "30, 500", "trials": 8, "why": "the smallest and the largest"}]
    worse = {"recogniser": "network", "size": 500, "before": 0.1, "after": 0.2, "low": 0.05, "high": 0.15}
    return replace(
        record,
        rounds={"grid": 24, "rounds": rounds, "ended": "the interval is narrow enough"},
        regressions=[worse | {"run": "earlier", "since": "2026-10-10T03"}],
    )


STUDIES = {
    "whole": grown(digits()),
    "one draw, one size, no writer known": digits((120,), 1, writers=1, each=40),
    "one family": digits(names=("network",)),
    "failures": digits(failing={("network", 30), ("network", 120)}),
    "all failed": digits((30,), 1, failing={(name, 30) for name in RATES}),
    "no trial": digits(()),
}


@pytest.fixture(params=STUDIES)
def record(request) -> StudyRecord:
    return STUDIES[request.param]


def speech_words(*texts: str) -> list[str]:
    """Texts -> the words of speech in them."""
    return [match for each in texts for match in re.findall(SPEECH, each, re.IGNORECASE)]


def shown(html: str) -> str:
    """A page -> its words, and what its tags say of themselves, without style and script."""
    html = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)
    return text(html) + " ".join(str(value) for _, attrs in Words(html).tags for value in attrs.values())


def printed(*what: object) -> str:
    console = Console(width=160)
    with console.capture() as output:
        console.print(*what)
    return output.get()


def test_a_page_of_pictures_speaks_of_no_speech(record):
    assert speech_words(shown(html_of(record, ()))) == []


def test_tables_and_plots_of_pictures_speak_of_no_speech(record):
    found = findings(record, REPLICATIONS)
    texts = [markdown_summary(found), terminal_plot(found), printed(answer_table(found))]
    assert speech_words(*texts, str(table_rows(found)), found.sentence, regression_sentence(record)) == []


def test_files_of_pictures_have_its_nouns_as_columns_and_titles(tmp_path):
    files = write_report(STUDIES["whole"], tmp_path, replications=REPLICATIONS)
    names = [file.name for file in (*files.pictures, *files.tables)]
    drawn = [file.read_text(encoding="utf-8") for file in files.pictures if file.suffix == ".svg"]
    assert speech_words(*names, *(re.sub(r"<[^>]*>", " ", each) for each in drawn)) == []
    assert any("Digits wrong by writer" in each for each in drawn)
    heads = {file.name: next(csv.reader(file.open(encoding="utf-8"))) for file in files.tables}
    assert heads["answer.csv"][:6] == ["classifier", "family", "size", "error", "error_low", "error_high"]
    assert heads["trials.csv"][0] == "classifier" and "error" in heads["trials.csv"]
    assert heads["errors-by-writer.csv"] == ["writer", "images", "naive-bayes", "network"]
    assert speech_words(*(file.read_text(encoding="utf-8") for file in files.tables)) == []


def test_the_page_says_in_its_nouns_what_was_found():
    page = text_of(STUDIES["whole"], ())
    for words in (
        "On digits (synthetic handwriting), end-to-end (network) beats modular (naive-bayes) from about",
        "labelled images on (95 % interval",
        "Digit errors by number of labelled images",
        "digits wrong (error rate, log scale)",
        "2 classifiers",
        "96 test images by 8 writers",
        "draws of the training images",
        "Error rate: the share of the test that was got wrong. Below it",
        "Which writers",
        "Digits wrong by test writer, hardest first.",
        "Images set aside",
        "1 image was left out",
        "Data set",
        "network at 500 labelled images, from 10.0 % to 20.0 %",
    ):
        assert words in page, words


def test_two_studies_of_pictures_are_compared_in_their_nouns(tmp_path):
    comparison = compare_studies(digits(luck=1), digits(luck=0), REPLICATIONS)
    write_study_diff(comparison, tmp_path)
    table = (tmp_path / "beside.csv").read_text()
    assert table.startswith("classifier,size,before,after,difference,low,high,p_value")
    page = render_study_diff(comparison)
    assert "image by image, writer by writer and draw by draw" in page
    assert speech_words(shown(page), table, printed(diff_table(comparison))) == []
    with pytest.raises(ValueError, match="expected a classifier that both have measured") as error:
        compare_studies(digits(names=("network",)), digits(names=("naive-bayes",)), REPLICATIONS)
    assert speech_words(str(error.value)) == []


def test_the_reasons_of_an_adaptive_study_are_in_its_nouns():
    headline = findings(STUDIES["whole"], REPLICATIONS).headline
    for low, high in ((0, 0), (np.inf, np.inf)):
        ended = replace(headline, low=low, high=high)
        why = next_sizes(ended, dict.fromkeys(SIZES, 2), SIZES, 3, 2.0, NOUNS).why
        assert "images" in why and speech_words(why) == []


def test_the_images_on_which_two_classifiers_differ_are_named():
    rows = disagreements(findings(STUDIES["whole"], REPLICATIONS))
    assert list(rows.columns) == ["id", "group", "naive-bayes", "network"]
    assert len(rows) and (rows["naive-bayes"] != rows["network"]).all()


def test_a_subject_adds_a_section_with_its_link_table_and_cost(tmp_path):
    rate = Cost(metric("parameters"), 45, name="ink", note="Ink: in litres.")
    section = Section(
        "strokes",
        link="Strokes",
        view=lambda found: found.record.sizes,
        html=lambda view, context: f'<h2 id="strokes">{len(view)} sizes of {context["nouns"].examples}</h2>',
        tables=lambda view: {"strokes": pd.DataFrame({"size": view})},
        costs=(rate,),
    )
    files = write_report(STUDIES["whole"], tmp_path, sections=(section,), replications=REPLICATIONS)
    page = files.page.read_text(encoding="utf-8")
    assert '<h2 id="strokes">4 sizes of images</h2>' in page and '<a href="#strokes">Strokes</a>' in page
    assert '<th scope="col" class="num">ink</th>' in page and "Ink: in litres." in page
    assert (tmp_path / "strokes.csv") in files.tables


def test_a_section_without_anything_to_show_leaves_no_trace_and_is_asked_once():
    asked = []
    section = Section("strokes", link="Strokes", view=lambda found: asked.append(found))
    page = Page(findings(STUDIES["whole"], REPLICATIONS), (section,))
    assert "Strokes" not in render(page) and page.views == []
    assert len(asked) == 1
