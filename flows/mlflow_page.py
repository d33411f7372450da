"""MLflow's page over the recorded trials: its addresses, and the server behind it."""

from __future__ import annotations

import os
import sys
from urllib.parse import quote

from components.study.tracking import CURRENT, Store
from components.study.tracking.store import CURVES

QUIET = {"PYTHONWARNINGS": "ignore", "MLFLOW_LOGGING_LEVEL": "ERROR"}


def addresses(store: Store, root: str) -> dict[str, str]:
    """Store and the page's root -> what can be looked at, and where; trials of earlier runs are left out."""
    return {
        "Trials and studies": f"{root}/#/experiments/{store.experiment()}/runs?workflowType=machine_learning"
        f"&searchFilter={quote(CURRENT)}",
        "Learning curves": f"{root}/#/experiments/{store.experiment(CURVES)}/runs"
        "?workflowType=machine_learning&compareRunsMode=CHART",
    }


def become_server(store: Store, host: str, port: int) -> None:
    """Replace this process by MLflow's server over a local store; it listens until stopped."""
    options = {
        "--host": host,
        "--port": str(port),
        "--workers": "1",
        "--backend-store-uri": store.address,
        "--registry-store-uri": store.address,
        "--uvicorn-opts": "--log-level error",
    }
    command = [sys.executable, "-m", "mlflow", "server", *(word for pair in options.items() for word in pair)]
    sys.stdout.flush()
    os.execve(sys.executable, command, {**os.environ, **QUIET})
