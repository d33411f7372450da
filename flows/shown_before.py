"""What a finished study shows <-> a file beside the data: shown again while nothing behind it has changed.

Its answer comes from MLflow, whose import alone costs seconds. A text is only shown again if everything that
it was made from is the same: what was asked for, the data, every source file of this project, Python and the
libraries, the screen, the store's database, the scores and the page.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from components.study.dataset import Dataset
from components.study.fingerprint import digest, library_versions
from components.study.planned_before import plan_path
from components.study.sources import source_stamp
from components.study.study import Study

FOLDER = "shown"


class ShownBefore:
    """What a study on its data showed on such a screen.

    text: as it was written; "" if nothing was, or if anything behind it has changed since.
    """

    def __init__(self, study: Study, dataset: Dataset, screen: Console) -> None:
        self.plan = plan_path(study, dataset)
        self.path = _path(study, dataset, screen) if self.plan else None
        self.text = _read(self.path) if self._is_planned() else ""

    def _is_planned(self) -> bool:
        return self.plan is not None and self.plan.exists()

    def keep(self, text: str, files: Sequence[Path]) -> None:
        """Keep what was shown, and the files that it was made from."""
        if not self._is_planned():  # systems that read files of their own may change without a trace
            return
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        with suppress(OSError, UnicodeError):
            shown = json.dumps({"text": text, "files": _states(map(str, files))}, ensure_ascii=False)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(shown, encoding="utf-8")
            os.replace(unfinished, self.path)


def _read(path: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        shown = json.loads(path.read_text(encoding="utf-8"))
        if shown["files"] == _states(shown["files"]):
            return shown["text"]
    return ""


@contextmanager
def shown(aloud: bool = True) -> Iterator[io.StringIO]:
    """Inside, all that is written to standard output is in the text that this gives, and on it if aloud."""
    copy = io.StringIO()
    with redirect_stdout(_Copied(sys.stdout, copy, aloud)):
        yield copy


class _Copied:
    """A stream whose text goes into a copy, too, or there alone; all else is asked of the stream."""

    def __init__(self, stream: TextIO, copy: TextIO, aloud: bool) -> None:
        self.stream, self.copy, self.aloud = stream, copy, aloud

    def write(self, text: str) -> int:
        return self.stream.write(text) if self.copy.write(text) and self.aloud else len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _path(study: Study, dataset: Dataset, screen: Console) -> Path:
    place = [sys.argv[0], os.getcwd(), os.environ.get("MLFLOW_TRACKING_URI", "")]
    look = [screen.width, screen.is_terminal, screen.color_system, screen.encoding]
    code = [source_stamp(), sys.version, library_versions()]
    made_from = [study.recorded(), str(dataset.folder), dataset.fingerprint, *code, *place, *look]
    return dataset.folder / FOLDER / f"{digest(made_from)}.json"


def _states(files: Iterator[str] | Sequence[str]) -> dict[str, list[int]]:
    """Files -> size and time of change (ns) of each; both 0 for one that is missing or empty."""
    return {file: _state(Path(file)) for file in files}


def _state(file: Path) -> list[int]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return [0, 0]
    return [status.st_size, status.st_mtime_ns] if status.st_size else [0, 0]
