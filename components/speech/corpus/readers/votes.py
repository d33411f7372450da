"""Votes on recordings, as Common Voice has them: what more people reject than accept is not used."""

from __future__ import annotations

from collections.abc import Sequence

from components.speech.corpus.readers.columns import Row, names_of, number_of, plain_name, text_of
from components.study.checks import CheckResult

UP, DOWN = "up_votes", "down_votes"
ACCEPTED = 2  # votes with which Common Voice counts a recording as validated
OUTVOTED = "more votes against it than for it"


def votes_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Rows -> votes for and against each; none where there are no such columns."""
    names = {plain_name(name): name for name in names_of(rows)}
    if not {UP, DOWN} <= names.keys():
        return []
    return [(_count(row, names[UP]), _count(row, names[DOWN])) for row in rows]


def is_outvoted(votes: tuple[float, float]) -> bool:
    """Whether there are more votes against a recording than for it."""
    return votes[1] > votes[0]


def vote_check(votes: Sequence[tuple[float, float]]) -> list[CheckResult]:
    """A result if recordings are used that too few people have listened to."""
    few = sum(up < ACCEPTED for up, down in votes if down <= up)
    if not few:
        return []
    message = (
        f"{few:,} of {len(votes):,} recordings have fewer than {ACCEPTED} votes for them: nobody has checked "
        "that their texts are what is said. Common Voice has those that were checked in validated.tsv."
    )
    return [CheckResult("votes", "look", message)]


def _count(row: Row, column: str) -> float:
    return number_of(text_of(row, column)) or 0.0
