"""A store with thousands of finished trials in it: copies of one, written straight into its database."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from itertools import islice

from components.study.tracking import Store
from tests.commands import trial_runs

KEYED = {  # table -> the column that names the run
    "runs": "run_uuid",
    "params": "run_uuid",
    "metrics": "run_uuid",
    "latest_metrics": "run_uuid",
    "tags": "run_uuid",
}
AT_ONCE = 500


def fill(store: Store, runs: int) -> None:
    """Add copies of the store's newest finished trial, as another day's code would have left them.

    Each has a fingerprint of its own; five hundred are of one code.
    """
    model = trial_runs(store)[0].info.run_id
    names = iter([uuid.uuid4().hex for _ in range(runs)])
    with closing(sqlite3.connect(store.folder / "mlflow.db")) as database, database:
        while some := list(islice(names, AT_ONCE)):
            for table, column in KEYED.items():
                _copy(database, table, column, model, some)
            new = [(f"copy-{name}", name) for name in some]
            database.executemany("UPDATE tags SET value = ? WHERE key = 'fingerprint' AND run_uuid = ?", new)
            code = [(f"code-{some[0]}", name) for name in some]
            database.executemany("UPDATE tags SET value = ? WHERE key = 'code' AND run_uuid = ?", code)


def _copy(database: sqlite3.Connection, table: str, column: str, model: str, names: list[str]) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    place = columns.index(column)
    rows = database.execute(
        f"SELECT {', '.join(columns)} FROM {table} WHERE {column} = ?", (model,)
    ).fetchall()
    copies = [(*row[:place], name, *row[place + 1 :]) for name in names for row in rows]
    marks = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", copies)
