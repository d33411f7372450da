"""What the tests of the flows share: sixty real digits, one Prefect server, one finished study."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import sync_playwright

from components.speech.study import SpeechStudy as Study
from components.study.tracking import Store
from components.subjects import check_study
from flows import cli
from flows.prepare import prepare
from flows.server import Server
from flows.trial import run_trial
from tests.flows.commands import Ended, crossover

ASKED = ("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "10,20", "--draws", "3")
ROOT = Path(__file__).parents[2]
GUARD = """
import os, socket

def watched(connect):
    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):
            with open(os.environ["CROSSOVER_TEST_OUTWARD"], "a") as file:
                file.write(f"{address}\\n")
            raise OSError(f"outward connection to {address}")
        return connect(self, address)
    return guarded

socket.socket.connect = watched(socket.socket.connect)
socket.socket.connect_ex = watched(socket.socket.connect_ex)
"""


@pytest.fixture(scope="session")
def digits(recordings, tmp_path_factory) -> Path:
    """Ten digits by two people: take 0 tests, takes 5 and 6 train."""
    folder = tmp_path_factory.mktemp("digits") / "recordings"
    folder.mkdir()
    for take in (0, 5, 6):
        for path in (recordings / "fsdd" / "recordings").glob(f"*_{take}.*"):
            if path.stem.split("_")[1] in ("george", "lucas"):
                shutil.copy(path, folder)
    return folder.parent


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory) -> Iterator[None]:
    """A cache of the tests' own, which prepares each corpus once, and no setting of whoever runs them.

    A suite started in the background is deaf to Ctrl-C, and would pass that on to the commands it tests.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSOVER_CACHE", str(tmp_path_factory.mktemp("cache")))
        for name in ("PREFECT_API_URL", "PREFECT_HOME", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def server(surroundings) -> Iterator[str]:
    """The address of the one Prefect server that the tests' commands use."""
    before = dict(os.environ)
    with Server() as one:
        one.start()
        one.wait()
        os.environ.clear()
        os.environ.update(before)
        yield one.url
        os.environ["PREFECT_API_URL"] = one.url


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """A folder that all worker processes of the suite have in common."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def outward(shared) -> dict[str, str]:
    """Variables under which every Python process writes down, and refuses, connections to other machines."""
    (shared / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join((str(shared), str(ROOT)))
    return {"PYTHONPATH": path, "CROSSOVER_TEST_OUTWARD": str(shared / "outward.txt")}


@pytest.fixture(scope="session")
def finished(digits, outward, _new_store, shared) -> tuple[Store, Ended]:
    """A whole study of six trials with a server of its own, as a newcomer runs it: its store, its output."""
    folder, kept = shared / "finished", shared / "finished.json"
    store = Store(f"sqlite:///{folder}/mlruns/mlflow.db")
    with FileLock(shared / "finished.lock"):
        if not kept.exists():
            (folder / "mlruns").mkdir(parents=True)
            shutil.copy(_new_store, folder / "mlruns" / "mlflow.db")
            ended = crossover("compare", *ASKED, "--data", digits, store=store, **outward)
            assert ended.status == 0, ended.said + ended.complained
            kept.write_text(json.dumps(vars(ended)))
    return store, Ended(**json.loads(kept.read_text()))


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("NO CHROMIUM ON THE PATH: the report page was NOT opened in a browser; install chromium")
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, address):
    """Opens the page at a module's `address`; at the end, holds that it was quiet and asked for nothing."""
    complaints, asked, contexts = [], [], []

    def opened(width=1100, height=900, scheme="light", at=address):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == len(contexts)


@pytest.fixture(scope="session")
def trained(digits, _new_store) -> Callable[[Path, dict], tuple[Study, Store]]:
    """Folder and settings -> the study on real digits, trained in this process, and its store."""

    def run(folder: Path, asked: dict) -> tuple[Study, Store]:
        store = Store(str(folder / "mlruns"))
        store.folder.mkdir()
        shutil.copy(_new_store, store.folder / "mlflow.db")
        study = check_study({**asked, "data": str(digits), "tracking": store.address})
        prepared = prepare(study)
        for trial in prepared.plan.trials:
            run_trial(study, trial, prepared.run_id, store)
        return study, store

    return run


@pytest.fixture
def typed(monkeypatch, capsys):
    """A command line -> exit status, output, complaints."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["crossover", *map(str, words)])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run
