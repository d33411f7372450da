"""Trained systems <-> MLflow models: no pickle, loadable by MLflow alone or by this project."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow

from components.contract import KeepsOutput
from components.migrate import migrated_skops
from components.study.saving import FILE, files_of, load, save
from components.study.subject import Serving
from components.study.tracking.store import Store
from components.study.tracking.trials import TRUST_TAG
from components.study.trust import untrusted_types

NAME = "recogniser"  # of the model and of its folder of files, whatever the system is
ABOUT = "about.json"
OUTPUT = "output.txt"  # what was printed while it was trained


def log_system(
    store: Store,
    run_id: str,
    system: Any,
    example: Any = None,
    serving: Serving | None = None,
    outputs: Mapping[str, str] | None = None,
) -> int:
    """Trained system, or the folder where it was saved -> a model of the run; returns its bytes.

    serving: how it is served, with the signature and the example's columns; without it, its files are logged.
    outputs: columns of its answers and their types, where they are known: a folder cannot be asked for them.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / NAME
        if isinstance(system, KeepsOutput) and system.output_:
            store.client.log_text(run_id, system.output_, OUTPUT)
        files = _files(system, kept)
        _tag_untrusted(store, run_id, kept)
        about = serving.about(example) if serving else {}
        (kept / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        if serving:
            _log_model(store, run_id, kept, example, serving, outputs or serving.outputs(system, example))
        else:
            store.client.log_artifacts(run_id, str(kept), NAME)
        return sum(file.stat().st_size for file in files)


def _files(system: Any, folder: Path) -> list[Path]:
    """A trained system, or the folder where it was saved -> its files in another folder."""
    if not isinstance(system, Path):
        return save(system, folder)
    shutil.copytree(system, folder)
    return files_of(folder / FILE)


def _tag_untrusted(store: Store, run_id: str, folder: Path) -> None:
    """What a saved system holds that is to be trusted before it is loaded is a tag of its run."""
    if names := untrusted_types(migrated_skops(folder / FILE)):
        store.client.set_tag(run_id, TRUST_TAG, ",".join(names))


def _log_model(
    store: Store, run_id: str, folder: Path, example: Any, serving: Serving, answers: Mapping[str, str]
) -> None:
    import mlflow.pyfunc  # seconds, which only recording a model should cost
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs, outputs = (
        Schema([ColSpec(kind, name) for name, kind in columns.items()])
        for columns in (serving.inputs, answers)
    )
    mlflow.set_tracking_uri(store.address)
    mlflow.start_run(run_id=run_id)
    try:
        mlflow.pyfunc.log_model(
            name=NAME,
            python_model=str(serving.script),
            artifacts={NAME: str(folder)},
            pip_requirements=[f"crossover=={version('crossover')}"],
            signature=ModelSignature(inputs=inputs, outputs=outputs),
            input_example=serving.example(example),
        )
    finally:
        mlflow.end_run("RUNNING")  # its trial is finished once all of it is recorded


def load_system(store: Store, run_id: str, trusted: Sequence[str] = ()) -> tuple[Any, dict[str, Any]]:
    """Id of a trial's run -> its trained system, and what was kept about it.

    Raises ValueError if the run is unknown or kept no system.
    """
    address, below = _address(store, run_id)
    with store.artifacts(address) as kept:
        return load(kept / below, trusted), read_about(kept / below)


def fetch_system(store: Store, run_id: str, folder: Path) -> Path:
    """Id of a trial's run -> the folder, with the files of its trained system; they are there whole or not.

    Raises ValueError as load_system does.
    """
    if folder.exists():
        return folder
    address, below = _address(store, run_id)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with store.artifacts(address) as kept, tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        shutil.copytree(kept / below, Path(unfinished) / NAME)
        with suppress(FileExistsError, OSError):  # another process was as far
            (Path(unfinished) / NAME).rename(folder)
    return folder


def _address(store: Store, run_id: str) -> tuple[str, str]:
    """Id of a trial's run -> where its artifacts are, and the folder of its system below."""
    try:
        run = store.client.get_run(run_id)
    except mlflow.exceptions.MlflowException:
        run = None
    if run is not None and run.outputs is not None and run.outputs.model_outputs:
        return f"models:/{run.outputs.model_outputs[0].model_id}", f"artifacts/{NAME}"
    if run is not None and any(item.path == NAME for item in store.client.list_artifacts(run_id)):
        return f"{run.info.artifact_uri}/{NAME}", ""
    raise ValueError(
        f"run {run_id!r} expected a trained system in {store.shown}, got none; "
        "copy the id of a finished trial from the report's table or the MLflow page."
    )


def read_about(folder: Path) -> dict[str, Any]:
    """Folder of a kept system -> what was kept about it."""
    return json.loads((folder / ABOUT).read_text(encoding="utf-8"))
