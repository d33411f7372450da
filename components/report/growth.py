"""Growth: the record of an adaptive study -> how far its plan grew, and why no further."""

from __future__ import annotations

from components.study.results import StudyRecord


def growth_sentence(record: StudyRecord) -> str:
    """A record -> what was spent of the full grid, and why it ended; "" for a study that is not adaptive."""
    if not record.growth:
        return ""
    steps, ended = record.growth["rounds"], record.growth["ended"]
    spent = sum(step["trials"] for step in steps)
    rounds = f"{len(steps)} round{'' if len(steps) == 1 else 's'}"
    said = f"Spent {spent:,} of the {record.growth['grid']:,} trials of the full grid, in {rounds}; "
    return said + (f"it ended there: {ended}." if ended else "it was stopped before it had ended.")
