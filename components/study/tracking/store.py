"""Where runs are kept: SQLite and a folder beside it, or the tracking server that the environment names."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

# MLflow reads these when it is imported.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "4")  # half a minute: results are kept anyway
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

import mlflow
from filelock import FileLock, Timeout
from mlflow import MlflowClient
from mlflow.entities import LifecycleStage, Run, ViewType
from mlflow.exceptions import MlflowException

from components.cache import cache_folder
from components.study.address import URI, with_password, without_passwords
from components.study.fingerprint import digest
from components.study.tracking.relocate import ARTIFACTS, DATABASE, check_place

EXPERIMENT = "crossover"
CURVES = "crossover-curves"
PAGE = 1000
OURS = "crossover.experiment"  # the tag that says which of ours an experiment is, however it is called
KIND = {"mlflow.experimentKind": "custom_model_development"}  # else MLflow's page opens on chat traces


StoreFailed = MlflowException  # what a store raises that does not take or give what it is asked


@dataclass(frozen=True)
class Store:
    """An MLflow store by its address, folder or SQLite file; "": MLFLOW_TRACKING_URI, else ./mlruns."""

    uri: str = field(default="", repr=False)

    @cached_property
    def address(self) -> str:
        """The tracking address in full, password too; a folder's is that of the database in it."""
        asked = with_password(self.uri or os.environ.get(URI) or "mlruns")
        if asked.startswith("file:"):
            asked = unquote(urlparse(asked).path)
        elif "://" in asked or asked.partition(":")[0] in ("databricks", "databricks-uc", "sqlite"):
            return asked
        path = Path(asked).expanduser().resolve()
        if "?" in str(path):
            raise ValueError(
                "the MLflow store expected a folder without '?', where a database's address would end, "
                f"got {path}; name another with --tracking or MLFLOW_TRACKING_URI."
            )
        is_database = path.name == DATABASE or path.is_file()
        return f"sqlite:///{path if is_database else path / DATABASE}"

    @property
    def shown(self) -> str:
        """The address as it may be kept and shown."""
        return without_passwords(self.address)

    @cached_property
    def database(self) -> Path | None:
        """The file of a local store; None for a server."""
        local = self.address.startswith("sqlite:///")
        return Path(self.address.removeprefix("sqlite:///")) if local else None

    @cached_property
    def folder(self) -> Path | None:
        """The folder of a local store; None for a server."""
        return self.database.parent if self.database else None

    @cached_property
    def client(self) -> MlflowClient:
        """A client; the database is made first, by one process at a time.

        Raises ValueError for a local store that was moved.
        """
        _hush()
        mlflow.set_tracking_uri(self.address)
        if (database := self.database) is None:
            return MlflowClient(self.address)
        database.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(database.parent / "mlflow.lock"):
            _log_ahead(database)
            client = MlflowClient(self.address)
            client.search_experiments(max_results=1)
        check_place(database)
        return client

    def experiment(self, name: str = EXPERIMENT) -> str:
        """Experiment name -> its id, made if it is not there; looked for once."""
        if name not in self._ids:
            self._ids[name] = self._found_or_made(name)
        return self._ids[name]

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {}

    def _found_or_made(self, name: str) -> str:
        tags = {**KIND, OURS: name}
        if found := self._found(name):
            return found
        if self.folder is None:
            try:
                return self.client.create_experiment(name, tags=tags)
            except StoreFailed:
                if found := self._found(name):  # another machine made it just now
                    return found
                raise
        with FileLock(self.folder / "experiment.lock"):
            place = (self.folder / ARTIFACTS).as_uri()
            return self._found(name) or self.client.create_experiment(name, place, tags)

    def _found(self, name: str) -> str:
        """Id of the experiment of this name, or of ours that was renamed since; "" if there is none.

        Raises ValueError for one that was deleted.
        """
        found = self.client.get_experiment_by_name(name)
        if found is None:
            renamed = f"tags.`{OURS}` = '{name}'"
            found = next(iter(self.client.search_experiments(ViewType.ALL, filter_string=renamed)), None)
        if found is None:
            return ""
        if found.lifecycle_stage != LifecycleStage.ACTIVE:
            raise ValueError(
                f"the MLflow store at {self.shown} expected its experiment {found.name!r}, got a deleted "
                f"one; restore it: mlflow experiments restore --experiment-id {found.experiment_id}, with "
                "MLFLOW_TRACKING_URI set to that address; or name another store with --tracking."
            )
        if OURS not in found.tags:  # of an earlier version
            self.client.set_experiment_tag(found.experiment_id, OURS, name)
        return found.experiment_id

    @contextmanager
    def lock(self, name: str, wait: bool = True) -> Iterator[bool]:
        """Hold the lock of a name; True if it is ours, False if not waiting and another has it.

        Processes share the locks of a local store's folder; those of a server's are shared on one machine.
        """
        self.locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.locks / name)
        try:
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    @cached_property
    def locks(self) -> Path:
        """The folder of its locks."""
        return (self.folder or cache_folder() / "servers" / digest(self.shown)) / "locks"

    @cached_property
    def place(self) -> str:
        """Which locks these are: those of a local store, "", or of a machine, by an id that it keeps."""
        if self.folder:
            return ""
        path = self.locks / "place"
        with self.lock("place.lock"):
            if not path.exists():
                path.write_text(uuid.uuid4().hex)
            return path.read_text()

    def artifact(self, run_id: str, path: str) -> Any:
        """A run's JSON artifact, read; None if it has none of that name."""
        if all(item.path != path for item in self.client.list_artifacts(run_id)):
            return None
        return self.read(self.client.get_run(run_id), path)

    def read(self, run: Run, path: str) -> Any:
        """A run's JSON artifact, read."""
        with self.artifacts(f"{run.info.artifact_uri}/{path}") as file:
            return json.loads(file.read_text(encoding="utf-8"))

    @contextmanager
    def artifacts(self, uri: str) -> Iterator[Path]:
        """A file or folder of artifacts by its address -> where it can be read, until the reader has done."""
        if uri.startswith("file:"):
            yield Path(unquote(urlparse(uri).path))
            return
        mlflow.set_tracking_uri(self.address)  # in which models are looked up, whatever is said below
        with tempfile.TemporaryDirectory() as folder:
            yield Path(mlflow.artifacts.download_artifacts(uri, dst_path=folder, tracking_uri=self.address))

    def search(self, condition: str, experiment: str = EXPERIMENT) -> list[Run]:
        """MLflow filter -> every matching run of ours, newest first."""
        return self.pages(self.experiment(experiment), condition)

    def pages(self, experiment_id: str, condition: str) -> list[Run]:
        """Id of any experiment and an MLflow filter -> every matching run, newest first."""
        runs, token = [], None
        while True:
            page = self.client.search_runs([experiment_id], condition, max_results=PAGE, page_token=token)
            runs.extend(page)
            token = page.token
            if not token:
                return runs


def _log_ahead(database: Path) -> None:
    """Before its hundreds of tables are made: else each waits for the disk three times.

    Raises ValueError for a file that is no database.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # one that is locked, or may not be written
            raise
        raise ValueError(
            f"the MLflow store expected a folder or a database of MLflow, got {database}, which is neither; "
            "correct the address."
        ) from None


def _hush() -> None:
    """Keep MLflow's notes on models and database migrations off a newcomer's screen."""
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # an error is raised as well
    warnings.filterwarnings("ignore", module="mlflow")
