"""What version 0.1 recorded -> the same as it would be recorded today.

Every study of that version was about speech.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

SCORES_BEFORE = "utterances.json"
ATTACHMENTS_BEFORE = "sounds"
ERRORS_BEFORE = ["substitutions", "insertions", "deletions"]
COLUMNS_BEFORE = {"name": "id", "speaker": "group", "words": "total"}
METRICS_BEFORE = {"words": "total", "altered_hearings": "augmented_passes"}
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
    "scored": "recognised",
    "rate_meaning": "of all words said in the test, the share got wrong, words added by mistake included",
}


def scores_as_now(table: pd.DataFrame) -> pd.DataFrame:
    """A trial's table of any version -> a table of scores."""
    if "id" in table:
        return table
    return table.rename(columns=COLUMNS_BEFORE).assign(errors=table[ERRORS_BEFORE].sum(axis=1))


def metrics_as_now(metrics: Mapping[str, float]) -> dict[str, float]:
    """A trial's metrics of any version -> by the names of this one."""
    renamed = {now: metrics[before] for before, now in METRICS_BEFORE.items() if before in metrics}
    return {**renamed, **{name: value for name, value in metrics.items() if name not in METRICS_BEFORE}}


def study_as_now(plan: Mapping[str, Any]) -> dict[str, Any]:
    """What a study's run keeps, of any version -> with all that this one keeps."""
    if _is_now(plan):
        return dict(plan)
    dataset = {"dataset" if key == "corpus" else key: value for key, value in plan.items()}
    return {"subject": SUBJECT_BEFORE, "nouns": NOUNS_BEFORE, "growth": {}, **dataset}


def fingerprint_tag(plan: Mapping[str, Any]) -> str:
    """What a study's run keeps, of any version -> the tag by which its trials name their data."""
    return "dataset_fingerprint" if _is_now(plan) else "corpus_fingerprint"


def _is_now(plan: Mapping[str, Any]) -> bool:
    return "dataset" in plan
