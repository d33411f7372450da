"""MLflow's own page in headless Chromium: it shows the report among the artifacts, and draws the curves."""

import signal

import pytest

from components.report.findings import findings
from components.study.tracking import read_study
from components.study.tracking.store import CURVES
from flows.mlflow_page import addresses
from flows.server import free_port
from flows.write_report import make_report
from tests.commands import answers, happens, start
from tests.recorded import made_up, recorded

pytestmark = pytest.mark.slow
PATIENCE_MS = 120_000


@pytest.fixture
def served(store):
    """A store with a finished study and its report, the study's run id, and the page over it."""
    run_id = recorded(store, made_up(), "v1")
    make_report(store)
    port = free_port()
    process, _ = start("ui", "--port", port, store=store)
    root = f"http://127.0.0.1:{port}"
    try:
        assert happens(lambda: answers(f"{root}/health"))
        yield store, run_id, root
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_the_report_is_read_in_mlflow_and_its_curves_are_drawn_there(served, browser):
    store, run_id, root = served
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
