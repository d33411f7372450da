"""Lhotse's cuts -> a listing."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.manifest import AudioSource, UnreadableSource
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.parts import parse_part
from components.speech.corpus.readers.paths import MissingFile, audio_segment

if TYPE_CHECKING:
    from lhotse.cut import Cut
    from lhotse.supervision import SupervisionSegment

ROUNDED = 0.03  # seconds by which a supervision may reach outside its cut
AGAIN = "a supervision of it is in another cut, too, and would be counted twice"
OUTSIDE = (
    "a supervision reaches outside of its cut, so that not all of its text is heard; cut whole recordings "
    "with lhotse cut trim-to-supervisions --discard-overlapping"
)


def is_cut(row: Mapping[str, Any]) -> bool:
    """Whether an object of JSON is a cut, by its fields."""
    return "supervisions" in row or "tracks" in row or isinstance(row.get("recording"), Mapping)


def to_listing(rows: Sequence[Mapping[str, Any]], path: Path, part: str, lines: Sequence[int]) -> Listing:
    """Objects of a file, and the line of each -> its listing; `part` is that of cuts that name none.

    Raises ValueError with the line for what is no cut of Lhotse.
    """
    recordings = [_read_cut(row, path, part, line) for row, line in zip(rows, lines, strict=True)]
    return Listing(_each_once(recordings, rows))


def _each_once(recordings: Sequence[Listed], rows: Sequence[Mapping[str, Any]]) -> list[Listed]:
    """Recordings of cuts -> the same, set aside where a supervision is in an earlier cut, too."""
    starts: dict[tuple, list[float]] = defaultdict(list)  # of each supervision in its file
    once = []
    for recording, row in zip(recordings, rows, strict=True):
        source = recording.source
        said = _said(source, row) if isinstance(source, AudioFile | MissingFile) else []
        again = any(abs(start - other) < ROUNDED for key, start in said for other in starts[key])
        once.append(replace(recording, source=UnreadableSource(AGAIN)) if again else recording)
        for key, start in () if again else said:
            starts[key].append(start)
    return once


def _said(source: AudioFile | MissingFile, row: Mapping[str, Any]) -> list[tuple[tuple, float]]:
    """A cut and its source -> file, channel and id of each supervision with a text, and its start there."""
    supervisions = [one for one in row.get("supervisions") or () if one.get("text")]
    return [((source.path, source.channel, one["id"]), source.start + one["start"]) for one in supervisions]


def _read_cut(row: Mapping[str, Any], path: Path, part: str, line: int) -> Listed:
    from lhotse.cut.set import deserialize_cut

    try:
        cut = deserialize_cut(copy.deepcopy(dict(row)))
        segment = float(cut.start), float(cut.duration)
        listed = _listed(cut, segment, path, line)
    except Exception as error:  # whatever Lhotse makes of what is no cut
        why = " ".join(str(error).split())[:100]
        raise ValueError(
            f"{path}, line {line}: expected a cut of Lhotse, got one with fields {', '.join(row)} "
            f"({type(error).__name__}: {why}); write it with CutSet.to_file."
        ) from error
    custom = getattr(cut, "custom", None) or {}
    named = str(custom.get("split") or custom.get("part") or "")
    part = parse_part(named, f"{path}, {cut.id}") or part
    return replace(listed, part=part, labels=_labels(cut, custom))


def _labels(cut: Cut, custom: Mapping[str, Any]) -> dict[str, str]:
    """A cut and what is custom of it -> this, and what is custom of its first supervision."""
    supervision = next((segment.custom for segment in cut.supervisions if segment.custom), None) or {}
    values = {**custom, **supervision}
    return {str(k): str(v) for k, v in values.items() if isinstance(v, str | int | float) and str(v)}


def _listed(cut: Cut, segment: tuple[float, float], path: Path, line: int) -> Listed:
    """One cut -> its recording; several supervisions are one text, in the order of their start."""
    supervisions = sorted(cut.supervisions, key=lambda segment: segment.start)
    first = supervisions[0] if supervisions else None
    outside = any(one.text and _reaches_outside(one, segment[1]) for one in supervisions)
    return Listed(
        source=UnreadableSource(OUTSIDE) if outside else _source(cut, segment, path.parent),
        text=" ".join(str(segment.text or "") for segment in supervisions),
        path=str(cut.id),
        where=f"{path.name}, line {line}",
        name=str(cut.id),
        speakers=tuple(dict.fromkeys(str(segment.speaker) for segment in supervisions if segment.speaker)),
        language=next((str(segment.language) for segment in supervisions if segment.language), ""),
        tags={"gender": str(first.gender)} if first and first.gender else {},
    )


def _reaches_outside(supervision: SupervisionSegment, seconds: float) -> bool:
    """Whether a supervision of a cut of so many seconds begins before it, or ends after it."""
    return supervision.start < -ROUNDED or supervision.end > seconds + ROUNDED


def _source(cut: Cut, segment: tuple[float, float], folder: Path) -> AudioSource:
    recording = getattr(cut, "recording", None)
    if recording is None:
        return UnreadableSource(
            f"a {type(cut).__name__} without a recording of its own; save it with cut.save_audio"
        )
    if recording.transforms or len(recording.sources) != 1 or recording.sources[0].type != "file":
        return UnreadableSource("its recording is not one plain file; save it with cut.save_audio")
    channel = cut.channel if isinstance(cut.channel, int) and recording.num_channels > 1 else None
    return audio_segment(recording.sources[0].source, folder, *segment, channel)
