"""Words: the finalists' transcripts at their largest size -> which words are got wrong, and for what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from components.report.breakdown import finalist_scores, first_draw_scores, side_by_side
from components.report.findings import Findings
from components.speech.scoring import word_pairs
from components.study.counts import ratio


@dataclass(frozen=True, eq=False)
class WordErrors:
    """Which words the finalists get wrong, summed over their trials at their largest size.

    words: columns word, said, then one share of times wrong per finalist, most often wrong first.
    confusions: recogniser -> ((reference, hypothesis), times), "" for no word. disagreements: see there.
    """

    words: pd.DataFrame
    confusions: dict[str, list[tuple[tuple[str, str], int]]]
    disagreements: pd.DataFrame


def word_errors(findings: Findings, most: int = 10) -> WordErrors | None:
    """Findings -> the word errors of the best of each family; None if no trial finished."""
    words, confusions = {}, {}
    for name, scores in finalist_scores(findings).items():
        words[name], pairs = _words(scores)
        confusions[name] = pairs.most_common(most)
    if not words:
        return None
    return WordErrors(side_by_side(words, "said"), confusions, disagreements(findings))


def _words(scores: pd.DataFrame) -> tuple[pd.DataFrame, Counter[tuple[str, str]]]:
    """Scores -> (said, share wrong) by word, and how often each pair was confused."""
    total, wrong, confused = Counter(), Counter(), Counter()
    for reference, hypothesis in zip(scores["reference"], scores["hypothesis"], strict=True):
        total.update(reference.split())
        pairs = [] if reference == hypothesis else word_pairs(reference, hypothesis)
        confused.update(pair for pair in pairs if pair[0] != pair[1])
        wrong.update(word for word, other in pairs if word and word != other)
    rows = [(word, times, ratio(wrong[word], times)) for word, times in total.items()]
    return pd.DataFrame(rows, columns=["word", "said", "rate"]).set_index("word"), confused


def disagreements(findings: Findings, most: int = 12) -> pd.DataFrame:
    """Findings -> test utterances on which the two finalists differ most, one row each.

    Columns id, group, reference, then for each finalist the hypothesis of its first trial.
    """
    names = list(dict.fromkeys(findings.finalists))
    if len(names) < 2:
        return pd.DataFrame(columns=["id", "group", "reference", *names])
    first, second = (first_draw_scores(findings, name).rename(columns={"hypothesis": name}) for name in names)
    other = second[[names[1], "errors"]].rename(columns={"errors": "other errors"})
    both = first.join(other, how="inner")
    gap = (both["errors"] - both["other errors"]).abs().sort_values(ascending=False, kind="stable")
    order = gap[gap > 0].index[:most]
    return both.loc[order].reset_index()[["id", "group", "reference", *names]]
