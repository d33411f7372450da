"""Studies on a schedule: fired for real by a Prefect server on loopback, and stopped without a trace."""

import asyncio
import json
import os
import signal
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule

from components.speech.study import SpeechStudy as Study
from components.subjects import check_study
from flows.compare import compare
from flows.schedule import _stop, timing
from flows.server import free_port
from tests.commands import answers, gone_within, happens, start, trial_runs

ROOT = Path(__file__).parents[2]


def test_a_schedule_is_a_cron_line_or_an_interval_or_neither():
    schedule = timing("0 3 * * *", None, "UTC")["schedule"]
    assert (schedule.cron, schedule.timezone, schedule.interval) == ("0 3 * * *", "UTC", None)
    assert timing("", 0.5) == {"interval": 30.0}
    assert timing("", None) == {}


def test_a_schedule_of_both_kinds_is_refused():
    with pytest.raises(ValueError) as error:
        timing("0 3 * * *", 5)
    assert str(error.value) == (
        "a schedule expected --cron or --every, got both ('0 3 * * *', 5); choose one."
    )


def test_a_schedule_keeps_what_was_asked_for_as_json():
    study = Study(corpus="fsdd", sizes=[20], settings={"mel-ctc": {"seed": 3}})
    kept = json.loads(json.dumps(study.asked()))
    assert kept == {"corpus": "fsdd", "sizes": [20], "settings": {"mel-ctc": {"seed": 3}}}
    assert check_study(kept) == study


def test_what_prefect_yaml_deploys_is_there_and_takes_its_parameters():
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    for one in deployments:
        path, name = one["entrypoint"].split(":")
        assert (ROOT / path).is_file()
        assert name == compare.name
        parameters = compare.validate_parameters(one["parameters"])
        assert parameters["study"] == check_study(one["parameters"]["study"])
        assert one["schedules"] == [{"cron": "0 3 * * *", "timezone": "UTC"}]


def test_a_serve_whose_server_is_gone_ends_with_a_sentence():
    class Runner:
        async def start(self):
            await self.stopped
            raise OSError("connection refused")

        async def astop(self):
            self.stopped.set_result(None)

    async def stopped():
        runner = Runner()
        runner.stopped = asyncio.get_running_loop().create_future()
        await _stop(runner, asyncio.create_task(runner.start()))

    with pytest.raises(RuntimeError) as failure:
        asyncio.run(stopped())
    assert str(failure.value) == (
        "serve expected its Prefect server to pause the schedule, got no answer; its runs are ended, and the "
        "schedule goes on there: pause it on its page, or serve it again."
    )


@pytest.mark.slow
def test_a_schedule_fires_for_real_and_ends_with_ctrl_c(store, digits, tmp_path):
    file = tmp_path / "study.json"
    study = {"corpus": "fsdd", "recognisers": ["mfcc-svm"], "sizes": [10], "draws": 1, "workers": 1}
    file.write_text(json.dumps(study | {"data": str(digits)}))
    port = free_port()
    process, mark = start("serve", file, "--every", "0.2", "--port", port, store=store)
    try:
        assert happens(lambda: _completed(port)), process.poll()
        assert len(trial_runs(store)) == 1
    finally:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, in the middle of the next run or not
        said, complained = process.communicate(timeout=60)
    assert "Traceback" not in said + complained
    assert f"fsdd runs every 0.2 minutes. Prefect's page: http://127.0.0.1:{port}" in said
    assert gone_within(mark, 10)


def _completed(port: int) -> list:
    """Scheduled runs of the comparison that the server calls completed; its database also holds others."""
    wanted = {
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}, "tags": {"all_": ["auto-scheduled"]}},
        "flows": {"name": {"any_": ["compare"]}},
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/flow_runs/filter",
        json.dumps(wanted).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        return json.load(urllib.request.urlopen(request, timeout=5))
    except OSError:
        return []


@pytest.mark.parametrize("cron", ["0 3 * *", "99 3 * * *", "nightly"])
def test_a_wrong_cron_line_is_refused_with_a_right_one(cron):
    with pytest.raises(ValueError) as failure:
        timing(cron, None)
    assert repr(cron) in str(failure.value) and '"0 3 * * *" is every night at 3' in str(failure.value)


@pytest.mark.parametrize("minutes", [-1, 0, 0.0001, 1e12, float("nan"), float("inf")])
def test_minutes_that_are_none_are_refused(minutes, typed):
    """It printed a text of pydantic's."""
    status, said, complained = typed("serve", "--corpus", "fsdd", "--every", minutes)
    assert (status, said) == (1, "")
    assert complained == (
        "crossover: a schedule expected --every with minutes from 0.1 to 5,000,000, got "
        f"{minutes:g}; 1440 is once a day.\n"
    )


BERLIN = "Europe/Berlin"
NIGHTS = {  # cron, zone, a day, and the hours (UTC) of the next nights
    "tokyo": ("0 3 * * *", "Asia/Tokyo", "2027-03-26", ["26 18:00", "27 18:00", "28 18:00"]),
    "summer begins": ("0 3 * * *", BERLIN, "2027-03-26", ["27 02:00", "28 01:00", "29 01:00"]),
    "an hour left out": ("30 2 * * *", BERLIN, "2027-03-26", ["27 01:30", "28 00:30", "29 00:30"]),
    "summer ends": ("0 3 * * *", BERLIN, "2027-10-29", ["30 01:00", "31 02:00", "01 02:00"]),
    "an hour twice": ("30 2 * * *", BERLIN, "2027-10-29", ["30 00:30", "31 00:30", "01 01:30"]),
}


@pytest.mark.parametrize(("cron", "zone", "day", "hours"), NIGHTS.values(), ids=NIGHTS)
def test_a_study_is_run_once_a_night_over_every_change_of_the_clocks(cron, zone, day, hours):
    schedule = timing(cron, None, zone)["schedule"]
    counted = CronSchedule(cron=schedule.cron, timezone=schedule.timezone)
    dates = asyncio.run(counted.get_dates(3, start=datetime.fromisoformat(f"{day}T12:00:00+00:00")))
    assert [f"{date.astimezone(UTC):%d %H:%M}" for date in dates] == hours


@pytest.mark.slow
def test_three_at_night_is_at_night_where_the_machine_is(store, server):
    """Under TZ=Asia/Tokyo it ran at noon: no time zone was set."""
    asked = ("serve", "--corpus", "fsdd", "--name", "tokyo", "--cron", "0 3 * * *")
    process, mark = start(*asked, store=store, PREFECT_API_URL=server, TZ="Asia/Tokyo")
    try:
        assert happens(lambda: answers(f"{server}/deployments/name/compare/tokyo")), process.poll()
        with urllib.request.urlopen(f"{server}/deployments/name/compare/tokyo") as answer:
            (kept,) = json.load(answer)["schedules"]
        said = process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate(timeout=60)
    assert {"cron": "0 3 * * *", "timezone": "Asia/Tokyo"}.items() <= kept["schedule"].items()
    assert "tokyo runs cron '0 3 * * *' in time zone Asia/Tokyo, next on 20" in said
    assert " at 03:00 there." in said and "Traceback" not in complained
    assert gone_within(mark, 10)
