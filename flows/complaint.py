"""What went wrong outside this project, in a sentence with the way out."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator

from components.study.address import without_passwords

AGAIN = "finished trials are kept, and the same command goes on from there."
FULL = "the disk is full: {what}; free some space, or put the store elsewhere with --tracking and the cache "
FULL += f"with CROSSOVER_CACHE; {AGAIN}"
MOST = 300  # characters of another library's text
FULL_TEXTS = ("No space left on device", "database or disk is full", "Disk quota exceeded", "File too large")
FULL_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DRIVERS = {"psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient", "pymysql": "pymysql", "pyodbc": "pyodbc"}


ABOUT = {
    "mlflow": f"the MLflow store failed: {{what}}; see that it is there and takes what is written; {AGAIN}",
    "sqlalchemy": f"the MLflow store's database failed: {{what}}; see that it is there; {AGAIN}",
    "requests": f"the MLflow store does not answer: {{what}}; see that it is there; {AGAIN}",
    "httpx": f"the Prefect server does not answer: {{what}}; start it, or unset PREFECT_API_URL; {AGAIN}",
    "prefect": f"Prefect failed: {{what}}; {AGAIN}",
    "distributed": f"the Dask scheduler failed: {{what}}; see that it and its workers are there; {AGAIN}",
}


def complaint(error: BaseException) -> str:
    """An error -> the sentence that its user is told; "" for one that is a mistake of this project's."""
    causes = list(_causes(error))
    lines = filter(None, (*map(_full, causes), *map(_said, causes)))
    return without_passwords(next(lines, ""))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that it came from, the last one first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _full(error: BaseException) -> str:
    text = " ".join(str(error).split())
    full = getattr(error, "errno", None) in FULL_CODES or any(words in text for words in FULL_TEXTS)
    return FULL.format(what=text[:MOST]) if full else ""


def _said(error: BaseException) -> str:
    module = type(error).__module__.partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and error.name in DRIVERS:
        way_out = f"install it: pip install {DRIVERS[error.name]}"
        return f"the MLflow store expected the database driver {error.name}, got none; {way_out}."
    if module in ABOUT:
        return ABOUT[module].format(what=" ".join(str(error).split())[:MOST] or type(error).__name__)
    if isinstance(error, NameError | ModuleNotFoundError):
        way_out = "import it there" if isinstance(error, NameError) else "install it"
        return f"{_place(error)}{error}; {way_out}, or correct it."
    return str(error) if isinstance(error, ValueError | RuntimeError | OSError) else ""


def _place(error: BaseException) -> str:
    """An error -> the file and line that raised it, not those of Python's own import."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename[0] != "<"]
    return f"{steps[-1].filename}, line {steps[-1].lineno}: " if steps else ""
