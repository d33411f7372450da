"""`crossover ceiling` on a small real study, and what the report makes of it."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from components.ceilings import AS_TRAINED, ORACLES, Ceiling, StageScores, pooled, sentence
from components.tracking import read_study
from flows import cli
from flows.ceiling import chosen
from flows.compare import prepare
from flows.page import write_report
from flows.study import check_study
from flows.trial import run_trial
from tests.flows.fake_study import SIZES, fake_study


@pytest.fixture
def typed(monkeypatch, capsys):
    """A command line -> exit status, output, complaints."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["crossover", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def compared(digits, store):
    """Strings of real digits, heard by recognisers trained on 8 and on all 16 of them."""
    settings = {"mfcc-gmm-hmm": {"words__acoustic_scale": 0.1, "words__word_cost": 0.0}}
    asked = {"corpus": "strings:fsdd", "data": str(digits), "recognisers": ["mfcc-gmm-hmm"], "draws": 1}
    study = check_study({**asked, "settings": settings, "sizes": [4, 8], "tracking": store.address})
    prepared = prepare(study)
    for trial in prepared.plan.trials:
        assert run_trial(study, trial, prepared.run_id, store).wer is not None
    return store


def test_the_command_says_what_holds_back_and_the_report_shows_it(compared, typed, monkeypatch, tmp_path):
    status, said, complained = typed("ceiling", "strings:fsdd", "--tracking", compared.address)
    assert (status, complained) == (0, "")
    record = read_study(compared)
    sizes = pooled(record.ceilings)["mfcc-gmm-hmm"]
    assert list(sizes) == [4, 8]
    for trial in record.finished:
        assert sizes[trial.size].wrong(AS_TRAINED) == trial.metrics["errors"]
        assert sizes[trial.size].words == trial.metrics["words"]
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
        "crossover: study 'fsdd' wanted a finished trial of a recogniser made of stages, such as mfcc-gmm-hmm, "
        "got mfcc-svm; compare one first.\n",
    )
    assert read_study(finished[0]).ceilings == []


def test_other_recordings_are_refused(compared, typed, digits, tmp_path):
    (tmp_path / "fewer" / "recordings").mkdir(parents=True)
    for path in sorted((digits / "recordings").iterdir())[5:]:
        (tmp_path / "fewer" / "recordings" / path.name).symlink_to(path)
    status, _, said = typed("ceiling", "--tracking", compared.address, "--data", tmp_path / "fewer")
    assert status == 1
    assert said.startswith("crossover: study 'strings:fsdd' wanted its own recordings (")
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


def analysed():
    """A made-up study of which two recognisers were analysed, one of them getting worse with a wider beam."""
    rows = []
    for name in ("mfcc-svm", "mfcc-gmm-hmm"):
        for size in SIZES:
            wrong = [1] * (3000 // size)
            errors = {
                row: [0] * len(wrong) if row == "true phones" else wrong for row in (AS_TRAINED, *ORACLES)
            }
            errors["wider beam"] = [2, *wrong[1:]]
            one = Ceiling(300, errors, StageScores(frames=100, frames_right=61, unaligned=2, utterances=100))
            rows.append({"recogniser": name, "size": size, "ceiling": one.plain()})
    return replace(fake_study(utterances=60), ceilings=json.loads(json.dumps(rows)))


def test_a_report_without_an_analysis_has_no_such_section(tmp_path):
    files = write_report(fake_study(utterances=60), tmp_path)
    assert "holds the modular system back" not in files.page.read_text(encoding="utf-8")
    assert not [file for file in (*files.pictures, *files.tables) if "ceiling" in file.name]


def test_the_section_has_a_sentence_a_picture_and_the_figures_of_each_recogniser(tmp_path):
    files = write_report(analysed(), tmp_path)
    page = files.page.read_text(encoding="utf-8")
    assert page.count('<svg class="bars"') == 4
    assert page.count("no stage of") == page.count("too close to tell") == 0
    assert 'href="#ceiling"' in page and "61.0 %" in page and "−100 %" in page
    assert "12 times the true text could not be laid over a clip" in page
    assert {Path(file).name for file in files.pictures} >= {
        "ceiling-mfcc-svm.png",
        "ceiling-mfcc-gmm-hmm.svg",
    }
    assert "mfcc-svm,30,true phones,0,300,0.0" in (tmp_path / "ceiling.csv").read_text()
