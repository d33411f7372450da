"""What rows say of the stretch of a file that each of them is: from where to where, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile, length_of
from components.speech.corpus.readers.columns import Row, holds_numbers, number_of, plain_name, text_of
from components.speech.corpus.readers.listing import Listed
from components.study.checks import CheckResult

MILLISECONDS = {"start": "start_ms", "end": "end_ms", "seconds": "milliseconds"}
SEGMENT = ("start", "end", "seconds")
LIKE_SEGMENTS = re.compile(
    r"(?:^|_)(?:start|begin|beginning|onset|offset|end|ending|stop|until)(?:_|$)"
    r"|^(?:from|to|xmin|xmax|tmin|tmax|t0|t1)(?:_s|_sec|_ms)?$"
)
LOOKED_AT = 20  # files whose length is compared with the ends of their segments
TOLERANCE = 1.02  # of a file's length, and a second


def seconds_of(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """A row -> its start, end and length as written, milliseconds as seconds."""
    values = {field: text_of(row, columns[field]) for field in SEGMENT}
    for field, other in MILLISECONDS.items():
        if not values[field] and (number := number_of(text_of(row, columns[other]))) is not None:
            values[field] = str(number / 1000)
    return values


def are_cut(rows: Sequence[Row], columns: Mapping[str, str]) -> bool:
    """Whether a column says where segments start, and not all of them start with their file."""
    return any(columns[name] and holds_numbers(rows, columns[name]) for name in ("start", "start_ms"))


def check_ends(rows: Sequence[Row], columns: Mapping[str, str], file: Path) -> None:
    """Raises ValueError where segments have a start and no end, or several ends in a file and no start."""
    start = columns["start"] or columns["start_ms"]
    end = columns["end"] or columns["end_ms"]
    ends = any(columns[field] for field in ("end", "seconds", "end_ms", "milliseconds"))
    if end and not start and holds_numbers(rows, end):
        pairs = {(text_of(row, columns["path"]), text_of(row, end)) for row in rows}
        if len(pairs) > len({path for path, _ in pairs}):
            raise ValueError(
                f"{file} has a column {end!r}, where segments of one file end, and none where they start; "
                "add start (in seconds), or take the column out if each row is a whole file."
            )
    if are_cut(rows, columns) and not ends:
        raise ValueError(
            f"{file} has a column {start!r}, where segments start, and none where they end; add "
            "end or duration (in seconds), or take the column out if each row is a whole file."
        )


def check_units(recordings: Sequence[Listed], where: Path) -> None:
    """Raises ValueError where most segments end far behind their files, as milliseconds and samples do.

    A few that do are mistakes, and are set aside when they are read.
    """
    ends: dict[str, list[float]] = {}
    for recording in recordings:
        source = recording.source
        if isinstance(source, AudioFile) and source.seconds is not None:
            ends.setdefault(source.path, []).append(source.start + source.seconds)
    known = {path: found for path in list(ends)[:LOOKED_AT] if (found := length_of(path))}
    if 2 * _too_long(known, ends, 1.0) <= sum(len(ends[path]) for path in known):
        return
    thousand, rates = not _too_long(known, ends, 1000.0), not _too_long(known, ends, None)
    if not thousand and not rates:
        return
    path = max(known, key=lambda path: max(ends[path]))
    frames, rate = known[path]
    unit, way_out = (
        ("milliseconds", "divide by 1000, or call the columns start_ms, end_ms, duration_ms")
        if thousand
        else ("samples", "divide by the rate of the file")
    )
    raise ValueError(
        f"{where}: expected segments in seconds, got an end at {max(ends[path]):g} in {Path(path).name}, "
        f"which is {frames / rate:.2f} s long, as if in {unit}; {way_out}."
    )


def _too_long(
    known: Mapping[str, tuple[int, int]], ends: Mapping[str, list[float]], per_second: float | None
) -> int:
    """How many segments end behind their files, in a unit of so many a second (None: samples)."""
    slack = 0.1 if per_second != 1 else 1.0
    return sum(
        end / (per_second or rate) > TOLERANCE * frames / rate + slack
        for path, (frames, rate) in known.items()
        for end in ends[path]
    )


def unread_segments(
    rows: Sequence[Row], columns: Mapping[str, str], unread: Sequence[str], file: Path
) -> list[CheckResult]:
    """A result if columns look like segments and were not read.

    Raises ValueError where rows of one file have different texts, so that they cannot be whole files.
    """
    segments = [
        name for name in unread if LIKE_SEGMENTS.search(plain_name(name)) and holds_numbers(rows, name)
    ]
    if not segments or columns["start"] or columns["start_ms"]:
        return []
    message = f"The columns {', '.join(segments)} look like where segments start and end, and were not read"
    way_out = "Call them start and end (in seconds) or start_ms and end_ms"
    pairs = {(text_of(row, columns["path"]), text_of(row, columns["text"])) for row in rows}
    if len(pairs) > len({path for path, _ in pairs}):
        raise ValueError(f"{file}: {message[0].lower()}{message[1:]}. {way_out}.")
    return [
        CheckResult(
            "segments-not-read",
            "stop",
            f"{message}: every recording is taken whole. {way_out}, or take them out.",
        )
    ]
