"""Lhotse's cuts -> a listing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.speech.corpus.manifest import AudioSource, UnreadableSource
from components.speech.corpus.readers.listing import Listed, Listing
from components.speech.corpus.readers.parts import parse_part
from components.speech.corpus.readers.paths import audio_segment

if TYPE_CHECKING:
    from lhotse.cut import Cut


def is_cut(row: Mapping[str, Any]) -> bool:
    """Whether an object of JSON is a cut, by its fields."""
    return "supervisions" in row or "tracks" in row or isinstance(row.get("recording"), Mapping)


def read(path: Path, part: str = "") -> Listing:
    """A file of cuts -> its listing; `part` is that of cuts that name none."""
    from lhotse import load_manifest

    cuts = enumerate(load_manifest(path), start=1)
    return Listing([_listed(cut, path, part, f"{path.name}, cut {number}") for number, cut in cuts])


def _listed(cut: Cut, path: Path, part: str, where: str) -> Listed:
    """One cut -> its recording; several supervisions are one text, in the order of their start."""
    supervisions = sorted(cut.supervisions, key=lambda segment: segment.start)
    custom = getattr(cut, "custom", None) or {}
    first = supervisions[0] if supervisions else None
    return Listed(
        source=_source(cut, path.parent),
        text=" ".join(segment.text or "" for segment in supervisions),
        path=cut.id,
        where=where,
        name=cut.id,
        speakers=tuple(dict.fromkeys(segment.speaker for segment in supervisions if segment.speaker)),
        part=parse_part(str(custom.get("split", custom.get("part", ""))), f"{path}, {cut.id}") or part,
        language=next((segment.language for segment in supervisions if segment.language), ""),
        tags={"gender": first.gender} if first and first.gender else {},
    )


def _source(cut: Cut, folder: Path) -> AudioSource:
    recording = getattr(cut, "recording", None)
    if recording is None:
        return UnreadableSource(
            f"a {type(cut).__name__} without a recording of its own; save it with cut.save_audio"
        )
    if recording.transforms or len(recording.sources) != 1 or recording.sources[0].type != "file":
        return UnreadableSource("its recording is not one plain file; save it with cut.save_audio")
    channel = cut.channel if isinstance(cut.channel, int) and recording.num_channels > 1 else None
    return audio_segment(recording.sources[0].source, folder, cut.start, cut.duration, channel)
