"""Adaptive rounds: the record of an adaptive study -> how far its plan grew, and why no further."""

from __future__ import annotations

from components.study.nouns import counted
from components.study.results import StudyRecord


def rounds_sentence(record: StudyRecord) -> str:
    """A record -> what was spent of the full grid, and why it ended; "" for a study that is not adaptive."""
    if not record.rounds:
        return ""
    rounds, ended = record.rounds["rounds"], record.rounds["ended"]
    spent = sum(row["trials"] for row in rounds)
    number = counted(len(rounds), "round", "rounds")
    total = f"Spent {spent:,} of the {record.rounds['grid']:,} trials of the full grid, in {number}; "
    return total + (f"it ended there: {ended}." if ended else "it was stopped before it had ended.")
