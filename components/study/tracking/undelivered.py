"""Results that the store did not take, kept on this machine's disk until it does: none is computed twice."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from components.cache import cache_folder
from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.saving import save
from components.study.subject import Serving
from components.study.tracking.models import log_system
from components.study.tracking.store import Store
from components.study.tracking.trials import end_trial, finished_trial, log_trial, open_trial

FOLDER, RESULT, SCORES, SYSTEM = "undelivered", "result.json", "scores.json", "system"


@dataclass(frozen=True)
class Result:
    """A finished trial, as `log_trial` takes it.

    example: id of one example of its test side. outputs: columns of the system's answers and their types, as
    of Serving; {} where it is not served.
    """

    study_run: str
    tags: Mapping[str, Any]
    params: Mapping[str, Any]
    metrics: Mapping[str, float]
    scores: pd.DataFrame
    dataset: Mapping[str, Any]
    started: float
    curves: Mapping[str, Sequence[tuple[int, float]]]
    example: str
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The trial's."""
        return self.tags["fingerprint"]


def record(
    store: Store, result: Result, system: Any, example: Any, serving: Serving | None, run_id: str = ""
) -> str:
    """A result and its trained system -> id of its run, which is finished once all is logged.

    run_id: its run, where it was opened before.
    """
    run_id = run_id or open_trial(store, result.study_run, result.tags, result.started)
    size = log_system(store, run_id, system, example, serving, result.outputs)
    metrics = {**result.metrics, "model_bytes": size}
    logged = (result.params, metrics, result.scores, result.dataset, result.started, result.curves)
    log_trial(store, result.study_run, result.tags, *logged, run_id)
    end_trial(store, run_id)
    return run_id


@contextmanager
def kept_until_recorded(store: Store, result: Result, system: Any) -> Iterator[None]:
    """Inside, a result is recorded: whatever happens to it there, it is kept and can be delivered later.

    A server may be gone at any moment, so that its results are kept before; a folder's are if it fails.
    """
    if store.folder is None:
        _keep(store, result, system)
    try:
        yield
    except Exception:
        if store.folder is not None:
            with suppress(OSError):  # the disk is full: then for this one, too
                _keep(store, result, system)
        raise
    shutil.rmtree(_place(store, result.fingerprint), ignore_errors=True)


def is_kept(store: Store, fingerprint: str) -> bool:
    """Whether a trial's result is on this machine, and not yet in the store."""
    return _place(store, fingerprint).is_dir()


def kept_results(store: Store, dataset_fingerprint: str) -> list[Path]:
    """A store and fingerprint of a dataset -> folders of results that the store has yet to take."""
    folders = [path.parent for path in sorted(_place(store).glob(f"*/{RESULT}")) if path.parent.suffix == ""]
    return [one for one in folders if _read(one).tags["dataset_fingerprint"] == dataset_fingerprint]


def waiting() -> list[Path]:
    """Folders of results on this machine that any store has yet to take."""
    return [path.parent for path in sorted((cache_folder() / FOLDER).glob(f"*/*/{RESULT}"))]


def deliver(store: Store, dataset: Dataset, serving: Serving | None) -> int:
    """A store and the dataset of its results -> how many kept ones it took now."""
    taken = 0
    for folder in kept_results(store, dataset.fingerprint):
        with FileLock(folder.with_suffix(".lock")):
            taken += _delivered(store, folder, dataset, serving) if folder.is_dir() else 0
        folder.with_suffix(".lock").unlink(missing_ok=True)
    return taken


def _delivered(store: Store, folder: Path, dataset: Dataset, serving: Serving | None) -> int:
    result = _read(folder)
    new = not finished_trial(store, result.fingerprint)
    if new:
        example = dataset.examples[dataset.ids.index(result.example)]
        record(store, result, folder / SYSTEM, example, serving)
    shutil.rmtree(folder)
    return int(new)


def _place(store: Store, fingerprint: str = "") -> Path:
    return cache_folder() / FOLDER / digest(store.shown) / fingerprint


def _keep(store: Store, result: Result, system: Any) -> None:
    place = _place(store, result.fingerprint)
    unfinished = place.with_suffix(f".{os.getpid()}")
    try:
        (unfinished / SYSTEM).mkdir(parents=True)
        save(system, unfinished / SYSTEM)
        result.scores.to_json(unfinished / SCORES, orient="table", index=False)
        plain = {name: value for name, value in vars(result).items() if name != "scores"}
        (unfinished / RESULT).write_text(json.dumps(plain, default=_plain), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        os.replace(unfinished, place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def _read(folder: Path) -> Result:
    plain = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    scores = pd.read_json(StringIO((folder / SCORES).read_text(encoding="utf-8")), orient="table")
    return Result(**plain, scores=scores)
