"""A study run again: what is worse than before is said, kept, and raised as an event, once."""

import json
import os
import subprocess
import sys
import urllib.request

import pytest
from rich.console import Console

from components.report import markdown_summary
from components.report.findings import findings
from components.report.regression import regression_sentence
from components.study.tracking import read_regressed, read_study
from flows.compare_before import earlier_run
from flows.server import Server
from flows.terminal import show_answer
from flows.write_report import make_report
from tests.commands import ROOT, happens
from tests.recorded import made_up, recorded


def test_a_study_worse_than_its_run_before_says_so_first(store, capsys, no_pictures):
    before = recorded(store, made_up(), "v1")
    now = recorded(store, made_up(harder=2.5), "v2")
    made = make_report(store)
    record, page = made.record, made.page
    assert record.run_id == now
    assert {row["recogniser"] for row in record.regressions} == {"mel-ctc"}
    assert {row["run"] for row in record.regressions} == {before}
    assert read_regressed(store, now) == record.regressions == read_study(store).regressions
    text = page.read_text(encoding="utf-8")
    assert 0 < text.index("Worse than on") < text.index('id="answer"')
    assert f"crossover report {now} --beside {before}" in text
    assert markdown_summary(findings(record)).splitlines()[2] == f"**{regression_sentence(record)}**"
    show_answer(record, page, Console(soft_wrap=True))
    first, second = [line for line in capsys.readouterr().out.splitlines() if line][:2]
    assert first == regression_sentence(record)
    assert second == f"Side by side:  crossover report {now} --beside {before}"
    show_answer(record, page, Console(soft_wrap=True), "el sewhere")
    said = capsys.readouterr().out
    assert f"report {now} --beside {before} --tracking 'el sewhere'\n" in said
    assert "MLflow:  crossover ui --tracking 'el sewhere'\n" in said


def test_what_is_worse_is_said_with_its_size_and_interval():
    row = {"recogniser": "mel-ctc", "size": 1800, "before": 0.1, "after": 0.15, "low": 0.02, "high": 0.08}
    milder = row | {"recogniser": "wave-ctc", "after": 0.12}
    record = made_up()
    record.regressions.extend([milder | {"since": "2026-11-20T03"}, row | {"since": "2026-11-20T03"}])
    assert regression_sentence(record) == (
        "Worse than on 2026-11-20: mel-ctc at 1,800 labelled utterances, from 10.0 % to 15.0 % (+5.0 points, "
        "95 % interval +2.0 to +8.0), and 1 more of its recognisers and sizes."
    )
    assert regression_sentence(made_up()) == ""


def test_a_study_no_worse_than_before_is_not_complained_of(store, no_pictures):
    recorded(store, made_up(harder=2.5), "v1")
    now = recorded(store, made_up(), "v2")
    made = make_report(store)
    record, page = made.record, made.page
    assert record.run_id == now and record.regressions == []
    assert "Worse than on" not in page.read_text(encoding="utf-8")
    paths = [item.path for item in store.client.list_artifacts(now)]
    assert "regressed.json" not in paths


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"sizes": [30, 450]}],
    ids=["another seed", "other sizes"],
)
def test_a_study_that_was_asked_for_otherwise_is_no_earlier_run(store, change):
    recorded(store, made_up(sizes=(180,), draws=1), "v1", settings={"seed": 0} | change)
    recorded(store, made_up(sizes=(180,), draws=1), "v2", settings={"seed": 0})
    assert earlier_run(store, read_study(store)) == ""


def test_the_run_before_is_the_newest_finished_one_whatever_the_workers(store):
    small = made_up(sizes=(180,), draws=1)
    first = recorded(store, small, "v1", settings={"workers": 1, "audio": True, "label_price": 0.0})
    second = recorded(store, small, "v2", settings={"workers": 2, "audio": False, "label_price": 0.2})
    recorded(store, made_up(sizes=(180,), draws=0), "v3")  # nothing finished in it
    last = recorded(store, small, "v4", settings={"new": "a setting of this version"})
    assert earlier_run(store, read_study(store, last)) == second
    assert earlier_run(store, read_study(store, second)) == first
    assert earlier_run(store, read_study(store, first)) == ""
    again = recorded(store, small, "v1")  # back to the first version: its run is the newest now
    assert again == first
    assert earlier_run(store, read_study(store, first)) == last


@pytest.mark.slow
def test_a_server_receives_the_event_once_and_none_where_nothing_regressed(store):
    recorded(store, made_up(), "v1")
    better = recorded(store, made_up(harder=0.6), "v2")
    worse = recorded(store, made_up(harder=2.5), "v3")
    with Server(services=True) as server:
        server.wait()
        _report(store, (better, worse, worse), server.url)
        assert happens(lambda: _events(server.url), 30)
        (event,) = _events(server.url)
    resource, payload = event["resource"], event["payload"]
    assert resource["prefect.resource.id"] == "crossover.study.first-light"
    assert resource["crossover.run"] == worse
    record = read_study(store, worse)
    assert payload == {"said": regression_sentence(record), "worse": record.regressions}
    assert any(one["prefect.resource.id"].startswith("prefect.flow-run.") for one in event["related"])


def _report(store, runs, url):
    """The report flow, run by run, in a process of its own, as a schedule has it."""
    code = f"""
from components.study.tracking import Store
from flows.in_process import InProcess
from flows.report import report
for run in {runs!r}:
    report(InProcess(Store({store.address!r})), run)
"""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_API_URL": url}
    subprocess.run([sys.executable, "-c", code], env=surroundings, check=True, capture_output=True)


def _events(url):
    wanted = {"filter": {"event": {"name": ["crossover.study.regressed"]}}}
    request = urllib.request.Request(
        f"{url}/events/filter", json.dumps(wanted).encode(), {"Content-Type": "application/json"}
    )
    return json.load(urllib.request.urlopen(request, timeout=5))["events"]
