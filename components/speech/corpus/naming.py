"""Recordings of several listings -> a name for each that no other has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from components.speech.corpus.readers.listing import Listed
from components.study.checks import CheckResult


def name_recordings(recordings: Sequence[Listed]) -> tuple[list[str], list[CheckResult]]:
    """Recordings -> their names, and what is worth knowing of them.

    The ids that they were given; where ids repeat, as class numbers and people's names do, their paths. Where
    names still count anew in each part, the part stands before them. What is listed twice keeps one name.
    """
    ids = [recording.name for recording in recordings]
    paths = [recording.path for recording in recordings]
    parts = [recording.part for recording in recordings]
    in_parts = list(zip(parts, ids, strict=True))
    if not all(ids) or _repeat(in_parts, paths):
        names, checks = paths, _id_check(ids, paths)
    else:
        names, checks = ids, []
    if _repeat(names, list(zip(parts, paths, strict=True))):
        names = [f"{part}/{name}" if part else name for part, name in zip(parts, names, strict=True)]
    return names, checks


def _repeat(names: Sequence, recordings: Sequence) -> bool:
    """Whether two different recordings have one name."""
    return len(set(names)) < len(set(zip(names, recordings, strict=True)))


def _id_check(ids: Sequence[str], paths: Sequence[str]) -> list[CheckResult]:
    given = [name for name in ids if name]
    if not given:
        return []
    name, count = Counter(given).most_common(1)[0]
    if count == 1:
        why = f"{len(ids) - len(given):,} recordings have no id"
    else:
        why = f"the ids repeat ({len(set(given)):,} for {len(ids):,} recordings; {name!r} {count:,} times)"
    message = (
        f"Recordings are named by their paths, as {why}. If the column says who speaks, call it speaker."
    )
    return [CheckResult("ids", "look", message)]
