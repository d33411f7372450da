"""Lhotse's cuts -> entries of a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from components.speech.corpus.manifest import AudioSource, Entry
from components.speech.corpus.table import UnreadableSource, audio_segment, parse_part
from components.speech.corpus.text import normalise

if TYPE_CHECKING:
    from lhotse.cut import Cut


def read_cuts(path: Path, part: str) -> tuple[list[Entry], str]:
    """A file of cuts -> its entries, in `part` where they name none, and the language named ("" if none)."""
    from lhotse import load_manifest

    cuts = list(load_manifest(path))
    languages = (segment.language for cut in cuts for segment in cut.supervisions if segment.language)
    return [_entry(cut, path, part) for cut in cuts], next(languages, "")


def _entry(cut: Cut, path: Path, part: str) -> Entry:
    """One cut -> its entry; several supervisions are one text, in the order of their start."""
    supervisions = sorted(cut.supervisions, key=lambda segment: segment.start)
    custom = getattr(cut, "custom", None) or {}
    own_part = parse_part(str(custom.get("split", custom.get("part", ""))), f"{path}, {cut.id}")
    first = supervisions[0] if supervisions else None
    return Entry(
        name=cut.id,
        speaker=(first.speaker if first else "") or "",
        text=normalise(" ".join(segment.text or "" for segment in supervisions)),
        part=own_part or part,
        source=_source(cut, path.parent),
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
    return audio_segment(recording.sources[0].source, folder, cut.start, cut.duration)
