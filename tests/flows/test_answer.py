"""`crossover answer`: results made elsewhere become a study like any other, in one command."""

import re
import time

import pytest
from mlflow.entities import Metric, Param

from components.external.asked import Asked
from components.external.result_set import read_results
from components.external.sources import read_source
from components.study.tracking import Store, read_study
from flows.external import title_of
from tests.commands import ROOT, Ended, crossover, trial_runs
from tests.external.tables import by_speaker
from tests.external.test_result_set import sentence
from tests.flows.test_digits_study import SPEECH

FAMILIES = ("--modular", "kaldi", "--end-to-end", "whisper")
PAGES = "model,n,errors,total\nrules,50,12,400\nrules,500,10,400\nnet,50,30,400\nnet,500,4,400\n"


@pytest.fixture(scope="module")
def answered(store_in, tmp_path_factory) -> tuple[Store, Ended]:
    """A table of Kaldi's and Whisper's results, answered as a newcomer does it: the store, what was said."""
    folder = tmp_path_factory.mktemp("answered")
    store = store_in(folder)
    (folder / "results.csv").write_text(by_speaker())
    ended = crossover("answer", "results.csv", *FAMILIES, store=store)
    assert (ended.status, ended.complained) == (0, ""), ended.said + ended.complained
    return store, ended


@pytest.mark.slow
def test_a_table_becomes_the_whole_answer_in_one_command(answered):
    store, ended = answered
    assert "results: 192 rows." in ended.said
    assert re.search(r"systems +column model: kaldi \(modular\), whisper \(end-to-end\)", ended.said)
    answer = (
        "On results, end-to-end (whisper) beats modular (kaldi) from about 70 hours of labelled speech on"
    )
    assert answer in ended.said
    folder = store.folder / "reports" / "results"
    names = {path.name for path in folder.iterdir()}
    assert {"index.html", "answer.csv", "learning-curves.png", "errors-by-speaker.csv"} <= names
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "crossover answer results.csv --modular kaldi --end-to-end whisper" in page
    record = read_study(store)
    run = store.client.get_run(record.run_id)
    assert (run.info.status, run.data.tags["crossover"].partition(" (95 %")[0]) == ("FINISHED", answer)
    assert len(trial_runs(store)) == 24


