"""What recording a trial imports on its way, imported ahead."""

from __future__ import annotations

import importlib
from contextlib import suppress
from functools import cache

MODULES = (
    "mlflow.pyfunc",
    "mlflow.store.artifact.local_artifact_repo",
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.tracing.processor.base_mlflow",
)


def preload() -> None:
    """Import all of MLflow that a trial needs, so that processes forked from this one need not."""
    for name in MODULES:
        with suppress(ImportError):
            importlib.import_module(name)
    with suppress(ImportError):  # MLflow reads what every installed package has in it, once in each process
        from mlflow.utils.requirements_utils import warn_dependency_requirement_mismatches

        warn_dependency_requirement_mismatches(["mlflow"])
    _know_schema()
    from sqlalchemy.orm import configure_mappers

    configure_mappers()  # of MLflow's tables


def _know_schema() -> None:
    """Read which version of its tables MLflow expects, from a file for each version, once and for all."""
    from mlflow.store.db import utils

    if read := getattr(utils, "_get_latest_schema_revision", None):
        utils._get_latest_schema_revision = cache(read)
        utils._get_latest_schema_revision()
