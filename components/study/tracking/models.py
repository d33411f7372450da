"""Trained recognisers <-> MLflow models: no pickle, loadable by MLflow alone or by this project."""

from __future__ import annotations

import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
import mlflow.pyfunc
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from components.contract import Clip
from components.study.saving import load, save
from components.study.tracking.sounds import sound_bytes
from components.study.tracking.store import Store

SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec("binary", "audio")]), outputs=Schema([ColSpec("string", "transcript")])
)
NAME = "recogniser"
ABOUT = "about.json"


def log_recogniser(store: Store, run_id: str, recogniser: Any, example: Clip) -> int:
    """Trained recogniser -> a model of the run, with signature and example clip; returns its bytes."""
    mlflow.set_tracking_uri(store.address)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / NAME
        files = save(recogniser, kept)
        (kept / ABOUT).write_text(json.dumps({"rate": example.rate}))
        with mlflow.start_run(run_id=run_id):
            mlflow.pyfunc.log_model(
                name=NAME,
                python_model=str(Path(__file__).parents[2] / "speech" / "served.py"),
                artifacts={NAME: str(kept)},
                pip_requirements=[f"crossover=={version('crossover')}"],
                signature=SIGNATURE,
                input_example=pd.DataFrame({"audio": [sound_bytes(example, "WAV")]}),
            )
        return sum(file.stat().st_size for file in files)


def load_recogniser(store: Store, run_id: str, trusted: tuple[str, ...] = ()) -> tuple[Any, int]:
    """Id of a trial's run -> its trained recogniser and the sample rate it hears, Hz.

    Raises ValueError if the run is unknown or kept no recogniser.
    """
    try:
        outputs = store.client.get_run(run_id).outputs
    except mlflow.exceptions.MlflowException:
        outputs = None
    if outputs is None or not outputs.model_outputs:
        raise ValueError(
            f"run {run_id!r} expected a trained recogniser in {store.address}, got none; "
            "copy the id of a finished trial from the report's table or the MLflow page."
        )
    model = outputs.model_outputs[0].model_id
    with store.artifacts(f"models:/{model}") as kept:
        folder = kept / "artifacts" / NAME
        return load(folder, trusted), read_rate(folder)


def read_rate(folder: Path) -> int:
    """Folder of a kept recogniser -> the sample rate that it hears, Hz."""
    return int(json.loads((folder / ABOUT).read_text())["rate"])
