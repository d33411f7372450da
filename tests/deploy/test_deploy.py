"""The unit for systemd and the file for containers: what they start is there and takes what they give it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from flows.cli import app
from flows.schedule import PAUSE_S, STOP_S, timing
from flows.server import DRAIN_S, free_port
from tests.commands import ROOT, end_group, happens, listens
from tests.prefect_api import asked

DEPLOY = ROOT / "deploy"
PLACE = "/srv/crossover"
BIN = Path(sys.executable).parent
STUDY = """
name = "nightly numbers"
subject = "tests.subjects.waiting:NUMBERS"
systems = ["constant"]
sizes = [4]
"""
LONGEST_STOP_S = STOP_S + PAUSE_S + 2 * DRAIN_S  # of `serve`, where all takes as long as it may


@pytest.fixture(scope="module")
def unit() -> str:
    return (DEPLOY / "crossover.service").read_text()


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


def check_serve(words):
    """Words of a `crossover serve` -> they are options that it has, and a cron line."""
    program, command, study, *options = words
    assert (Path(program).name, command, Path(study).name) == ("crossover", "serve", "study.toml")
    serve = get_command(app).commands["serve"]
    given = serve.make_context("serve", [study, *options]).params
    assert timing(given["cron"], given["every"])["schedule"].cron == "0 3 * * *"


def test_systemd_finds_nothing_wrong_with_the_unit(unit, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NO systemd-analyze: the unit was NOT checked; install systemd")
    path = tmp_path / "crossover.service"
    text = unit.replace(f"{PLACE}/.venv/bin/crossover", str(BIN / "crossover"))
    path.write_text(text.replace("User=crossover", "User=root"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, timeout=60
    )
    ours = [line for line in done.stderr.splitlines() if "crossover" in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_would_find_a_wrong_line(unit, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NO systemd-analyze: the unit was NOT checked; install systemd")
    path = tmp_path / "crossover.service"
    path.write_text(unit.replace("KillMode=mixed", "KillMod=mixed"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True)
    assert "KillMod" in done.stderr


def test_the_unit_serves_a_study_and_stops_it_in_order(unit):
    check_serve(shlex.split(line(unit, "ExecStart")))
    assert line(unit, "KillMode") == "mixed"
    assert int(line(unit, "TimeoutStopSec")) > LONGEST_STOP_S


def line(unit, name):
    (value,) = re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)
    return value


def test_the_containers_serve_a_study_after_their_servers_and_stop_before_them(services):
    nightly = services["nightly"]
    check_serve(nightly["command"])
    assert int(nightly["stop_grace_period"].removesuffix("s")) > LONGEST_STOP_S
    assert nightly["depends_on"].keys() == {"prefect", "mlflow"}
    assert nightly["environment"]["PREFECT_API_URL"] == "http://prefect:4200/api"
    assert nightly["environment"]["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"


@pytest.mark.parametrize("name", ["nightly", "prefect", "mlflow"])
def test_each_container_runs_a_program_of_the_image_and_opens_its_page_to_this_machine_alone(services, name):
    assert (BIN / services[name]["command"][0]).is_file()
    assert all(port.startswith("127.0.0.1:") for port in services[name].get("ports", ()))


@pytest.fixture
def ports():
    """Ports of MLflow's and Prefect's containers -> free ones of this machine."""
    return {"5000": str(free_port()), "4200": str(free_port())}


@pytest.fixture
def run(services, ports, tmp_path):
    """Runs a container's command with its variables, but no container -> its process, the file of its log."""
    begun = []

    def here(word: str, folder: Path) -> str:
        """A word with what differs here: names of hosts, their ports, folders."""
        word = re.sub("//(mlflow|prefect):", "//127.0.0.1:", word)
        word = re.sub("|".join(ports), lambda port: ports[port[0]], word)
        return word.replace("/kept", str(folder)).replace("/study.toml", str(tmp_path / "study.toml"))

    def run(name: str) -> tuple[subprocess.Popen, Path]:
        service, folder = services[name], tmp_path / name
        folder.mkdir()
        variables = {key: here(value, folder) for key, value in service["environment"].items()}
        found = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        own = {**os.environ, **found, "CROSSOVER_CACHE": str(folder / "cache"), **variables}
        command = [here(word, folder) for word in service["command"]]
        log = tmp_path / f"{name}.log"
        with log.open("w") as file:
            ways = {"env": own, "cwd": folder, "start_new_session": True, "stdout": file, "stderr": file}
            begun.append(subprocess.Popen(command, **ways))
        if check := service.get("healthcheck"):
            words = [here(word, folder) for word in check["test"][1:]]
            port = int(here(service["ports"][0], folder).split(":")[1])
            silent = {"env": own, "stderr": subprocess.DEVNULL}
            assert happens(lambda: listens(port)), log.read_text()
            assert happens(lambda: subprocess.run(words, **silent).returncode == 0), log.read_text()
        return begun[-1], log

    yield run
    for process in begun[::-1]:
        end_group(process)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_containers_commands_run_and_stop_as_they_are_written(run, ports, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    run("mlflow")
    run("prefect")
    assert status_for(f"mlflow:{ports['5000']}", ports["5000"]) == 200
    assert status_for("evil.example", ports["5000"]) == 403
    nightly, log = run("nightly")
    assert happens(lambda: "nightly numbers runs cron '0 3 * * *'" in log.read_text()), log.read_text()
    prefect = f"http://127.0.0.1:{ports['4200']}/api"
    with pytest.raises(urllib.error.HTTPError, match="403"):  # as any page could ask
        asked(prefect, "deployments")
    before = deployed(prefect)
    nightly.terminate()
    assert nightly.wait(90) == 0, log.read_text()
    assert (before["paused"], deployed(prefect)["paused"]) == (False, True)


def deployed(prefect: str) -> dict:
    """What Prefect's server says of the study."""
    with urllib.request.urlopen(
        f"{prefect}/deployments/name/compare/nightly%20numbers", timeout=30
    ) as answer:
        return json.load(answer)


def status_for(host: str, port: str) -> int:
    """What MLflow's server on a port answers to a call that names a host."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/get?experiment_id=0"
    )
    request.add_header("Host", host)
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_the_image_is_built_of_files_that_are_there():
    text = (DEPLOY / "Dockerfile").read_text()
    (constraint,) = re.findall(r"--constraint (\S+)", text)
    assert (DEPLOY.parent / constraint).is_file()
