"""Ablation of lexicon and language model: errors of one trained recogniser with and without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from components.contract import Clip, LmAblation
from components.parts import unwrapped
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LETTERS, LEXICON
from components.speech.scoring import score
from components.study.results import StudyRecord

CONDITIONS = (LETTERS, LEXICON, LANGUAGE_MODEL)


def predict_ablated(
    recogniser: Any, clips: Sequence[Clip], hypotheses: Sequence[str]
) -> dict[str, list[str]]:
    """Trained recogniser, clips and its hypotheses -> {condition: hypotheses}, of CONDITIONS.

    letters: the likeliest letters, without lexicon. lexicon: a loop over the words of the training texts,
    all equally likely. language_model: the full recogniser. Empty for a recogniser that chooses among whole
    transcripts.
    """
    recogniser = unwrapped(recogniser)
    if isinstance(recogniser, Pipeline) and isinstance(recogniser[-1], LmAblation):
        return recogniser[-1].predict_ablated(recogniser[:-1].transform(clips), hypotheses)
    return recogniser.predict_ablated(clips, hypotheses) if isinstance(recogniser, LmAblation) else {}


def ablation_metrics(texts: Sequence[str], hypotheses: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """References and {condition: hypotheses} -> {metric: word errors}, such as `errors_letters`."""
    return {
        f"errors_{condition}": float(sum(score(*pair).errors for pair in zip(texts, own, strict=True)))
        for condition, own in hypotheses.items()
    }


def ablation_table(record: StudyRecord) -> pd.DataFrame:
    """Study -> table of word error rates, one row per recogniser and size.

    Columns recogniser, size, then the CONDITIONS that were evaluated, NaN where one was not.
    Counts are added over the trials first, and divided once.
    """
    names = {f"errors_{condition}": condition for condition in CONDITIONS}
    rows = [
        {"recogniser": trial.recogniser, "size": trial.size, "words": trial.metrics["total"]}
        | {condition: trial.metrics[name] for name, condition in names.items() if name in trial.metrics}
        for trial in record.finished
        if f"errors_{LEXICON}" in trial.metrics
    ]
    if not rows:
        return pd.DataFrame(columns=["recogniser", "size"])
    counts = pd.DataFrame(rows).groupby(["recogniser", "size"], sort=False).sum(min_count=1)
    conditions = [condition for condition in CONDITIONS if condition in counts]
    rates = counts[conditions].div(counts["words"], axis=0).reset_index()
    rank = {name: index for index, name in enumerate(record.recognisers)}
    return rates.sort_values(
        ["recogniser", "size"], key=lambda c: c.map(rank) if c.name == "recogniser" else c
    )
