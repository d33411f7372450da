"""Words with their times and the votes on them -> words with confidences."""

from __future__ import annotations

from collections.abc import Sequence

from components.speech.decoding.confidence import ConfidenceCalibrator, Votes
from components.speech.inspection.records import Segment, Word


def words_with_confidence(
    words: Sequence[Segment], votes: Votes, sureness: ConfidenceCalibrator
) -> list[Word]:
    """Words (what, from, to) and the votes on them -> words with confidences."""
    return [Word(*word, sure) for word, sure in zip(words, sureness.confidences(votes), strict=True)]
