"""Without labels: what systems that know a source alone get wrong; on a log axis 0 is on no curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.study.counts import rate_metrics
from components.study.curves.answer import listed
from components.study.results import StudyRecord

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Unlabelled:
    """Error rate of a system that was given no label, and both ends of its 95 % interval.

    The interval is over test groups alone: no training example was drawn. NaN for a test that is one number.
    """

    rate: float
    low: float
    high: float


def _pooled(scores: Sequence[pd.DataFrame], metric: str) -> Unlabelled:
    """Scores of each trial of a system, and the name of its rate -> the rate over all of them."""
    import pandas as pd

    measured = rate_metrics(pd.concat(scores), metric)
    if all(len(table) == 1 for table in scores):
        return Unlabelled(measured[metric], math.nan, math.nan)
    return Unlabelled(*(measured[metric + end] for end in ("", "_low", "_high")))


def without_labels(record: StudyRecord) -> dict[str, Unlabelled]:
    """A study -> its systems that answered at size 0, by name; {} where none was asked to."""
    scores: dict[str, list[pd.DataFrame]] = {}
    for trial in record.finished:
        if not trial.size:
            scores.setdefault(trial.recogniser, []).append(trial.scores)
    return {name: _pooled(scores[name], record.nouns.metric) for name in record.recognisers if name in scores}


def without_labels_sentence(record: StudyRecord, measured: dict[str, Unlabelled]) -> str:
    """A study and its systems at size 0 -> one sentence; "" where there are none."""
    if not measured:
        return ""
    named: dict[Unlabelled, list[str]] = {}
    for name, one in measured.items():
        named.setdefault(one, []).append(name)
    nouns, words = record.nouns, (f" {record.nouns.wrong}", "95 % interval ")  # said once
    rates = []
    for one, names in named.items():
        what, how_sure = ("", "") if rates else words
        ends = "" if math.isnan(one.low) else f" ({how_sure}{100 * one.low:.1f} to {100 * one.high:.1f})"
        rates.append(f"{100 * one.rate:.1f} %{what} by {listed(names)}{ends}")
    alone = "From the source alone, with" if record.settings.get("source") else "With"
    return f"{alone} no {nouns.labelled_one}: {', '.join(rates)}."
