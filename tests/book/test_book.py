"""The book builds without a warning, has every name of the code, and its commands and programs work."""

import csv
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from typer.main import get_command

from components.recognisers import RECOGNISERS
from components.speech.corpus import CORPORA
from components.study.study import typed_names
from components.study.tracking import read_study
from components.subjects import find_subject
from flows.cli import app
from tests.commands import ROOT, trial_runs
from tests.fsdd import DIGITS, paths_of

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
COMMAND = re.compile(r"(?:.*\| )?(?:\w+=\S+ )*(?:[\w./]*/)?crossover (.+)")
QUICK = {"mel-ctc": {"steps": 8, "channels": 16}}
SETS = [f"--set={name}.{knob}={value}" for name, knobs in QUICK.items() for knob, value in knobs.items()]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The folder of the built book; a warning would have stopped it."""
    folder = tmp_path_factory.mktemp("book")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return folder


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a language on a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def commands(page: Path) -> list[list[str]]:
    """Every command line with crossover on a page -> its words behind that."""
    lines = "\n".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    found = [COMMAND.match(line.split("  #")[0]) for line in lines]
    return [shlex.split(match[1], comments=True) for match in found if match]


def test_every_page_is_in_the_navigation_and_every_name_in_the_reference(book):
    home = (book / "index.html").read_text()
    for page in DOCS.rglob("*.md"):
        assert page.relative_to(DOCS).with_suffix(".html").as_posix() in home, page
    reference = {path.stem: path.read_text() for path in (book / "reference").glob("*.html")}
    for name in RECOGNISERS:
        assert f'id="{name}"' in reference["recognisers"], name
    for name in typed_names(find_subject().settings):
        assert f"<code>{name}</code>" in reference["settings"], name
    for name in CORPORA:
        assert f"<code>{name}</code>" in reference["corpora"], name
    for name, command in get_command(app).commands.items():
        assert f"crossover {name}" in reference["commands"], name
        assert (command.help or "")[:30].replace("'", "&#39;") in reference["commands"].replace("'", "&#39;")
    assert "--most-trials" in reference["commands"] and "client_id" in reference["columns"]
    assert "train_test_split" in reference["library"] and "Who is tested" in reference["library"]
    assert not re.search(r'(?:src="|rel="stylesheet" href=")https?:', home), "fetched from elsewhere"


def test_every_command_that_the_pages_show_can_be_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("\n".join(blocks(DOCS / "recipes.md", "python")))
    known = get_command(app).commands
    for page in PAGES:
        for name, *words in commands(page):
            assert name in known, f"{page}: {name}"
            known[name].make_context(name, list(words))
    assert sum(len(commands(page)) for page in PAGES) > 30


@pytest.mark.slow
def test_every_metric_and_tag_of_a_trial_is_in_the_reference(finished):
    store, _ = finished
    page = (DOCS / "reference" / "metrics.md").read_text()
    named = {
        name for line in page.splitlines() if line.startswith("|") for name in re.findall(r"`([\w.]+)`", line)
    }
    for trial in read_study(store).finished:
        assert trial.metrics.keys() <= named, trial.metrics.keys() - named
    tags = {tag for run in trial_runs(store) for tag in run.data.tags if not tag.startswith("mlflow.")}
    assert tags <= named, tags - named


@pytest.fixture
def folder(recordings, store, tmp_path, monkeypatch) -> Path:
    """What a reader has: recordings in a table, results in another, a recording to try; an empty store."""
    rows = [(path, DIGITS[int(path.stem[0])], path.stem.split("_")[1]) for path in paths_of(recordings)]
    written = {"my.csv": [("path", "text", "speaker"), *rows]}
    errors = {("kaldi", 20): 80, ("kaldi", 200): 60, ("whisper", 20): 160, ("whisper", 200): 20}
    results = [
        (*cell, seed, who, n + seed, 400) for cell, n in errors.items() for seed in (0, 1) for who in "abc"
    ]
    written["results.csv"] = [("system", "size", "seed", "speaker", "errors", "words"), *results]
    for name, lines in written.items():
        with (tmp_path / name).open("w", newline="") as file:
            csv.writer(file).writerows(lines)
    for name in ("hello.wav", "goodbye.flac"):
        shutil.copy(rows[0][0], tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
    return tmp_path


@pytest.mark.slow
def test_the_first_afternoon_goes_as_it_is_told(folder, store, studied):
    told = [*commands(DOCS / "tutorial.md"), *commands(DOCS / "how-to" / "use.md")[:2]]
    told += [words for words in commands(ROOT / "README.md") if words[0] == "answer"]
    runs: list[str] = []
    for words in told:
        more = SETS if words[0] == "compare" else []
        status, said, complained = studied(*(runs[-1] if word == "RUN" else word for word in words), *more)
        assert status == 0, f"{words}: {said}{complained}"
        if words[0] == "compare":
            runs = [trial.run_id for trial in read_study(store).finished if trial.recogniser == "mfcc-svm"]
    assert {words[0] for words in told} == {"check", "compare", "report", "transcribe", "explain", "answer"}
    assert (folder / "hello.png").exists()


@pytest.mark.slow
def test_the_notebook_runs_from_its_first_cell_to_its_last(folder, capsys):
    names: dict = {}
    for cell in blocks(DOCS / "how-to" / "notebook.md", "python"):
        exec(cell.replace("draws=2)", f"draws=2, settings={json.dumps(QUICK)})"), names)
    said = capsys.readouterr().out
    assert re.search(r"[\d.]+ % of \d+ words wrong", said) and "{'statistics__segments': 6}" in said
    assert names["study"].sentence and len(names["study"].trials) == 8
