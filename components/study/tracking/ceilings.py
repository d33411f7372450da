"""Ceiling analyses <-> one JSON artifact of the study's parent run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.study.tracking.store import Store

CEILINGS = "ceiling.json"


def log_ceilings(store: Store, study_run: str, trials: Sequence[dict[str, Any]]) -> None:
    """Analysed trials, one dict each, become an artifact of their study's run, in place of an earlier one."""
    store.client.log_dict(study_run, {"trials": list(trials)}, CEILINGS)


def read_ceilings(store: Store, study_run: str) -> list[dict[str, Any]]:
    """Id of a study's run -> its analysed trials; none if it was never analysed."""
    return (store.artifact(study_run, CEILINGS) or {"trials": []})["trials"]
