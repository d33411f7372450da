"""Rows of named columns, as tables and JSON lines have them -> a listing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from components.speech.corpus.manifest import AudioSource, UnreadableSource
from components.speech.corpus.readers.cells import check_texts
from components.speech.corpus.readers.columns import (
    Row,
    find_columns,
    names_of,
    number_of,
    plain_name,
    text_of,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.parts import parse_part
from components.speech.corpus.readers.paths import audio_segment
from components.speech.corpus.readers.segments import (
    SEGMENT,
    are_cut,
    check_ends,
    seconds_of,
    unread_segments,
)
from components.speech.corpus.readers.votes import OUTVOTED, is_outvoted, vote_check, votes_of
from components.study.checks import CheckResult

LIKE_PARTS = re.compile(r"(?:^|_)(?:set|subset|fold|partition|train|test|dev|valid|validation|eval)(?:_|$)")
MOST_PARTS = 20
LONGEST_LABEL = 1000  # characters
LETTERED_CHANNELS = {"a": 0, "b": 1, "left": 0, "right": 1, "l": 0, "r": 1}


def rows_to_listing(rows: Sequence[Row], file: Path, part: str = "", lines: Sequence[int] = ()) -> Listing:
    """Rows by column -> a listing; relative paths start from the file's folder.

    Raises ValueError if the columns of paths or texts are missing, if segments have a start and no end, or
    for a part that is none.

    Parameters
    ----------
    rows
        Column -> value.
    file
        Where they are from.
    part
        Of rows that name none.
    lines
        The line of each row in the file.
    """
    lines = lines or range(1, len(rows) + 1)
    columns = find_columns(rows, file)
    check_ends(rows, columns, file)
    if texts := columns["text"]:
        check_texts(((line, row.get(texts)) for line, row in zip(lines, rows, strict=True)), texts, file)
    form = _Form(file, _counts_from_one(rows, columns["channel"]), are_cut(rows, columns))
    unread = _unread(rows, columns)
    recordings = [
        replace(_listed(_values(row, columns), form, part, line), labels=_labels(row, unread))
        for row, line in zip(rows, lines, strict=True)
    ]
    votes = votes_of(rows)
    recordings = [
        replace(one, source=UnreadableSource(OUTVOTED)) if is_outvoted(own) else one
        for one, own in zip(recordings, votes or [(0.0, 0.0)] * len(rows), strict=True)
    ]
    reading, checks = _reading(rows, columns, file)
    return Listing(recordings, reading, [*checks, *vote_check(votes)])


@dataclass(frozen=True)
class _Form:
    """What holds for all rows of a file: whether channels count from 1, and whether rows are segments."""

    file: Path
    one_based: bool
    cut: bool


def _values(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """A row -> its value for each field, milliseconds as seconds."""
    return {field: text_of(row, column) for field, column in columns.items()} | seconds_of(row, columns)


def _unread(rows: Sequence[Row], columns: Mapping[str, str]) -> list[str]:
    """Rows and the columns that are read -> names of the other ones."""
    used = set(columns.values())
    return [name for name in names_of(rows) if name not in used]


def _labels(row: Row, unread: Sequence[str]) -> dict[str, str]:
    """A row -> the words and numbers that it has in columns that are not read, by their plain names."""
    plain = [name for name in unread if isinstance(row.get(name), str | int | float)]
    texts = {plain_name(name): text_of(row, name) for name in plain}
    return {name: text for name, text in texts.items() if text and len(text) <= LONGEST_LABEL}


def _counts_from_one(rows: Sequence[Row], column: str) -> bool:
    """Whether channels are numbered from 1: none is 0."""
    numbers = [int(text) for row in rows if (text := _whole(text_of(row, column))).isdecimal()]
    return bool(numbers) and min(numbers) > 0


def _listed(values: Mapping[str, str], form: _Form, part: str, line: int) -> Listed:
    where = f"{form.file.name}, line {line}"
    path = values["path"]
    return Listed(
        source=_source(values, form) if path else UnreadableSource(f"no path ({where})"),
        text=values["text"],
        path=_named(values) or where,
        where=where,
        name=values["name"],
        speakers=(values["speaker"],) if values["speaker"] else (),
        part=parse_part(values["part"], f"{form.file}, line {line}") or part,
        language=values["language"],
        tags={field: values[field] for field in ("gender", "accent") if values[field]},
    )


def _named(values: Mapping[str, str]) -> str:
    """A row's values -> its path, with whatever makes a segment or a channel of it."""
    start, end, seconds = (values[field] if number_of(values[field]) else "" for field in SEGMENT)
    name = values["path"]
    if name and (start or end):
        name += f"@{start or 0}" + (f"-{end}" if end else f"+{seconds}" if seconds else "")
    return f"{name}#{values['channel']}" if name and values["channel"] else name


