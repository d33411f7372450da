"""The command line: what it offers, what it takes, what it says of what it cannot take."""

import sys

import pytest

from components.keywords.recipes import FROM_SOURCE as DETECTORS_FROM_SOURCE
from components.keywords.recipes import RECIPES as DETECTORS
from components.recognisers import FROM_SOURCE, RECOGNISERS, built_in
from components.speech.corpus import CORPORA
from components.speech.study import SpeechStudy as Study
from components.study.study import OF_FILES, read_study_file, typed_names
from flows import cli
from flows.statuses import MEANING

COMMANDS = {
    "compare": typed_names(Study).keys() - {*OF_FILES} | {"set"},
    "report": {"audio", "tracking", "plugin"},
    "ceiling": {"all", "data", "tracking"},
    "serve": {"cron", "every", "timezone", "corpus", "data", "name", "tracking", "port", "allow"},
    "ui": {"port", "host", "tracking"},
    "transcribe": {"format", "rate", "pause", "tracking", "plugin"},
    "listen": {"keyword", "rate", "tracking"},
    "export": {"out", "tracking"},
    "explain": {"out", "tracking"},
    "relocate": {"tracking"},
    "corpora": {"plugin"},
    "recognisers": {"plugin"},
    "doctor": {"corpus", "data", "tracking", "dask"},
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_each_option(typed, command):
    status, said, _ = typed(command, "--help")
    assert status == 0
    lines = said.splitlines()
    for option in COMMANDS[command]:
        flag = f"--{option.replace('_', '-')} "
        (line,) = [line for line in lines if line.lstrip("│ *").startswith(flag)]
        assert len(line.replace("│", "").split()) > 3, f"{flag} is not explained"


def test_the_help_says_what_is_usual(typed):
    _, said, _ = typed("compare", "--help")
    lines = said.splitlines()
    for words in (
        "--draws 3",
        "--inits 1",
        "--seed 0",
        "--timeout-minutes 60",
        "--max-seconds 20",
        "--split auto",
    ):
        option, usual = words.split()
        (line,) = [line for line in lines if line.lstrip("│ *").startswith(f"{option} ")]
        assert f"(default: {usual})" in line
    assert said.count("(default: ") >= 12


def test_the_list_of_commands_is_whole(typed):
    _, said, _ = typed("--help")
    assert all(f"│ {command} " in said for command in COMMANDS)
    assert "Start with `crossover compare`" in said


@pytest.mark.parametrize("more", [(), ("--subject", "tests.subjects.digits:DIGITS")])
def test_the_help_of_compare_says_what_its_exit_statuses_mean(typed, more):
    _, said, _ = typed("compare", *more, "--help")
    assert MEANING in " ".join(said.split())


def test_corpora_are_listed_a_line_each(typed):
    status, said, _ = typed("corpora")
    assert status == 0
    assert [line.split()[0] for line in said.splitlines()] == [
        *CORPORA,
    ]
    assert all(len(line.split()) > 4 for line in said.splitlines())


def test_recognisers_are_listed_with_their_family(typed):
    _, said, _ = typed("recognisers")
    of_words, of_keywords, about = said.split("\n\n")
    listed, detectors, (mark, _) = (
        [line.split() for line in text.splitlines()] for text in (of_words, of_keywords, about)
    )
    assert [words[:2] for words in listed if words[0].endswith("*")] == [
        *([f"{name}*", recipe.family] for name, recipe in RECOGNISERS.items() if recipe.usual),
        *([f"{name}**", recipe.family] for name, recipe in FROM_SOURCE.items() if recipe.usual),
    ]
    assert [words[0].rstrip("*") for words in listed] == [*built_in()]
    assert detectors[0][:3] == ["Of", "a", "wake"]
    marks = dict.fromkeys(DETECTORS, "*") | dict.fromkeys(DETECTORS_FROM_SOURCE, "**")
    assert [words[:2] for words in detectors[1:]] == [
        [name + mark, (DETECTORS | DETECTORS_FROM_SOURCE)[name].family] for name, mark in marks.items()
    ]
    assert " ".join(mark).startswith("* compared where a study names no recognisers; **")
    assert "NAME:plain learns from the clips as they are" in said


def test_the_doctor_names_what_is_there_and_what_is_not(typed, store, monkeypatch, tmp_path):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path / "none"))
    status, said, _ = typed("doctor")
    assert status == 1
    lines = said.splitlines()
    assert f"FAILS  recordings: CROSSOVER_DATA is {tmp_path / 'none'}, which is not a folder" in lines
    assert any(line.startswith("ok    torch: 2.") for line in lines)


@pytest.fixture
def asked(monkeypatch):
    """Words after `crossover compare` -> the study that would be run."""
    studies = []
    monkeypatch.setattr("flows.terminal.run_study", lambda study, screen: studies.append(study))

    def ask(*words):
        cli.app(["compare", *map(str, words)], standalone_mode=False)
        return studies[-1]

    return ask


def test_a_study_is_the_quick_one_until_it_is_said_what_to_compare(asked):
    quick = Study(**read_study_file(cli.QUICK))
    assert asked() == quick
    assert asked("--tracking", "here", "--no-audio", "--label-price", 0.2) == quick.model_copy(
        update={"tracking": "here", "audio": False, "label_price": 0.2}
    )
    assert asked("--draws", 4) == Study(draws=4)


