"""Rows of named columns, as tables and JSON lines have them -> a listing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from components.speech.corpus.manifest import AudioSource, UnreadableSource
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.parts import find_part, parse_part
from components.speech.corpus.readers.paths import audio_segment, resolve_path
from components.study.checks import CheckResult

COLUMNS = {  # field -> names that its column may have, the first that is there counts
    "path": (
        *("path", "audio_filepath", "audio_path", "audio_file", "audio", "file", "filename", "file_name"),
        *("file_path", "filepath", "wav", "wav_path", "wav_filename", "wav_file", "recording"),
    ),
    "text": (
        *("text", "sentence", "transcript", "transcription", "normalized_text", "normalised_text"),
        *("tgt_text", "target_text", "wrd", "words", "word", "label", "command", "phrase", "utterance_text"),
        *("raw_text", "raw_transcription", "orthography"),
    ),
    "speaker": (
        *("speaker", "client_id", "speaker_id", "speakerid", "spk", "spk_id", "spkid", "speaker_name"),
        *("user_id", "userid", "user", "reader", "reader_id", "talker", "participant", "participant_id"),
    ),
    "name": ("name", "id", "utt_id", "uttid", "utterance_id", "utterance", "utt", "uid", "key"),
    "part": ("part", "split", "subset", "partition", "set", "fold"),
    "start": ("offset", "start", "start_time", "begin", "begin_time", "start_sec", "start_seconds"),
    "end": ("end", "stop", "end_time", "stop_time", "end_sec", "end_seconds"),
    "seconds": ("duration", "seconds", "dur", "length", "duration_seconds"),
    "start_ms": ("start_ms", "begin_ms", "offset_ms", "start_time_ms", "start_milliseconds"),
    "end_ms": ("end_ms", "stop_ms", "end_time_ms", "end_milliseconds"),
    "milliseconds": ("duration_ms", "length_ms", "milliseconds"),
    "channel": ("channel", "channel_id"),
    "language": ("language", "locale", "lang", "lang_id", "language_id"),
    "gender": ("gender", "sex"),
    "accent": ("accent", "accents"),
}
REQUIRED = ("path", "text")
MILLISECONDS = {"start": "start_ms", "end": "end_ms", "seconds": "milliseconds"}
LIKE_SEGMENTS = re.compile(r"(?:^|_)(?:start|begin|onset|offset|end|stop|from|until)(?:_|$)")
SEGMENT = ("start", "end", "seconds")
SURE_OF_PARTS = ("part", "split")  # the other names are used for other things, too
LETTERED_CHANNELS = {"a": 0, "b": 1, "left": 0, "right": 1, "l": 0, "r": 1}
Row = Mapping[str, object]


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
    one_based = _counts_from_one(rows, columns["channel"])
    recordings = [
        _listed(_values(row, columns), file, part, line, one_based)
        for row, line in zip(rows, lines, strict=True)
    ]
    return Listing(recordings, *_reading(rows, columns))


def find_columns(rows: Sequence[Row], file: Path) -> dict[str, str]:
    """Rows -> for each field the name of its column, "" if there is none."""
    names = _names(rows)
    by_plain = {plain_name(name): name for name in reversed(names)}
    columns = {
        field: next((by_plain[alias] for alias in aliases if alias in by_plain), "")
        for field, aliases in COLUMNS.items()
    }
    columns["part"] = _part_column(rows, by_plain)
    _check_columns(rows, columns, names, file)
    return columns


def plain_name(name: str) -> str:
    """The name of a column -> lower case, words joined by "_": "Speaker ID" -> "speaker_id"."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _names(rows: Iterable[Row]) -> list[str]:
    """Rows -> the names of their columns; one without a name, as pandas' index, is none."""
    return [name for name in dict.fromkeys(str(key) for row in rows for key in row) if name.strip()]


def _part_column(rows: Sequence[Row], by_plain: Mapping[str, str]) -> str:
    for alias in COLUMNS["part"]:
        column = by_plain.get(alias, "")
        if column and (alias in SURE_OF_PARTS or all(find_part(_text(row, column)) for row in rows)):
            return column
    return ""


def _check_columns(rows: Sequence[Row], columns: Mapping[str, str], names: list[str], file: Path) -> None:
    missing = [field for field in REQUIRED if not columns[field]]
    if rows and missing:
        expected = "; ".join(f"{field}: {', '.join(COLUMNS[field][:6])} ..." for field in missing)
        hint = _headless_hint(names, file)
        raise ValueError(f"{file} lacks columns ({expected}); it has {', '.join(names) or 'none'}. {hint}")
    start = columns["start"] or columns["start_ms"]
    starts = start and any(_number(_text(row, start)) for row in rows)
    if starts and not any(columns[field] for field in ("end", "seconds", "end_ms", "milliseconds")):
        raise ValueError(
            f"{file} has a column {start!r}, where segments start, and none where they end; add "
            "end or duration (in seconds), or take the column out if each row is a whole file."
        )


def _headless_hint(names: Iterable[str], file: Path) -> str:
    """What to do about missing columns: name them, if the first line is a recording already."""
    if any(resolve_path(name, file.parent) for name in names):
        return "Its first line seems to be a recording: put a line such as path,text,speaker above it."
    return "Rename or add them."