def is_table(file: Path) -> bool:
    """Whether a file is a table, and not JSON, by its ending, compressed or not."""
    return not file.name.lower().removesuffix(".gz").endswith((".json", ".jsonl", ".ndjson", ".list", ".lst"))


def _source(values: Mapping[str, str], form: _Form) -> AudioSource:
    """A row's values -> its recording, or a segment of it."""
    given = {field: values[field] for field in SEGMENT}
    numbers = {field: number_of(text) for field, text in given.items()}
    if any(given[field] and numbers[field] is None for field in given):
        shown = ", ".join(f"{field} {text!r}" for field, text in given.items() if text)
        return UnreadableSource(f"its segment is not in seconds: {shown}")
    channel = _channel(values["channel"], form.one_based)
    if values["channel"] and channel is None:
        return UnreadableSource(f"channel {values['channel']!r} expected a number, A or B, left or right")
    start, end, seconds = numbers["start"], numbers["end"], numbers["seconds"]
    if end is not None:
        seconds = end - (start or 0.0)
    elif not given["start"] and is_table(form.file):
        # without an offset a table's duration is often in other units or rounded; NeMo's means the segment
        seconds = None
    if seconds is None and (start or (given["start"] and form.cut)):
        return UnreadableSource("a start without an end or a duration")
    return audio_segment(values["path"], form.file.parent, start or 0.0, seconds, channel)


def _whole(text: str) -> str:
    """A number as text -> without the ".0" that pandas gives whole numbers in a column with gaps."""
    return text.removesuffix(".0")


def _channel(text: str, one_based: bool) -> int | None:
    if _whole(text).isdecimal():
        return int(_whole(text)) - one_based
    return LETTERED_CHANNELS.get(text.lower())


def _reading(
    rows: Sequence[Row], columns: Mapping[str, str], file: Path
) -> tuple[dict[str, str], list[CheckResult]]:
    """Rows and their columns -> what was read and what was not, and what is worth knowing of the latter."""
    used = {field: column for field, column in columns.items() if column}
    unread = _unread(rows, columns)
    read = ", ".join(
        column if field == plain_name(column) else f"{column} ({field})" for field, column in used.items()
    )
    reading = {"columns read": read} | ({"columns not read": ", ".join(unread)} if unread else {})
    return reading, [
        *_no_speaker_check(rows, columns, unread),
        *unread_segments(rows, columns, unread, file),
        *_unread_split_check(rows, columns, unread),
        *_label_check(rows, columns),
    ]


def _no_speaker_check(
    rows: Sequence[Row], columns: Mapping[str, str], unread: Sequence[str]
) -> list[CheckResult]:
    if not rows or columns["speaker"] or not unread:
        return []
    message = (
        f"No column is known to name speakers; not read: {', '.join(unread)}. If one of them does, call it "
        "speaker."
    )
    return [CheckResult("no-speaker-column", "look", message)]


def _label_check(rows: Sequence[Row], columns: Mapping[str, str]) -> list[CheckResult]:
    """A result if what is said is read from a column of labels, which may be classes of other things."""
    if plain_name(columns["text"]) != "label":
        return []
    some = tuple(dict.fromkeys(text_of(row, columns["text"]) for row in rows))[:5]
    message = (
        f"What is said was read from the column {columns['text']!r}; if it holds classes of something else, "
        "such as "
        "moods, add a column text."
    )
    return [CheckResult("labels-as-texts", "look", message, some)]


def _unread_split_check(
    rows: Sequence[Row], columns: Mapping[str, str], unread: Sequence[str]
) -> list[CheckResult]:
    """A result if a column that was not read has the name of a split, and a few values."""
    if columns["part"]:
        return []
    values = {
        name: {text_of(row, name) for row in rows} for name in unread if LIKE_PARTS.search(plain_name(name))
    }
    some = {name: sorted(found) for name, found in values.items() if 1 < len(found) <= MOST_PARTS}
    if not some:
        return []
    shown = "; ".join(f"{name}: {', '.join(found)}" for name, found in some.items())
    message = (
        f"Columns look like a split and were not read ({shown}): the corpus is split anew. To use one, call "
        "it "
        "part and its values train, dev and test."
    )
    return [CheckResult("split-not-read", "look", message)]
