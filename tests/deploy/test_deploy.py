"""The unit for systemd and the file for containers: what they start is there and takes what they give it."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from flows.cli import app
from flows.schedule import timing

DEPLOY = Path(__file__).parents[2] / "deploy"
PLACE = "/srv/crossover"
BIN = Path(sys.executable).parent


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
    assert int(line(unit, "TimeoutStopSec")) > 2 * 15  # as long as serve itself may take


def line(unit, name):
    (value,) = re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)
    return value


def test_the_containers_serve_a_study_after_their_servers_and_stop_before_them(services):
    nightly = services["nightly"]
    check_serve(nightly["command"])
    assert nightly["depends_on"].keys() == {"prefect", "mlflow"}
    assert nightly["environment"]["PREFECT_API_URL"] == "http://prefect:4200/api"
    assert nightly["environment"]["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"


@pytest.mark.parametrize("name", ["nightly", "prefect", "mlflow"])
def test_each_container_runs_a_program_of_the_image_and_opens_its_page_to_this_machine_alone(services, name):
    assert (BIN / services[name]["command"][0]).is_file()
    assert all(port.startswith("127.0.0.1:") for port in services[name].get("ports", ()))


def test_mlflows_server_has_the_options_that_it_is_given(services):
    from mlflow.cli import server

    known = {flag for option in server.params for flag in option.opts}
    given = {word for word in services["mlflow"]["command"] if word.startswith("--")}
    assert given and given <= known


def test_prefects_server_has_the_options_that_it_is_given(services):
    helped = subprocess.run(
        [BIN / "prefect", "server", "start", "--help"], capture_output=True, text=True, timeout=120
    )
    given = {word for word in services["prefect"]["command"] if word.startswith("--")}
    assert given == {"--host", "--port"} and all(flag in helped.stdout for flag in given)


def test_the_image_is_built_of_files_that_are_there():
    text = (DEPLOY / "Dockerfile").read_text()
    (constraint,) = re.findall(r"--constraint (\S+)", text)
    assert (DEPLOY.parent / constraint).is_file()
