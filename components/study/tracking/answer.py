"""A tracking server that answers, before anything is asked of it: MLflow itself tries for four minutes."""

from __future__ import annotations

import time

import requests

from components.study.tracking.store import Store

PATIENCE_S = 10.0  # a server that is being started, or restarted
LOOK_S = 30.0  # for one that is busy: one that is not there says so at once
GATEWAY = (502, 503, 504)  # what stands before the server says that it is not there


def open_store(tracking: str = "") -> Store:
    """Address or folder of a store, as `Store` takes it -> the store, whose server answers.

    Raises ConnectionError if there is no answer within PATIENCE_S.
    """
    store = Store(tracking)
    until = time.monotonic() + PATIENCE_S
    while problem := unanswered(store):
        if time.monotonic() > until:
            raise ConnectionError(
                f"the MLflow store expected a tracking server at {store.shown}, got {problem}; start it, or "
                "name another store with --tracking or MLFLOW_TRACKING_URI."
            )
        time.sleep(0.5)
    return store


def unanswered(store: Store) -> str:
    """A store -> what its server says instead of an answer, in a few words; "" for one, or no server."""
    if not store.address.startswith("http"):
        return ""
    try:
        status = requests.get(f"{store.address.rstrip('/')}/health", timeout=LOOK_S).status_code
    except requests.exceptions.SSLError:  # whom to trust is MLflow's to know
        return ""
    except requests.exceptions.Timeout:
        return "no answer in time"
    except requests.exceptions.RequestException:
        return "no answer"
    return f"status {status}" if status in GATEWAY else ""