def test_every_option_reaches_the_study(asked, tmp_path):
    study = asked(
        *("--name", "n", "--corpus", "fsdd", "--data", tmp_path, "--rate", 16000, "--max-seconds", 3),
        *("--split", "clips", "--recognisers", "mfcc-svm, mel-ctc", "--sizes", "10, 20", "--draws", 2),
        *("--inits", 2, "--seed", 5, "--device", "cpu", "--workers", 1, "--timeout-minutes", 2),
        *("--tracking", "sqlite:///x", "--dask", "tcp://127.0.0.1:1", "--set", "mel-ctc.seed=3"),
        *("--adaptive", "--width", 3, "--most-trials", 9, "--most-minutes", 4),
    )
    assert study == Study(
        name="n",
        corpus="fsdd",
        data=str(tmp_path),
        rate=16000,
        max_seconds=3.0,
        split="clips",
        recognisers=["mfcc-svm", "mel-ctc"],
        sizes=[10, 20],
        draws=2,
        adaptive=True,
        width=3.0,
        most_trials=9,
        most_minutes=4.0,
        inits=2,
        seed=5,
        settings={"mel-ctc": {"seed": 3}},
        device="cpu",
        workers=1,
        timeout_minutes=2.0,
        tracking="sqlite:///x",
        dask="tcp://127.0.0.1:1",
    )


def test_a_list_may_be_typed_with_commas_or_the_option_again(asked, tmp_path):
    files = [tmp_path / name for name in ("a.toml", "b.toml", "c.toml")]
    for file in files:
        file.touch()
    names = list(map(str, files))
    assert asked("--recipe", names[0], "--recipe", ",".join(names[1:])).recipe == names
    assert asked("--sizes", 10, "--sizes", "20,all").sizes == [10, 20, "all"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"corpus": "fsdd", "draws": 7, "settings": {"mel-ctc": {"seed": 3, "channels": 8}}}'),
        ("a.toml", 'corpus = "fsdd"\ndraws = 7\n[settings.mel-ctc]\nseed = 3\nchannels = 8\n'),
    ],
)
def test_options_override_a_study_file_setting_by_setting(asked, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    study = asked(tmp_path / name, "--draws", 2, "--set", "mel-ctc.seed=4")
    assert study == Study(corpus="fsdd", draws=2, settings={"mel-ctc": {"seed": 4, "channels": 8}})


@pytest.mark.parametrize(
    ("typed_value", "value"),
    [("3", 3), ("0.5", 0.5), ("true", True), ("null", None), ("[1, 2]", [1, 2]), ("wide", "wide"), ("", "")],
)
def test_a_set_value_is_read_as_json_where_it_is(asked, typed_value, value):
    assert asked("--set", f"mel-ctc.a__b={typed_value}").settings == {"mel-ctc": {"a__b": value}}


@pytest.mark.parametrize("wrong", ["mel-ctc.seed", "seed=3", "mel-ctc.=3", ".seed=3"])
def test_a_set_that_cannot_be_understood_gets_an_example(typed, wrong):
    status, said, complained = typed("compare", "--set", wrong)
    assert (status, said) == (1, "")
    assert complained == (
        f"crossover: --set expected RECOGNISER.KNOB=VALUE, got {wrong!r}; for example mel-ctc.channels=64.\n"
    )


def test_an_option_that_is_no_number_ends_with_status_2_and_no_stack_trace(typed):
    status, _, complained = typed("compare", "--draws", "many")
    assert status == 2
    assert "Invalid value for '--draws': " in complained and "Traceback" not in complained


def test_sizes_that_are_no_numbers_are_named(typed):
    status, _, complained = typed("compare", "--sizes", "10,many")
    assert status == 1
    assert complained == (
        "crossover: the study's settings cannot be used:\n"
        "  sizes.1: input should be a valid integer, unable to parse string as an integer, got 'many'.\n"
    )


def test_a_study_file_that_is_not_there_is_named(typed, tmp_path):
    assert typed("compare", tmp_path / "none.json") == (
        1,
        "",
        f"crossover: study file {tmp_path / 'none.json'} cannot be read: No such file or directory.\n",
    )


def test_a_study_file_that_holds_a_list_is_refused(typed, tmp_path):
    (tmp_path / "a.json").write_text("[1, 2]")
    assert typed("compare", tmp_path / "a.json") == (
        1,
        "",
        f"crossover: study file {tmp_path / 'a.json'} expected settings by name, got a list.\n",
    )


def test_the_page_is_mlflows_own_on_loopback_alone(store, monkeypatch, capsys):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
    called = []
    monkeypatch.setattr("flows.mlflow_page.os.execve", lambda path, words, _: called.append(words))
    cli.app(["ui", "--port", "5099"], standalone_mode=False)
    (words,) = called
    assert words[:4] == [sys.executable, "-m", "mlflow", "server"]
    options = dict(zip(words[4::2], words[5::2], strict=True))
    asked = {"--host": "127.0.0.1", "--port": "5099", "--workers": "1", "--backend-store-uri": store.address}
    assert asked.items() <= options.items()
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:5099/#/experiments/{store.experiment()}/runs" in said
