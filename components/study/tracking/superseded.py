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


AT_ONCE = 200  # ids in a filter


def mark_superseded(store: Store, record: StudyRecord) -> None:
    """A study's newest run -> ended trials under its name that are no results of it are tagged, no others.

    Of what was marked before only the trials of the record are read: in time, most trials of a name are.
    """
    used = {trial.run_id for trial in record.trials}
    own = f"tags.kind = 'trial' and tags.study = '{quoted(record.name)}'"
    current = {run.info.run_id: run for run in store.search(f"{own} and {CURRENT}")}
    for run_id, run in current.items():
        if run_id not in used and run.info.status in ENDED:
            store.client.set_tag(run_id, SUPERSEDED, record.run_id)
    others = sorted(used - current.keys())
    for some in (others[first : first + AT_ONCE] for first in range(0, len(others), AT_ONCE)):
        ids = ", ".join(f"'{run_id}'" for run_id in some)
        for run in store.search(f"{own} and tags.{SUPERSEDED} IS NOT NULL and attributes.run_id IN ({ids})"):
            store.client.delete_tag(run.info.run_id, SUPERSEDED)
