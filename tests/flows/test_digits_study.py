"""A study of another subject, pictures of digits: the same plan, processes, resume, statistics and report."""

import json
import re
import signal
import urllib.request

import pytest

from components.report.findings import findings
from components.study.tracking import Store, read_study
from components.subjects import check_study, find_subject
from flows.prepare import prepare
from tests.commands import Ended, crossover, gone_within, happens, results, start, trial_runs

SUBJECT = "tests.subjects.digits:DIGITS"
ASKED = ("--subject", SUBJECT, "--sizes", "20,100", "--draws", "2")
SPEECH = re.compile(
    r"utterance|speaker|recogni[sz]|transcri|corpus|corpora|\bwords?\b|\bWER\b|\bwer\b|speech|\bclips?\b|\baudio\b|\bhear",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def study(server, _new_store, tmp_path_factory) -> tuple[Store, Ended, int]:
    """A study that was killed and went on: its store, what it printed, how many trials it had before."""
    store = Store(str(tmp_path_factory.mktemp("digits") / "mlruns"))
    process, mark = start("compare", *ASKED, "--workers", "1", store=store, PREFECT_API_URL=server)
    assert happens(lambda: len(trial_runs(store)) >= 2), process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert gone_within(mark, 10)
    before = len(trial_runs(store))
    ended = crossover("compare", *ASKED, store=store, PREFECT_API_URL=server)
    assert (ended.status, ended.complained) == (0, ""), ended.complained
    return store, ended, before


@pytest.mark.slow
def test_a_killed_study_of_digits_goes_on_where_it_was(study):
    store, ended, before = study
    assert f"8 trials, {before} of them finished before." in ended.said
    assert "projections-bayes, pixels-mlp at 20, 100 images: " in ended.said
    assert len(trial_runs(store)) == 8


@pytest.mark.slow
def test_its_errors_are_counted_as_the_subject_counts_them(study):
    record = read_study(study[0])
    assert (record.subject, record.nouns.rate) == (SUBJECT, "error rate")
    for trial in record.finished:
        wrong = trial.scores["errors"].sum()
        assert trial.metrics["error_rate"] == wrong / 450 == trial.metrics["errors"] / trial.metrics["total"]
        assert (
            trial.metrics["error_rate_low"] < trial.metrics["error_rate"] < trial.metrics["error_rate_high"]
        )
    seeds = {(t.recogniser, t.draw, t.init) for t in record.finished}
    assert {init for name, _, init in seeds if name == "pixels-mlp"} == {0, 1}
    assert {init for name, _, init in seeds if name == "projections-bayes"} == {0}


@pytest.mark.slow
def test_a_second_compare_of_digits_trains_nothing_and_answers_the_same(study, typed, monkeypatch):
    store, _, _ = study
    before = results(read_study(store))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    status, said, complained = typed("compare", *ASKED, "--tracking", store.address)
    assert status == 0, complained
    assert "8 trials, 8 of them finished before." in said
    assert results(read_study(store)) == before
    assert findings(read_study(store)).sentence in " ".join(said.split())


@pytest.mark.slow
def test_no_word_of_speech_is_printed(study, typed):
    store, ended, _ = study
    status, said, complained = typed("report", "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    for text in (ended.said, said):
        assert not SPEECH.findall(_without_paths(text))
    assert "digits wrong" in said.lower() and "images" in said


@pytest.mark.slow
def test_no_word_of_speech_is_in_the_report_and_its_tables(study):
    folder = study[0].folder / "reports" / "digits"
    page = (folder / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert not SPEECH.findall(_without_paths(text))
    assert "labelled images" in text and "classifier" in text
    for table in folder.glob("*.csv"):
        header = table.read_text(encoding="utf-8").splitlines()[0]
        assert not SPEECH.findall(f"{table.name} {header}"), table
    assert {"answer.csv", "trials.csv"} <= {path.name for path in folder.glob("*.csv")}


@pytest.mark.slow
def test_no_word_of_speech_is_in_mlflow(study):
    store, record = study[0], read_study(study[0])
    run = store.client.get_run(record.run_id)
    data = [inputs.dataset for inputs in run.inputs.dataset_inputs]
    assert [item.name for item in data] == ["digits"]
    kept = [*run.data.params, *run.data.params.values(), *run.data.tags, run.data.tags["crossover"]]
    kept += [item.source + item.profile for item in data] + list(record.finished[0].metrics)
    assert not SPEECH.findall(" ".join([*kept, *run.data.metrics]))


@pytest.mark.slow
def test_no_word_of_speech_is_among_prefects_artifacts(study, server):
    artifacts = _artifacts(server)
    own = [one for one in artifacts if str(one["key"]).startswith("crossover-digits")]
    assert {one["key"] for one in own} == {"crossover-digits", "crossover-digits-table"}
    for one in own:
        text = f"{one['key']} {one['description']} {one['data']}"
        assert not SPEECH.findall(_without_paths(text)), one["key"]


def _artifacts(server: str) -> list[dict]:
    request = urllib.request.Request(
        f"{server}/artifacts/filter", b"{}", {"Content-Type": "application/json"}
    )
    return json.load(urllib.request.urlopen(request, timeout=5))


def _without_paths(text: str) -> str:
    return re.sub(r"\S*/\S*", " ", text)


def test_settings_of_speech_are_no_settings_of_digits():
    with pytest.raises(ValueError) as error:
        check_study({"subject": SUBJECT, "corpus": "fsdd", "draws": 0})
    first, *lines = str(error.value).splitlines()
    assert first == "the study's settings cannot be used:"
    assert lines[0] == "  draws: input should be greater than or equal to 1, got 0."
    assert lines[1].startswith("  corpus: no such setting; ")


def test_help_of_compare_shows_the_settings_of_the_subject(typed):
    _, said, _ = typed("compare", "--subject", SUBJECT, "--help")
    assert "--systems" in said and "--corpus" not in said and not SPEECH.search(said.partition("--set")[0])
    _, said, _ = typed("compare", "--help")
    assert "--recognisers" in said and "--systems" not in said


def test_a_file_of_settings_may_name_the_subject(typed, tmp_path):
    (tmp_path / "digits.toml").write_text(f'subject = "{SUBJECT}"\nsystems = ["pixels-mpl"]\nsizes = [20]\n')
    status, _, complained = typed("compare", tmp_path / "digits.toml", "--tracking", tmp_path / "mlruns")
    assert status == 1
    assert complained == (
        "crossover: unknown classifier 'pixels-mpl'; did you mean 'pixels-mlp'? "
        "known: projections-bayes, pixels-mlp.\n"
    )


def test_bad_settings_of_all_classifiers_are_refused_before_the_first_fit(store):
    asked = {"subject": SUBJECT, "sizes": [20], "tracking": store.address}
    settings = {"projections-bayes": {"gaussiannb__smoothing": 1}, "pixels-mlp": {"alhpa": 1}}
    with pytest.raises(ValueError) as error:
        prepare(check_study({**asked, "settings": settings}))
    first, second = str(error.value).splitlines()
    assert first.startswith("unknown setting of projections-bayes 'gaussiannb__smoothing'; did you mean ")
    assert second.startswith("unknown setting of pixels-mlp 'alhpa'; did you mean 'alpha'?")
    assert trial_runs(store) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "speach",
            "unknown subject 'speach'; did you mean 'speech'? known: speech, wake-words, module:NAME of your "
            "own.",
        ),
        (
            "tests.subjects.digits:Digits",
            "expected a Subject called Digits in tests.subjects.digits, got",
        ),
        (
            "tests.subjects.none:NONE",
            "expected a module tests.subjects.none in the current folder",
        ),
    ],
)
def test_a_subject_that_is_not_there_is_refused_with_the_way_out(name, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        find_subject(name)


def test_a_subject_may_lie_in_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "own_subject_of_a_test.py").write_text("from tests.subjects.digits import DIGITS as OWN\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", *__import__("sys").path])
    assert find_subject("own_subject_of_a_test:OWN").name == "digits"
