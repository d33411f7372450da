"""Names of columns -> the fields that they stand for, whatever tool wrote them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from components.speech.corpus.readers.cells import plain_value
from components.speech.corpus.readers.files import AUDIO_ENDINGS
from components.speech.corpus.readers.parts import part_in
from components.speech.corpus.readers.paths import resolve_path

COLUMNS = {  # field -> names that its column may have, the first that is there counts
    "path": (
        *("path", "audio_filepath", "audio_path", "audio_file", "audio", "file", "filename", "file_name"),
        *("file_path", "filepath", "wav", "wav_path", "wav_filename", "wav_file", "recording"),
    ),
    "text": (
        *("text", "sentence", "transcript", "transcription", "normalized_text", "normalised_text"),
        *("tgt_text", "target_text", "wrd", "words", "word", "label", "command", "phrase", "utterance_text"),
        *("raw_text", "raw_transcription", "orthography", "txt"),
    ),
    "speaker": (
        *("speaker", "client_id", "speaker_id", "speakerid", "spk", "spk_id", "spkid", "speaker_name"),
        *("user_id", "userid", "user", "reader", "reader_id", "talker", "participant", "participant_id"),
    ),
    "name": ("name", "id", "utt_id", "uttid", "utterance_id", "utterance", "utt", "uid", "key"),
    "part": ("part", "split", "subset", "partition", "set", "fold"),
    "start": (
        *("offset", "start", "start_time", "begin", "begin_time", "start_sec", "start_seconds", "start_s"),
        *("begin_s", "segment_start", "start_ts", "from", "xmin", "tmin", "t0"),
    ),
    "end": (
        *("end", "stop", "end_time", "stop_time", "end_sec", "end_seconds", "end_s", "stop_s"),
        *("segment_end", "end_ts", "to", "xmax", "tmax", "t1"),
    ),
    "seconds": ("duration", "seconds", "dur", "length", "duration_seconds", "duration_s", "duration_sec"),
    "start_ms": ("start_ms", "begin_ms", "offset_ms", "start_time_ms", "start_milliseconds"),
    "end_ms": ("end_ms", "stop_ms", "end_time_ms", "end_milliseconds"),
    "milliseconds": ("duration_ms", "length_ms", "milliseconds"),
    "channel": ("channel", "channel_id"),
    "language": ("language", "locale", "lang", "lang_id", "language_id"),
    "gender": ("gender", "sex"),
    "accent": ("accent", "accents"),
}
REQUIRED = ("path", "text")
FUNASR = {"key", "source", "target"}  # a path and a text under names that stand for other things elsewhere
SURE_OF_PARTS = ("part", "split")  # the other names are used for other things, too
SURE_OF_TIMES = ("offset", "start", "begin", "end", "stop")  # what begins otherwise has to hold numbers
FIRST_ROWS = 20
MOST_NAMED = 20
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Row = Mapping[str, object]


def plain_name(name: str) -> str:
    """The name of a column -> lower case, words joined by "_": "Speaker ID", "speakerId" -> "speaker_id"."""
    return re.sub(r"[\s_\-()\[\]./]+", "_", CAPITAL.sub("_", name.strip()).lower()).strip("_")


def is_known(name: str) -> bool:
    """Whether a column of this name is read."""
    return any(plain_name(name) in aliases for aliases in COLUMNS.values())


def names_of(rows: Iterable[Row]) -> list[str]:
    """Rows -> the names of their columns; one without a name, as pandas' index, is none."""
    return [name for name in dict.fromkeys(str(key) for row in rows for key in row) if name.strip()]


def find_columns(rows: Sequence[Row], file: Path) -> dict[str, str]:
    """Rows -> for each field the name of its column, "" if there is none.

    Raises ValueError if there are rows, and none has a path or a text.
    """
    names = names_of(rows)
    by_plain = {plain_name(name): name for name in reversed(names)}
    columns = {field: _column(rows, by_plain, field, file) for field in COLUMNS}
    columns["part"] = _part_column(rows, by_plain)
    columns |= {field: _time_column(rows, by_plain, field) for field in ("start", "end")}
    if "onset" in by_plain and "offset" in by_plain:  # where an event begins and ends
        columns |= {"start": by_plain["onset"], "end": by_plain["offset"]}
    if not columns["path"] and not columns["text"] and by_plain.keys() >= FUNASR:
        columns |= {"path": by_plain["source"], "text": by_plain["target"]}
    _check_required(rows, columns, names, file)
    return columns


