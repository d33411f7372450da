"""What a lexicon and a language model bring: the same trained recogniser, heard without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from components.contract import Clip, LmAblation, unwrapped
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LETTERS, LEXICON
from components.speech.scoring import score
from components.study.results import StudyRecord

KNOWLEDGE = (LETTERS, LEXICON, LANGUAGE_MODEL)


def predict_ablated(
    recogniser: Any, clips: Sequence[Clip], hypotheses: Sequence[str]
) -> dict[str, list[str]]:
    """Trained recogniser, clips and what it answers -> their texts by how much is known of language.

    letters: the likeliest letters, no word list. lexicon: words of the training texts, all equally likely in
    any order. language_model: these words, in the order and as often as the training texts have them. Empty
    for a recogniser that answers with whole transcripts.
    """
    recogniser = unwrapped(recogniser)
    if isinstance(recogniser, Pipeline) and isinstance(recogniser[-1], LmAblation):
        return recogniser[-1].predict_ablated(recogniser[:-1].transform(clips), hypotheses)
    return recogniser.predict_ablated(clips, hypotheses) if isinstance(recogniser, LmAblation) else {}


def knowledge_metrics(texts: Sequence[str], heard: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """What was said, and what was heard by how much was known -> metric: wrong words, `errors_letters` ..."""
    return {
        f"errors_{known}": float(sum(score(*pair).errors for pair in zip(texts, said, strict=True)))
        for known, said in heard.items()
    }


def knowledge_table(record: StudyRecord) -> pd.DataFrame:
    """Study -> one row a recogniser and size: word error rates by how much was known of language.

    Columns recogniser, size, then those of KNOWLEDGE that anything was heard with, NaN where it was not.
    Counts are added over the trials first, and divided once.
    """
    names = {f"errors_{known}": known for known in KNOWLEDGE}
    rows = [
        {"recogniser": trial.recogniser, "size": trial.size, "words": trial.metrics["total"]}
        | {known: trial.metrics[name] for name, known in names.items() if name in trial.metrics}
        for trial in record.finished
        if f"errors_{LEXICON}" in trial.metrics
    ]
    if not rows:
        return pd.DataFrame(columns=["recogniser", "size"])
    sums = pd.DataFrame(rows).groupby(["recogniser", "size"], sort=False).sum(min_count=1)
    heard = [known for known in KNOWLEDGE if known in sums]
    rates = sums[heard].div(sums["words"], axis=0).reset_index()
    rank = {name: place for place, name in enumerate(record.recognisers)}
    return rates.sort_values(
        ["recogniser", "size"], key=lambda c: c.map(rank) if c.name == "recogniser" else c
    )
