"""A local store in another folder than it was made in: MLflow keeps whole paths, so they are written anew."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlparse

DATABASE = "mlflow.db"
ARTIFACTS = "artifacts"
COLUMNS = {"experiments": "artifact_location", "runs": "artifact_uri", "logged_models": "artifact_location"}


def relocate(folder: Path) -> int:
    """Folder of a local store -> its artifacts are found there from now on; returns how many paths changed.

    Raises ValueError if there is no store, or none of its artifacts.
    """
    if not (folder / DATABASE).is_file():
        raise ValueError(
            f"{folder} expected an MLflow store ({DATABASE}), got none; name its folder's address."
        )
    old, new = made_in(folder / DATABASE), (folder / ARTIFACTS).as_uri()
    if old in ("", new):
        return 0
    if not (folder / ARTIFACTS).is_dir():
        raise ValueError(
            f"{folder} expected its artifacts beside {DATABASE}, got none; move them there as well."
        )
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        return sum(_renamed(database, table, column, old, new) for table, column in COLUMNS.items())


def check_place(database: Path) -> None:
    """Raises ValueError if a local store was made elsewhere, and moved or copied here since."""
    old, folder = made_in(database), database.parent
    if not old or _same(_path(old), folder / ARTIFACTS):
        return
    there, how = ("another store's", "copied") if _path(old).exists() else ("nothing", "moved")
    raise ValueError(
        f"the store in {folder} expected its artifacts in {_path(old)}, where it was made, got {there} "
        f"there; if you {how} it, run `crossover relocate --tracking {shlex.quote(str(folder))}`."
    )


def made_in(database: Path) -> str:
    """Database of a local store -> where it keeps artifacts, as it recorded; "" if nothing was yet."""
    with closing(sqlite3.connect(database)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'experiments'").fetchone():
            return ""
        rows = connection.execute("SELECT artifact_location FROM experiments WHERE name LIKE 'crossover%'")
        return next((place for (place,) in rows), "")


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are of one folder, by whatever names; of a folder yet to be made, by name."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))


def _path(uri: str) -> Path:
    return Path(unquote(urlparse(uri).path))


def _renamed(database: sqlite3.Connection, table: str, column: str, old: str, new: str) -> int:
    """Change the beginning of every path in a column that lies in the old place."""
    changed = f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?"
    return database.execute(changed, (new, len(old) + 1, len(old), old)).rowcount