def _column(rows: Sequence[Row], by_plain: Mapping[str, str], field: str, file: Path) -> str:
    """The column of a field: of those with its names the first that is not empty, or whose file is there."""
    there = [by_plain[alias] for alias in COLUMNS[field] if alias in by_plain]
    if len(there) > 1 and field == "path":
        of_paths = [name for name in there if _holds_paths(rows[:1], name, file)]
        return (of_paths or there)[0]
    if len(there) > 1 and field in ("text", "speaker"):
        filled = [name for name in there if any(text_of(row, name) for row in rows)]
        return (filled or there)[0]
    return there[0] if there else ""


def text_of(row: Row, column: str) -> str:
    """A row's value in a column as text, "" for none or without such a column."""
    return plain_value(row.get(column)) if column else ""


def number_of(text: str) -> float | None:
    """Seconds, or hours, minutes and seconds between colons -> seconds; None for anything else."""
    try:
        places = [float(place.replace(",", ".")) for place in text.split(":")] if text else []
    except ValueError:
        return None
    number = sum(place * 60**power for power, place in enumerate(reversed(places)))
    return number if places and math.isfinite(number) else None


def holds_numbers(rows: Sequence[Row], column: str) -> bool:
    """Whether a column holds numbers other than 0."""
    return any(number_of(text_of(row, column)) for row in rows)


def _part_column(rows: Sequence[Row], by_plain: Mapping[str, str]) -> str:
    for alias in COLUMNS["part"]:
        column = by_plain.get(alias, "")
        if column and (
            alias in SURE_OF_PARTS or all(part_in(text_of(row, column), more=True) for row in rows)
        ):
            return column
    return ""


def _time_column(rows: Sequence[Row], by_plain: Mapping[str, str], field: str) -> str:
    """The column of a start or an end; "from", "to", "t0" only where all of its values are numbers."""
    for alias in COLUMNS[field]:
        column = by_plain.get(alias, "")
        texts = (text_of(row, column) for row in rows)
        if column and (
            alias.startswith(SURE_OF_TIMES) or all(number_of(text) is not None for text in texts if text)
        ):
            return column
    return ""


def _check_required(rows: Sequence[Row], columns: Mapping[str, str], names: list[str], file: Path) -> None:
    missing = [field for field in REQUIRED if not columns[field]]
    if rows and missing:
        expected = "; ".join(f"{field}: {', '.join(COLUMNS[field][:6])} ..." for field in missing)
        hint = _hint(rows, names, missing, file)
        raise ValueError(f"{file} lacks columns ({expected}); it has {_some(names)}. {hint}")


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - MOST_NAMED} others" if len(names) > MOST_NAMED else ""
    return (", ".join(names[:MOST_NAMED]) or "none") + rest


def _hint(rows: Sequence[Row], names: Sequence[str], missing: Sequence[str], file: Path) -> str:
    """What to do about missing columns: name them; which one holds paths is seen."""
    if any(resolve_path(name, file.parent) or name.lower().endswith(AUDIO_ENDINGS) for name in names):
        return "Its first line seems to be a recording: put a line such as path,text,speaker above it."
    paths = [name for name in names if _holds_paths(rows, name, file)]
    if paths and "path" in missing:
        return f"Rename or add them; {paths[0]!r} holds paths of recordings: call it path."
    if not any(map(is_known, names)):
        return "Rename or add them; if the first line is a recording, put path,text,speaker above it."
    return "Rename or add them."


def _holds_paths(rows: Sequence[Row], name: str, file: Path) -> bool:
    texts = [text_of(row, name) for row in rows[:FIRST_ROWS]]
    return all(text and resolve_path(text, file.parent) for text in texts)
