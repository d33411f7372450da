"""`crossover ceiling` on a small real study, and what the report makes of it."""

import itertools
import json
from dataclasses import replace

import pytest

from components.report import Page, write_report
from components.report.findings import findings
from components.report.page import render
from components.report.speech_sections import SPEECH_SECTIONS
from components.speech.inspection.ceiling import AS_TRAINED, ORACLES, Ceiling, StageScores, pooled, sentence
from components.study.tracking import read_study
from flows.speech.ceiling import chosen
from tests.report.fake_study import SIZES, TRUTH, fake_study


@pytest.fixture(scope="module")
def compared(trained, tmp_path_factory):
    """A study of strings of real digits, heard by recognisers trained on 4 and on 8 of them."""
    asked = {"corpus": "strings:fsdd", "recognisers": ["mfcc-gmm-hmm"], "draws": 1, "sizes": [4, 8]}
    return trained(tmp_path_factory.mktemp("ceiling"), asked)[1]


def test_the_command_says_what_holds_back_and_the_report_shows_it(compared, typed, monkeypatch, tmp_path):
    status, said, complained = typed("ceiling", "strings:fsdd", "--tracking", compared.address)
    assert (status, complained) == (0, "")
    record = read_study(compared)
    sizes = pooled(record.ceilings)["mfcc-gmm-hmm"]
    assert list(sizes) == [4, 8]
    for trial in record.finished:
        assert sizes[trial.size].wrong(AS_TRAINED) == trial.metrics["errors"]
        assert sizes[trial.size].words == trial.metrics["total"]
    assert sentence("mfcc-gmm-hmm", sizes) in said
    assert all(f"│ {row} " in said for row in (AS_TRAINED, *ORACLES, "true words"))

    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path / "empty"))
    monkeypatch.delenv("CROSSOVER_DATA", raising=False)
    assert typed("report", "strings:fsdd", "--tracking", compared.address)[0] == 0
    folder = compared.folder / "reports" / "strings-fsdd"
    assert "What holds the modular system back" in (folder / "index.html").read_text(encoding="utf-8")
    assert (folder / "ceiling.csv").stat().st_size > 100
    assert (folder / "ceiling-mfcc-gmm-hmm.png").stat().st_size > 10_000


def test_a_study_without_stages_says_so(finished, digits, typed):
    assert typed("ceiling", "--tracking", finished[0].address) == (
        1,
        "",
        "crossover: study 'fsdd' expected a finished trial of a recogniser made of stages, such as "
        "mfcc-gmm-hmm, got mfcc-svm; compare one first.\n",
    )
    assert read_study(finished[0]).ceilings == []


def test_other_recordings_are_refused(compared, typed, digits, tmp_path):
    (tmp_path / "fewer" / "recordings").mkdir(parents=True)
    for path in sorted((digits / "recordings").iterdir())[5:]:
        (tmp_path / "fewer" / "recordings" / path.name).symlink_to(path)
    status, _, said = typed("ceiling", "--tracking", compared.address, "--data", tmp_path / "fewer")
    assert status == 1
    assert said.startswith("crossover: study 'strings:fsdd' expected its own recordings (")
    assert said.endswith("; name their folder with --data.\n")


def test_one_draw_of_a_size_is_heard_unless_all_are_asked_for():
    record = fake_study(utterances=12)
    assert [(trial.size, trial.draw) for trial in chosen(record, False)] == [
        (size, 0) for size in SIZES for _ in range(2)
    ]
    assert {trial.family for trial in chosen(record, True)} == {"modular"}
    assert len(chosen(record, True)) == 2 * 3 * len(SIZES)


def test_the_first_draw_is_the_first_that_finished():
    record = fake_study(utterances=12, failing=lambda recogniser, size, draw: draw == 0)
    assert {trial.draw for trial in chosen(record, False)} == {1}


ROWS = (AS_TRAINED, *ORACLES)
HMM = {name: TRUTH[name] for name in ("mfcc-svm", "mfcc-gmm-hmm")}


def analysed():
    """A made-up study of which two recognisers were analysed, both getting worse with a wider beam."""
    rows = []
    for name, size in itertools.product(HMM, (30, 75)):
        wrong = [1] * (3000 // size)
        errors = {row: [0] * len(wrong) if row == "true phones" else wrong for row in ROWS}
        errors["wider beam"] = [9, *wrong[1:]]
        one = Ceiling(300, errors, StageScores(frames=100, frames_right=61, unaligned=2, utterances=100))
        rows.append({"recogniser": name, "size": size, "ceiling": one.to_dict()})
    return replace(fake_study(HMM, (30, 75), utterances=12), ceilings=json.loads(json.dumps(rows)))


def test_a_report_without_an_analysis_has_no_such_section():
    found = findings(fake_study(HMM, (30, 75), utterances=12))
    assert "holds the modular system back" not in render(Page(found, SPEECH_SECTIONS))


def test_the_section_has_a_sentence_a_picture_and_the_figures_of_each_recogniser(tmp_path):
    files = write_report(analysed(), tmp_path, sections=SPEECH_SECTIONS)
    page = files.page.read_text(encoding="utf-8")
    assert page.count('<svg class="bars"') == 4
    assert page.count("the acoustic model holds") == 2 * 3  # said, and in the description of two drawings
    assert 'href="#ceiling"' in page and "61.0 %" in page and "−100 %" in page and "+8 %" in page
    assert "4 times the true text could not be laid over a clip" in page
    pictures = {file.name for file in files.pictures}
    assert pictures >= {"ceiling-mfcc-svm.png", "ceiling-mfcc-gmm-hmm.svg"}
    assert "mfcc-svm,30,true phones,0,300,0.0" in (tmp_path / "ceiling.csv").read_text()
