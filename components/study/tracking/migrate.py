"""What version 0.1 recorded -> the same as it would be recorded today.

Every study of that version was about speech.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

SCORES_BEFORE = "utterances.json"
ERRORS_BEFORE = ["substitutions", "insertions", "deletions"]
COLUMNS_BEFORE = {"name": "id", "speaker": "group", "words": "total"}
SUBJECT_BEFORE = "speech"
NOUNS_BEFORE = {
    "labelled": "labelled utterances",
    "labelled_one": "labelled utterance",
    "example": "utterance",
    "examples": "utterances",
    "unit": "word",
    "units": "words",
    "wrong": "words wrong",
    "rate": "word error rate",
    "rate_short": "WER",
    "metric": "wer",
    "group": "speaker",
    "groups": "speakers",
    "system": "recogniser",
    "systems": "recognisers",
    "data": "corpus",
    "item": "clip",
    "items": "clips",
    "file": "recording",
    "files": "recordings",
    "material": "speech",
    "scored": "heard",
    "rate_meaning": "of all words said in the test, the share got wrong, words added by mistake included",
}


def scores_as_now(table: pd.DataFrame) -> pd.DataFrame:
    """A trial's table of any version -> a table of scores."""
    if "id" in table:
        return table
    return table.rename(columns=COLUMNS_BEFORE).assign(errors=table[ERRORS_BEFORE].sum(axis=1))


def metrics_as_now(metrics: Mapping[str, float]) -> dict[str, float]:
    """A trial's metrics of any version -> by the names of this one."""
    before = {"total": metrics["words"]} if "words" in metrics and "total" not in metrics else {}
    return {**metrics, **before}


def study_as_now(plan: Mapping[str, Any]) -> dict[str, Any]:
    """What a study's run keeps, of any version -> with all that this one keeps."""
    return {"subject": SUBJECT_BEFORE, "nouns": NOUNS_BEFORE, "growth": {}, **plan}