@pytest.mark.slow
def test_its_report_is_written_again_and_beside_another(answered, typed, tmp_path, monkeypatch):
    store, ended = answered
    status, said, complained = typed("report", "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    sentence = next(line for line in ended.said.splitlines() if line.startswith("On results"))
    assert sentence in said
    (tmp_path / "better.csv").write_text(re.sub(r"(whisper,640,\d,spk\d),(\d+)", r"\1,0", by_speaker()))
    status, _, complained = typed("answer", tmp_path / "better.csv", *FAMILIES, "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    status, said, complained = typed("report", "better", "--beside", "results", "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    assert "Beyond luck, A has fewer errors by whisper (640)." in said


@pytest.mark.slow
def test_another_subject_has_no_word_of_speech(store, typed, tmp_path):
    (tmp_path / "archive.csv").write_text(PAGES)
    asked = ("--modular", "rules", "--end-to-end", "net", "--unit", "pages", "--error", "pages misfiled")
    status, said, complained = typed("answer", tmp_path / "archive.csv", *asked, "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    page = (store.folder / "reports" / "archive" / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>|\S*/\S*", " ", page, flags=re.DOTALL)
    assert not SPEECH.findall(text) and not SPEECH.findall(re.sub(r"\S*/\S*", " ", said))
    assert "pages misfiled" in text and "labelled pages" in text
    assert "nan" not in text.lower().split()


@pytest.mark.slow
def test_missing_hypotheses_stop_it_unless_they_are_accepted(store, typed, tmp_path):
    for system, said in (("kaldi", "a stop\nb go on\n"), ("whisper", "a stop\n")):
        (tmp_path / f"{system}_10h.txt").write_text(said)
    (tmp_path / "ref").write_text("a stop\nb go on\n")
    words = ("answer", f"{tmp_path}/{{system}}_{{hours}}h.txt", "--reference", tmp_path / "ref", *FAMILIES)
    status, _, complained = typed(*words, "--tracking", store.address)
    assert status == 1 and trial_runs(store) == []
    assert "missing-hypotheses: 1 hypothesis is missing, in 1 of 2 trials" in complained
    assert "For example: whisper at 10: b." in complained and "--accept missing-hypotheses" in complained
    status, _, complained = typed(*words, "--accept", "missing-hypotheses", "--tracking", store.address)
    assert (status, complained) == (0, ""), complained
    record = read_study(store)
    assert [trial.metrics["wer"] for trial in record.finished] == [0, pytest.approx(2 / 3)]
    page = next((store.folder / "reports").glob("*/index.html")).read_text(encoding="utf-8")
    assert "Accepted, though it makes the answer doubtful (missing-hypotheses)." in page


@pytest.mark.slow
def test_runs_of_an_experiment_are_answered_from(store, typed):
    experiment = store.client.create_experiment("sweeps")
    for recipe, rates in {"tri3b": (0.3, 0.2), "conformer": (0.6, 0.1)}.items():
        for hours, rate in zip((10, 100), rates, strict=True):
            run = store.client.create_run(experiment).info.run_id
            params = [Param("recipe", recipe), Param("hours", str(hours)), Param("corpus", "ami")]
            store.client.log_batch(run, [Metric("eval/loss.wer", rate, int(time.time() * 1000), 0)], params)
            store.client.set_terminated(run)
    asked = ("--modular", "tri3b", "--end-to-end", "conformer", "--filter", "params.corpus = 'ami'")
    words = ("answer", "mlflow:sweeps", *asked, "--column", "rate=eval/loss.wer", "--tracking", store.address)
    status, said, complained = typed(*words)
    assert (status, complained) == (0, ""), complained
    assert re.search(
        r"On sweeps, end-to-end \(conformer\) beats modular \(tri3b\) from about \d\d hours", said
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.csv",), "results expected a table, or a path with columns in braces, got none.csv"),
        (
            ("t.csv", "--column", "hours"),
            "--column expected FIELD=COLUMN, got 'hours'; write both around an equals sign.",
        ),
        ((ROOT / "README.md",), "says of no system and no size: expected a table (.csv, .tsv,"),
    ],
)
def test_what_is_no_result_is_refused_in_a_sentence(typed, words, said):
    status, _, complained = typed("answer", *words)
    assert status == 1 and said in complained


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("a/wer.v2.csv", "wer"),
        ("exp/{system}_{hours}h/text", "exp"),
        ("{system}.trn", "results"),
        ("mlflow:asr@http://host", "asr"),
    ],
)
def test_results_are_called_after_where_they_are(source, title):
    assert title_of([source]) == title


def test_the_page_in_the_documentation_is_that_of_its_table():
    folder = ROOT / "docs" / "librispeech"
    answer = answer_of(folder / "results.csv", "WER test-other", name="LibriSpeech test-other")
    assert answer in re.sub(r"<[^>]*>", "", (folder / "index.html").read_text(encoding="utf-8"))


def answer_of(table, rate="error rate %", **asked):
    """A table of the documentation and what is said of it -> the answer."""
    results = read_results(read_source(str(table)), Asked(columns={"rate": rate}, **asked))
    return sentence(results)


def test_the_answers_in_the_documentation_are_those_of_its_tables():
    docs = ROOT / "docs"
    said = (docs / "own-results.md").read_text(encoding="utf-8")
    digits = {"modular": ["random forest"], "end_to_end": ["CNN of 5 layers"], "name": "FSDD, 8 digits"}
    for features in ("spectrogram", "mfcc", "mel"):
        asked = {**digits, "unit": "recordings", "error": "digits wrong", "only": {"features": features}}
        answer = answer_of(docs / "forest-and-network" / "results.csv", **asked)
        assert f"| `features={features}` | {answer} |" in said
    answer = answer_of(docs / "librispeech" / "deep-speech-2.csv", "regular dev WER", name="Deep Speech 2")
    assert f"\n> {answer}\n" in said