def _text(row: Row, column: str) -> str:
    """A row's value in a column as text, "" for none or without such a column."""
    value = row.get(column) if column else None
    if isinstance(value, Mapping):  # Hugging Face's {"path": ..., "bytes": ...}
        value = value.get("path")
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return "" if value is None or value != value else str(value).strip()  # JSON's NaN is none


def _values(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """A row -> its value for each field, milliseconds as seconds."""
    values = {field: _text(row, column) for field, column in columns.items()}
    for field, other in MILLISECONDS.items():
        if not values[field] and (number := _number(values[other])) is not None:
            values[field] = str(number / 1000)
    return values


def _counts_from_one(rows: Sequence[Row], column: str) -> bool:
    """Whether channels are numbered from 1: none is 0."""
    numbers = [int(text) for row in rows if (text := _whole(_text(row, column))).isdecimal()]
    return bool(numbers) and min(numbers) > 0


def _listed(values: Mapping[str, str], file: Path, part: str, line: int, one_based: bool) -> Listed:
    where = f"{file.name}, line {line}"
    path = values["path"]
    return Listed(
        source=_source(values, file, one_based) if path else UnreadableSource(f"no path ({where})"),
        text=values["text"],
        path=_named(values) or where,
        where=where,
        name=values["name"],
        speakers=(values["speaker"],) if values["speaker"] else (),
        part=parse_part(values["part"], f"{file}, line {line}") or part,
        language=values["language"],
        tags={field: values[field] for field in ("gender", "accent") if values[field]},
    )


def _named(values: Mapping[str, str]) -> str:
    """A row's values -> its path, with whatever makes a segment or a channel of it."""
    start, end, seconds = (values[field] if _number(values[field]) else "" for field in SEGMENT)
    name = values["path"]
    if name and (start or end):
        name += f"@{start or 0}" + (f"-{end}" if end else f"+{seconds}" if seconds else "")
    return f"{name}#{values['channel']}" if name and values["channel"] else name


def is_table(file: Path) -> bool:
    """Whether a file is CSV or TSV by its ending, compressed or not."""
    return file.name.lower().removesuffix(".gz").endswith((".csv", ".tsv"))


def _source(values: Mapping[str, str], file: Path, one_based: bool) -> AudioSource:
    """A row's values -> its recording, or a segment of it."""
    given = {field: values[field] for field in SEGMENT}
    numbers = {field: _number(text) for field, text in given.items()}
    if any(given[field] and numbers[field] is None for field in given):
        shown = ", ".join(f"{field} {text!r}" for field, text in given.items() if text)
        return UnreadableSource(f"its segment is not in seconds: {shown}")
    channel = _channel(values["channel"], one_based)
    if values["channel"] and channel is None:
        return UnreadableSource(f"channel {values['channel']!r} expected a number, A or B, left or right")
    start, end, seconds = numbers["start"], numbers["end"], numbers["seconds"]
    if end is not None:
        seconds = end - (start or 0.0)
    elif not given["start"] and is_table(file):
        # without an offset a table's duration is often in other units or rounded; NeMo's means the segment
        seconds = None
    if start and seconds is None:
        return UnreadableSource("a start without an end or a duration")
    return audio_segment(values["path"], file.parent, start or 0.0, seconds, channel)


def _number(text: str) -> float | None:
    """Seconds, or hours, minutes and seconds between colons -> seconds; None for anything else."""
    try:
        places = [float(place.replace(",", ".")) for place in text.split(":")] if text else []
    except ValueError:
        return None
    number = sum(place * 60**power for power, place in enumerate(reversed(places)))
    return number if places and math.isfinite(number) else None


def _whole(text: str) -> str:
    """A number as text -> without the ".0" that pandas gives whole numbers in a column with gaps."""
    return text.removesuffix(".0")


def _channel(text: str, one_based: bool) -> int | None:
    if _whole(text).isdecimal():
        return int(_whole(text)) - one_based
    return LETTERED_CHANNELS.get(text.lower())


def _reading(rows: Sequence[Row], columns: Mapping[str, str]) -> tuple[dict[str, str], list[CheckResult]]:
    """Rows and their columns -> what was read and what was not; a check if no speaker was found."""
    used = {field: column for field, column in columns.items() if column}
    unread = [name for name in _names(rows) if name not in used.values()]
    read = ", ".join(
        column if field == plain_name(column) else f"{column} ({field})" for field, column in used.items()
    )
    reading = {"columns read": read} | ({"columns not read": ", ".join(unread)} if unread else {})
    checks = []
    if rows and not columns["speaker"] and unread:
        checks.append(
            CheckResult(
                "no-speaker-column",
                "look",
                "No column is known to name speakers; not read: "
                + ", ".join(unread)
                + ". If one of them does, "
                "call it speaker.",
            )
        )
    segments = [
        name for name in unread if LIKE_SEGMENTS.search(plain_name(name)) and _has_numbers(rows, name)
    ]
    if segments and not any(columns[field] for field in ("start", "start_ms")):
        message = (
            f"The columns {', '.join(segments)} look like where segments start and end, and were not read: "
            "every recording is taken whole. Call them start and end (in seconds), or take them out."
        )
        checks.append(CheckResult("segments-not-read", "stop", message))
    return reading, checks


def _has_numbers(rows: Sequence[Row], column: str) -> bool:
    return any(_number(_text(row, column)) for row in rows)
