"""Lhotse's supervisions and cuts -> plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]  # of JSON
SUPERVISION = {"id", "recording_id", "start", "duration"}
KIND = ("type",)  # of a cut
PLAIN = str | int | float


def is_lhotse(row: Object) -> bool:
    """Whether an object is a cut or a supervision, by its fields."""
    return "supervisions" in row or "tracks" in row or row.keys() >= SUPERVISION


def plain_row(row: Object) -> dict[str, Any]:
    """A cut or a supervision -> its plain values, its text and speaker, and what is custom, as a hypothesis.

    Of several supervisions in a cut the texts are joined in the order of their start; a speaker whom all
    share is that of the cut.
    """
    plain = {name: value for name, value in row.items() if name not in KIND and isinstance(value, PLAIN)}
    segments = [segment for _, segment in sorted(_segments(row), key=lambda timed: timed[0])]
    speakers = {segment.get("speaker") or "" for segment in segments}
    return {
        **plain,
        "text": _joined(segments, "text"),
        "speaker": speakers.pop() if len(speakers) == 1 else "",
        **_custom(segments),
        **(row.get("custom") or {}),
    }


def _segments(row: Object, offset: float = 0.0) -> Iterator[tuple[float, Object]]:
    """A cut or a supervision -> start and supervision of each that it holds."""
    if row.keys() >= SUPERVISION and "supervisions" not in row:
        yield offset, row
    for segment in row.get("supervisions") or ():
        yield offset + segment["start"], segment
    for track in row.get("tracks") or ():
        mixed = {"supervisions": (), **track["cut"]}
        yield from _segments(mixed, offset + (track.get("offset") or 0.0))


def _custom(segments: Sequence[Object]) -> dict[str, str]:
    own = [segment.get("custom") or {} for segment in segments]
    return {name: _joined(own, name) for name in dict.fromkeys(name for custom in own for name in custom)}


def _joined(values: Sequence[Object], name: str) -> str:
    return " ".join(str(value[name]) for value in values if value.get(name) not in (None, ""))
