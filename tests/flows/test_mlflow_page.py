"""MLflow's own page, served for real: read in headless Chromium, a tracking server, ended by Ctrl-C."""

import json
import signal
import urllib.request

import pytest

from components.report.findings import findings
from components.study.tracking import Store, read_study
from components.study.tracking.store import CURVES
from components.subjects import check_study
from components.subjects.speech import load_recogniser
from flows.mlflow_page import addresses
from flows.schedule_terminal import keep_password
from flows.server import free_port
from flows.write_report import make_report
from tests.commands import PATIENCE, answers, gone_within, happens, start, trial_runs
from tests.recorded import made_up, recorded

pytestmark = pytest.mark.slow
SECRET = "s3cret-of-ann"
PATIENCE_MS = 1000 * PATIENCE


@pytest.fixture(scope="module")
def served(store_in, tmp_path_factory):
    """A store with a finished study and its report, the study's run id, the page over it, its process."""
    store = store_in(tmp_path_factory.mktemp("page"))
    run_id = recorded(store, made_up(), "v1")
    make_report(store)
    port = free_port()
    process, mark = start("ui", "--port", port, store=store)
    root = f"http://127.0.0.1:{port}"
    try:
        assert happens(lambda: answers(f"{root}/health"))
        yield store, run_id, root, process, mark
    finally:
        process.kill()


def test_the_report_is_read_in_mlflow_and_its_curves_are_drawn_there(served, browser):
    store, run_id, root, *_ = served
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{root}/#/experiments/{store.experiment()}/runs/{run_id}/artifacts/report/index.html")
    report = page.frame_locator("iframe").first
    report.locator("h1").wait_for(timeout=PATIENCE_MS)
    assert report.locator("h1").inner_text() == findings(read_study(store)).sentence
    report.locator("svg.chart:visible").first.press("ArrowRight")
    assert "180 labelled utterances" in report.locator(".tip").inner_text(), "its scripts run there as well"

    page.goto(addresses(store, root)["Learning curves"])
    page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(timeout=PATIENCE_MS)
    drawn = page.locator(".js-plotly-plot .scatterlayer .trace").count()
    assert drawn >= len(store.search("", CURVES)) == 2 * 3
    page.close()


def test_the_page_is_a_tracking_server_for_a_study(served, digits, studied, tmp_path, monkeypatch):
    store, _, page, *_ = served
    before = {run.info.run_id for run in trial_runs(store)}
    monkeypatch.chdir(tmp_path)  # where the report of a server's study goes
    asked = ("--recognisers", "mfcc-svm", "--sizes", "10", "--draws", "1", "--tracking", page)
    status, said, complained = studied("compare", "--corpus", "fsdd", *asked, "--data", digits)
    assert (status, complained) == (0, ""), complained
    assert "trials: 1 done, 0 failed, 0 left" in said
    url = f"{page}/api/2.0/mlflow/experiments/get?experiment_id={store.experiment()}"
    assert json.load(urllib.request.urlopen(url))["experiment"]["name"] == "crossover"
    (run,) = [run for run in trial_runs(store) if run.info.run_id not in before]
    assert run.data.metrics["total"] == 20
    assert load_recogniser(Store(page), run.info.run_id)[1] == 8000


def test_a_password_in_the_address_of_a_server_is_neither_kept_nor_shown(
    served, digits, studied, tmp_path, monkeypatch, server, shared
):
    """It stood in the report twice, in a parameter, in study.json and on the terminal."""
    store, _, page, *_ = served
    address = page.replace("http://", f"http://ann:{SECRET}@")
    monkeypatch.chdir(tmp_path)
    asked = ("--recognisers", "mfcc-svm", "--sizes", "20", "--draws", "1", "--data", digits)
    status, said, complained = studied("compare", "--corpus", "fsdd", *asked, "--tracking", address)
    assert (status, complained) == (0, "") and "trials: 1 done, 0 failed, 0 left" in said
    assert f"--tracking 'http://ann:***@{page.removeprefix('http://')}'" in said

    from flows.compare import compare

    study = check_study(
        {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [20], "draws": 1, "data": str(digits)}
    )
    study.tracking = address
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    keep_password(study)
    assert compare(study.asked()) in said.replace("\n", " ")
    failed = studied("report", "none", "--tracking", f"http://ann:{SECRET}@127.0.0.1:9")
    assert failed[0] == 1
    assert SECRET not in said + complained + "".join(map(str, failed))
    kept = [path for folder in (store.folder, tmp_path, shared) for path in folder.rglob("*")]
    assert [path for path in kept if path.is_file() and SECRET.encode() in path.read_bytes()] == []


def test_the_page_ends_with_ctrl_c_and_leaves_nothing_behind(served):
    *_, process, mark = served
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in complained
    assert "Ctrl-C stops it." in said
    assert gone_within(mark, 10)
