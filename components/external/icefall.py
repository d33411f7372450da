"""icefall's recogs-*.txt: reference and hypothesis of an utterance on two lines -> rows."""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path

from components.external.rows import Row
from components.speech.corpus.readers.encoding import read_text, split_lines

LINE = re.compile(r"(?P<id>\S+):\t(?P<side>ref|hyp)=(?P<words>.*)")
SIDES = {"ref": "reference", "hyp": "hypothesis"}


def read_recogs(file: Path) -> list[Row]:
    """A file whose lines are ID:<tab>ref=['a', 'b'] and ID:<tab>hyp=... -> rows; none for another file.

    Raises ValueError for a line of another form behind such ones, and for a second text of one side.
    """
    rows: dict[str, Row] = {}
    for number, line in enumerate(split_lines(read_text(file)), start=1):
        where, found = f"{file}, line {number}", LINE.fullmatch(line.rstrip())
        if not found and line.strip():
            if rows:
                raise _error(where, line)
            return []
        if found:
            row, column = rows.get(found["id"], Row({"id": found["id"]}, where)), SIDES[found["side"]]
            if column in row.values:
                raise _error(where, line)
            rows[found["id"]] = row.more({column: " ".join(_words(found["words"], where))})
    return list(rows.values())


def _words(written: str, where: str) -> list[str]:
    """A list of Python's, or plain words -> the words."""
    if not written.startswith("["):
        return written.split()
    try:
        return list(map(str, literal_eval(written)))
    except (ValueError, SyntaxError):
        raise _error(where, written) from None


def _error(where: str, line: str) -> ValueError:
    return ValueError(
        f"{where}: expected ref= and hyp= of each id once, as icefall writes them, got "
        f"{line.strip()[:60]!r}; mend it."
    )
