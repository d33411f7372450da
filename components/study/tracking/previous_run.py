"""A study run again: the run before it, and what is worse than it was there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from components.study.results import StudyRecord
from components.study.tracking.store import Store
from components.study.tracking.trials import LONGEST_PARAM

REGRESSED = "regressed.json"


def earlier_study(store: Store, record: StudyRecord, aside: Collection[str] = ()) -> str:
    """A study -> run id of the newest finished one before it of the same name and settings; "" without one.

    aside: names of settings that may differ, see `run_settings`. Those that only one of the two knows, being
    of another version, count as the same.
    """
    asked = {k: str(v)[:LONGEST_PARAM] for k, v in record.settings.items() if k not in aside}
    runs = store.search(f"tags.kind = 'study' and tags.study = '{record.name}' and status = 'FINISHED'")
    before = [
        run
        for run in runs
        if run.info.run_id != record.run_id
        and _created(run) < record.created
        and run.data.metrics.get("trials_finished")
        and all(run.data.params.get(key, value) == value for key, value in asked.items())
    ]
    return max(before, key=_created).info.run_id if before else ""


def _created(run: Any) -> str:
    return run.data.tags.get("created", "")  # studies of older versions have no such tag


def log_regressed(store: Store, study_run: str, rows: Sequence[dict[str, Any]]) -> None:
    """What is worse than in the run before, a dict a recogniser and size, becomes an artifact of the run."""
    store.client.log_dict(study_run, {"worse": list(rows)}, REGRESSED)


def read_regressed(store: Store, study_run: str) -> list[dict[str, Any]]:
    """Id of a study's run -> what was found worse in it than in the run before; none if nothing was."""
    return (store.artifact(study_run, REGRESSED) or {"worse": []})["worse"]
