"""Where the real recordings are, for every test that listens to people."""

import os
import shutil
from pathlib import Path

import pytest
import torch

from components.study.tracking import Store

torch.set_num_threads(1)  # as in a trial

BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items):
    """Benchmarks make figures, not verdicts: they run only when asked for with -m benchmark."""
    for item in items:
        if "benchmark" in item.keywords and "benchmark" not in (item.config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="a benchmark: run it with -m benchmark"))


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder with fsdd/ and speech_commands/, from CROSSOVER_DATA or beside the project."""
    folder = Path(os.environ.get("CROSSOVER_DATA", BESIDE_THE_PROJECT))
    if not (folder / "fsdd").is_dir():
        pytest.skip(
            f"NO REAL RECORDINGS in {folder}: set CROSSOVER_DATA to the folder of fsdd/ and speech_commands/"
        )
    return folder


@pytest.fixture(scope="session")
def _new_store(tmp_path_factory) -> Path:
    """An MLflow database with nothing in it: making one takes seconds, copying one none."""
    folder = tmp_path_factory.mktemp("store")
    _ = Store(f"sqlite:///{folder}/mlflow.db").client
    return folder / "mlflow.db"


@pytest.fixture
def store(tmp_path, _new_store) -> Store:
    """An empty store of the test's own."""
    (tmp_path / "mlruns").mkdir()
    shutil.copy(_new_store, tmp_path / "mlruns" / "mlflow.db")
    return Store(f"sqlite:///{tmp_path}/mlruns/mlflow.db")
