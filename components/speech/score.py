"""The count of errors of a study of speech; what counts is imported when something is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def score(
    names: Sequence[str], speakers: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]
) -> pd.DataFrame:
    """Four equally long lists -> one row an utterance, see `components.speech.scoring.score_utterances`."""
    from components.speech.scoring import score_utterances

    return score_utterances(names, speakers, references, hypotheses)
