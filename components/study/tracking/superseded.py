"""Superseded trials: of a study that was run again with other settings, sizes or code; marked as such.

They stay in the store, for they may be asked for again; then the mark goes.
"""

from __future__ import annotations

from components.study.results import StudyRecord
from components.study.tracking.store import Store
from components.study.tracking.trials import quoted

SUPERSEDED = "superseded_by"  # names the tag: id of the study's run that does without the trial
CURRENT = f"tags.{SUPERSEDED} IS NULL"  # filter of all that is not superseded
ENDED = ("FINISHED", "FAILED", "KILLED")


def mark_superseded(store: Store, record: StudyRecord) -> None:
    """A study's newest run -> ended trials under its name that are no results of it are tagged, no others."""
    used = {trial.run_id for trial in record.trials}
    for run in store.search(f"tags.kind = 'trial' and tags.study = '{quoted(record.name)}'"):
        marked = SUPERSEDED in run.data.tags
        if run.info.run_id in used and marked:
            store.client.delete_tag(run.info.run_id, SUPERSEDED)
        elif run.info.run_id not in used and not marked and run.info.status in ENDED:
            store.client.set_tag(run.info.run_id, SUPERSEDED, record.run_id)
