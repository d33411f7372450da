"""docs/shared-store.md, step by step: PostgreSQL, MLflow's and Prefect's servers, two machines."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from components.study.tracking import Store, read_study
from components.study.tracking.claims import HOLDER
from flows.server import free_port
from tests.commands import PATIENCE, ROOT, answers, happens, trial_runs
from tests.prefect_api import asked
from tests.subjects.waiting import TRAINED

STEPS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "shared-store.md").read_text(), re.DOTALL)
STUDY = """
subject = "tests.subjects.waiting:NUMBERS"
systems = ["constant", "counted"]
sizes = [2, 4, 6]
draws = 3
workers = 1
"""


@pytest.fixture
def steps(postgresql, tmp_path):
    """Runs a step of the page: to its end, or, if it is to answer at an address, until it does."""
    begun, ports = [], {"5000": str(free_port()), "4200": str(free_port())}

    def here(step: str) -> str:
        """A step with what differs here: the host, its ports, its folders."""
        for port, free in ports.items():
            step = step.replace(port, free)
        step = step.replace("@127.0.0.1/", f"@127.0.0.1:{postgresql['PGPORT']}/")
        return step.replace("store:", "127.0.0.1:").replace("/srv/mlflow", str(tmp_path / "artifacts"))

    def run(number: int, port: str = "", health: str = "", **variables: str) -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{postgresql['PATH']}"
        own = {
            "PASSWORD": "s3cret",
            "PATH": path,
            "PYTHONPATH": _path(),
            "PREFECT_HOME": str(tmp_path / "prefect"),
        }
        script = ["bash", "-euc", here(STEPS[number])]
        surroundings = {**os.environ, **postgresql, **own, **variables}
        if not health:
            done = subprocess.run(script, env=surroundings, cwd=tmp_path, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout
        address = f"http://127.0.0.1:{ports[port]}"
        with open(tmp_path / f"{port}.log", "w") as log:
            begun.append(
                subprocess.Popen(
                    script, env=surroundings, cwd=tmp_path, stdout=log, stderr=log, start_new_session=True
                )
            )
        assert happens(lambda: answers(address + health)), (tmp_path / f"{port}.log").read_text()
        return address

    yield run
    for process in begun[::-1]:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _path() -> str:
    return os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_machines_share_a_store_as_the_page_says(steps, machine, tmp_path):
    pytest.importorskip(
        "psycopg2", reason="NO DRIVER: the shared store was NOT tried; install psycopg2-binary"
    )
    assert "CREATE ROLE" in steps(0)
    mlflow = steps(1, "5000", "/health")
    prefect = steps(2, "4200", "/api/health")
    (tmp_path / "my-study.toml").write_text(STUDY)
    trained = {TRAINED: str(tmp_path / "trained")}
    store = Store(mlflow)
    other = machine(store, "compare", tmp_path / "my-study.toml", PREFECT_API_URL=f"{prefect}/api", **trained)
    said = steps(3, CROSSOVER_CACHE=str(tmp_path / "own-cache"), **trained)
    assert "FAILS" not in said and "Report:" in said
    others_said = other.communicate(timeout=PATIENCE)
    assert other.returncode == 0, others_said
    fits = (tmp_path / "trained").read_text().splitlines()
    assert len(fits) == len(set(fits)) == 9
    runs = trial_runs(store)
    assert len(runs) == 18 and not trial_runs(store, "RUNNING")
    assert len(read_study(store).finished) == 18
    assert len({run.data.tags[HOLDER] for run in runs}) == 18
    assert len(list((tmp_path / "artifacts").rglob("scores.json"))) == 18
    assert len(asked(f"{prefect}/api", "flow_runs", name={"like_": "compare"})) == 2


def test_the_containers_of_a_shared_store_have_the_options_that_the_page_has():
    services = yaml.safe_load((ROOT / "deploy" / "shared.yaml").read_text())["services"]
    for step, name in ((STEPS[1], "mlflow"), (STEPS[2], "prefect")):
        words = services[name]["command"]
        assert set(re.findall(r"--[\w-]+", step)) <= {word.partition(" ")[0] for word in words}
        assert all(variable in services[name]["environment"] for variable in re.findall(r"PREFECT_\w+", step))
        assert services[name]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        assert all(port.startswith("${BIND:-127.0.0.1}:") for port in services[name]["ports"])
    assert re.search(r"pip install .*\[postgresql\]", (ROOT / "deploy" / "Dockerfile").read_text())
