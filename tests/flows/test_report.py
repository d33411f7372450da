"""The report: made again from MLflow alone, kept with the study, found by name or by run."""

import shutil
import sys

import pytest

from components.report.findings import findings
from components.study.tracking import read_study
from flows import cli
from flows.pages import slug


@pytest.fixture
def report(finished, monkeypatch, capsys, tmp_path):
    """Words after `crossover report`, where no recording and no prepared corpus is left -> what is shown."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", finished[0].address)
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path / "empty"))
    monkeypatch.delenv("CROSSOVER_DATA", raising=False)

    def make(*words):
        monkeypatch.setattr(sys, "argv", ["crossover", "report", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return make


def test_a_report_is_made_again_from_mlflow_alone(report, finished, tmp_path):
    store, _ = finished
    folder = store.folder / "reports" / "fsdd"
    before = (folder / "answer.csv").read_bytes()
    shutil.rmtree(folder)
    status, said, complained = report("fsdd")
    assert (status, complained) == (0, "")
    assert (folder / "answer.csv").read_bytes() == before
    assert (folder / "index.html").stat().st_size > 10_000
    assert findings(read_study(store)).sentence in said.replace("\n", " ")
    assert f"Report:  {folder / 'index.html'}" in said.splitlines()
    assert not (tmp_path / "empty").exists()


def test_a_study_is_found_by_its_runs_id(report, finished):
    status, said, _ = report(read_study(finished[0]).run_id)
    assert status == 0
    assert "Report:  " in said


def test_an_unknown_study_gets_the_nearest_name(report):
    assert report("fsd") == (1, "", "crossover: unknown study 'fsd'; did you mean 'fsdd'? known: fsdd.\n")


def test_the_report_is_kept_with_the_studys_run(finished):
    store, _ = finished
    record = read_study(store)
    kept = {item.path for item in store.client.list_artifacts(record.run_id, "report")}
    assert {"report/index.html", "report/answer.csv", "report/learning-curves.png"} <= kept
    run = store.client.get_run(record.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.tags["crossover"] == findings(record).sentence
    assert (run.data.metrics["trials_finished"], run.data.metrics["trials_failed"]) == (4, 0)


@pytest.mark.parametrize(
    ("name", "key"),
    [("fsdd", "fsdd"), ("FSDD (clips)", "fsdd-clips"), ("strings:fsdd", "strings-fsdd"), ("…", "study")],
)
def test_a_studys_name_becomes_a_file_name(name, key):
    assert slug(name) == key
