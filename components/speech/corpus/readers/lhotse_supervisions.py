"""Lhotse's manifest of recordings and that of supervisions beside it -> a listing, a cut a supervision."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers import lhotse_cuts
from components.speech.corpus.readers.listing import Listed, Listing

ENDINGS = (".jsonl", ".jsonl.gz", ".json", ".json.gz")
KINDS = re.compile(r"recordings?|recs|supervisions?|sups|segments?|cuts?|features?|feats", re.IGNORECASE)
FEATURES = re.compile(r"features?|feats", re.IGNORECASE)
RECORDINGS = re.compile(r"recordings?|recs", re.IGNORECASE)
CUTS = re.compile(r"cuts?", re.IGNORECASE)
SUPERVISIONS = re.compile(r"supervisions?|sups|segments?", re.IGNORECASE)
REQUIRED = {"id", "recording_id", "start", "duration"}
OPTIONAL = {"channel", "text", "language", "speaker", "gender", "custom", "alignment"}
Row = Mapping[str, Any]


def is_supervision(row: Row) -> bool:
    """Whether an object of JSON is a supervision, by its fields."""
    return REQUIRED <= row.keys() <= REQUIRED | OPTIONAL


def is_recording(row: Row) -> bool:
    """Whether an object of JSON is a recording, by its fields."""
    return {"sources", "sampling_rate", "num_samples"} <= row.keys()


def without_recordings(files: Sequence[Path]) -> list[Path]:
    """Manifests of a folder -> the same without recordings and features beside whose supervisions they lie.

    Where cuts were made of both, these alone: words_cuts.jsonl of words_recordings.jsonl.
    """
    own = [file for file in files if file.name.lower().endswith(ENDINGS)]
    cut = {_bare(file) for file in own if CUTS.search(file.name)}
    return [file for file in files if not (file in own and _is_read_with_others(file, own, cut))]


def _is_read_with_others(file: Path, files: Sequence[Path], cut: Container[str]) -> bool:
    if SUPERVISIONS.search(file.name):
        return _bare(file) in cut
    beside = RECORDINGS.search(file.name) or FEATURES.search(file.name)
    return bool(beside and _beside(file, SUPERVISIONS, files))


def recordings_beside(path: Path) -> Path:
    """A manifest of supervisions -> that of its recordings; ValueError where there is none, or several."""
    return _one_beside(path, RECORDINGS, "its recordings")


def supervisions_beside(path: Path) -> Path:
    """A manifest of recordings -> that of its supervisions; ValueError where there is none, or several."""
    return _one_beside(path, SUPERVISIONS, "its supervisions")


def to_listing(
    supervisions: Sequence[Row], recordings: Sequence[Row], path: Path, part: str, lines: Sequence[int]
) -> Listing:
    """Supervisions of a file with the line of each, and recordings -> their listing.

    Raises ValueError with the line for what is no supervision of Lhotse.
    """
    by_id = {str(recording.get("id")): recording for recording in recordings}
    cuts = [_cut(supervision, by_id) for supervision in supervisions]
    listing = lhotse_cuts.to_listing(cuts, path, part, lines)
    listed = [_checked(one, row, by_id) for one, row in zip(listing.recordings, supervisions, strict=True)]
    return replace(listing, recordings=listed, reading={"layout": "Lhotse: recordings and supervisions"})


def _cut(supervision: Row, recordings: Mapping[str, Row]) -> dict[str, Any]:
    """A supervision -> the cut that is as long as it."""
    recording = recordings.get(str(supervision["recording_id"]))
    channel = supervision.get("channel", 0)
    return {
        "id": supervision.get("id"),
        "start": supervision["start"],
        "duration": supervision["duration"],
        "channel": channel,
        "supervisions": [{**supervision, "start": 0.0}],
        "type": "MonoCut" if isinstance(channel, int) else "MultiCut",
        **({"recording": recording} if recording else {}),
    }


def _checked(listed: Listed, supervision: Row, recordings: Mapping[str, Row]) -> Listed:
    name = str(supervision["recording_id"])
    if name in recordings:
        return listed
    return replace(listed, source=UnreadableSource(f"there is no recording of its recording_id: {name!r}"))


def _one_beside(path: Path, kind: re.Pattern[str], what: str) -> Path:
    files = [file for file in sorted(path.parent.iterdir()) if file.name.lower().endswith(ENDINGS)]
    beside = _beside(path, kind, files)
    if len(beside) != 1:
        names = ", ".join(file.name for file in beside) or "none"
        raise ValueError(
            f"{path}: expected {what} beside it, as in recordings.jsonl.gz and supervisions.jsonl.gz, got "
            f"{names}; give cuts of both: lhotse cut simple -r RECORDINGS -s SUPERVISIONS cuts.jsonl.gz."
        )
    return beside[0]


def _beside(path: Path, kind: re.Pattern[str], files: Iterable[Path]) -> list[Path]:
    """A manifest -> those among files that are of a kind and have otherwise its name."""
    return [file for file in files if kind.search(file.name) and _bare(file) == _bare(path)]


def _bare(file: Path) -> str:
    return KINDS.sub("", file.name.lower()).removesuffix(".gz")
