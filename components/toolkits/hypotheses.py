"""What a recipe's transcribe wrote -> the text of every clip, by its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from components.contract import Clip
from components.external.columns import column_of
from components.external.rows import Row
from components.external.sources import is_table, read_table
from components.external.transcripts import texts_by_id

SHOWN = 3  # ids in an error


def read_hypotheses(what: str, file: Path, ids: Sequence[str], clips: Sequence[Clip]) -> list[str]:
    """A file, the ids that it should have, and their clips -> the texts, in order of the ids.

    what: names the recipe in errors. Raises ValueError, naming them, for clips without a hypothesis and for
    ids of no clip; an empty text is a hypothesis.
    """
    if not file.is_file():
        raise ValueError(f"{what} expected the file {{hypotheses}}, got none; let transcribe write it.")
    rows = _rows(file)
    texts = dict(rows)
    missing = [f"{name} ({clip.name})" for name, clip in zip(ids, clips, strict=True) if name not in texts]
    surplus = sorted(texts.keys() - {*ids})
    if missing or surplus:
        raise ValueError(
            f"{what} expected one hypothesis for each of {len(ids)} clips, got {_some(missing, 'none for')}"
            f"{' and ' if missing and surplus else ''}{_some(surplus, 'ids of no clip:')}; let transcribe "
            "write a line for every id of {test}, and no other."
        )
    if len(texts) < len(rows):
        twice = next(name for name, times in Counter(name for name, _ in rows).items() if times > 1)
        raise ValueError(f"{what} expected every id once in {file.name}, got {twice} again; take one out.")
    return [texts[name] for name in ids]


def _some(names: Sequence[str], what: str) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{what} {', '.join(names[:SHOWN])}{more}" if names else ""


def _rows(file: Path) -> list[tuple[str, str]]:
    """Ids and texts of a table (CSV, TSV, JSON Lines, Parquet), sclite's .trn, or Kaldi's text."""
    if not is_table(file):
        return [(row.text("id"), row.text("hypothesis")) for row in texts_by_id(file, "hypothesis")]
    rows = read_table(file)
    name = column_of("id", rows)
    text = column_of("hypothesis", rows) or column_of("reference", rows)  # where there is one text alone
    if rows and not (name and text):
        raise ValueError(f"{file.name} expected columns id and hypothesis, got others; name them so.")
    return [(_id(row, name), row.text(text)) for row in rows]


def _id(row: Row, column: str) -> str:
    """The id in a row, or that of the WAV file whose path stands there, as NeMo writes it."""
    value = row.text(column)
    return Path(value).stem if value.endswith(".wav") else value
