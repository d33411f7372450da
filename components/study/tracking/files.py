"""A study in a local store -> the files that tell whether anything of it, or beside it, has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from components.study.results import TrialResult
from components.study.tracking.relocate import ARTIFACTS
from components.study.tracking.store import Store
from components.study.tracking.trials import SCORES

LOG = "-wal"  # behind the database's name: what SQLite has not yet written into it


def files_behind(store: Store, trials: Iterable[TrialResult]) -> list[Path]:
    """A store and a study's trials -> its database, with all that was logged in it, and the trials' scores.

    Empty for a server's store, whose changes no file tells.
    """
    if (database := store.database) is None:
        return []
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    runs = [database.parent / ARTIFACTS / trial.run_id / "artifacts" for trial in trials]
    scores = [path for run in runs for path in (run, run / SCORES)]
    return [database, database.with_name(database.name + LOG), *scores]
