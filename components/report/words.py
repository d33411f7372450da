"""Words: the finalists' transcripts at their largest size -> which words are got wrong, and for what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from components.report.breakdown import disagreements, finalist_scores, first_draw_scores, side_by_side
from components.report.findings import Findings
from components.speech.scoring import align_words
from components.study.counts import ratio


@dataclass(frozen=True, eq=False)
class WordErrors:
    """Which words the finalists get wrong, summed over their trials at their largest size.

    words: columns word, said, then one share of times wrong per finalist, most often wrong first.
    confusions: recogniser -> ((reference, hypothesis), times), "" for no word.
    different: see `different_texts`.
    """

    words: pd.DataFrame
    confusions: dict[str, list[tuple[tuple[str, str], int]]]
    different: pd.DataFrame


def word_errors(findings: Findings, most: int = 10) -> WordErrors | None:
    """Findings -> the word errors of the best of each family; None if no trial finished."""
    words, confusions = {}, {}
    for name, scores in finalist_scores(findings).items():
        words[name], pairs = _words(scores)
        confusions[name] = pairs.most_common(most)
    if not words:
        return None
    return WordErrors(side_by_side(words, "said"), confusions, different_texts(findings))


def _words(scores: pd.DataFrame) -> tuple[pd.DataFrame, Counter[tuple[str, str]]]:
    """Scores -> (said, share wrong) by word, and how often each pair was confused."""
    total, wrong, confused = Counter(), Counter(), Counter()
    for reference, hypothesis in zip(scores["reference"], scores["hypothesis"], strict=True):
        total.update(reference.split())
        pairs = [] if reference == hypothesis else align_words(reference, hypothesis)
        confused.update(pair for pair in pairs if pair[0] != pair[1])
        wrong.update(word for word, other in pairs if word and word != other)
    rows = [(word, times, ratio(wrong[word], times)) for word, times in total.items()]
    return pd.DataFrame(rows, columns=["word", "said", "rate"]).set_index("word"), confused


def different_texts(findings: Findings) -> pd.DataFrame:
    """Findings -> test utterances on which the two finalists differ most, one row each.

    Columns id, group, reference, then for each finalist the hypothesis of its first trial.
    """
    rows = disagreements(findings).set_index("id")
    names = [name for name in rows.columns if name != "group"]
    tables = {name: first_draw_scores(findings, name).loc[rows.index] for name in names}
    texts = {name: table["hypothesis"] for name, table in tables.items()}
    reference = [tables[names[0]]["reference"]] if len(rows) else []
    return rows[["group"]].assign(reference=reference[0] if reference else "", **texts).reset_index()
