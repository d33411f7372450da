"""Breakdown: the finalists' errors at their largest size -> which words, which speakers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from components.report.findings import Findings, heard_at_most
from components.speech.scoring import align_words, sum_counts
from components.study.counts import ratio


@dataclass(frozen=True, eq=False)
class Breakdown:
    """Where the finalists err, summed over their trials at their largest size.

    finalists: recogniser -> (size, trials). words: columns word, said, then one share of times wrong
    per finalist, most often wrong first. speakers: columns speaker, utterances, then one word error rate
    per finalist. confusions: recogniser -> ((said, heard), times), "" for nothing said or heard.
    """

    finalists: dict[str, tuple[int, int]]
    words: pd.DataFrame
    speakers: pd.DataFrame
    confusions: dict[str, list[tuple[tuple[str, str], int]]]


def breakdown(found: Findings, most: int = 10) -> Breakdown | None:
    """Findings -> the breakdown of the best of each family; None if no trial finished."""
    finalists, words, speakers, confusions = {}, {}, {}, {}
    for name in dict.fromkeys(found.finalists):
        size, trials = heard_at_most(found.record, name)
        heard = pd.concat([trial.scores for trial in trials], ignore_index=True)
        finalists[name] = (size, len(trials))
        words[name], swapped = _words(heard)
        speakers[name] = _speakers(heard)
        confusions[name] = swapped.most_common(most)
    if not finalists:
        return None
    return Breakdown(
        finalists, _side_by_side(words, "said"), _side_by_side(speakers, "utterances"), confusions
    )


def _words(heard: pd.DataFrame) -> tuple[pd.DataFrame, Counter[tuple[str, str]]]:
    """Utterances -> (said, share wrong) by word, and how often each pair was confused."""
    said, wrong, swapped = Counter(), Counter(), Counter()
    for reference, hypothesis in zip(heard["reference"], heard["hypothesis"], strict=True):
        said.update(reference.split())
        pairs = [] if reference == hypothesis else align_words(reference, hypothesis)
        swapped.update(pair for pair in pairs if pair[0] != pair[1])
        wrong.update(word for word, other in pairs if word and word != other)
    rows = [(word, times, ratio(wrong[word], times)) for word, times in said.items()]
    return pd.DataFrame(rows, columns=["word", "said", "rate"]).set_index("word"), swapped


def _speakers(heard: pd.DataFrame) -> pd.DataFrame:
    """Utterances -> (utterances, word error rate) by speaker; nothing if no speaker is known."""
    known = heard[heard["group"] != ""]
    rows = [(speaker, len(own), sum_counts(own).rate) for speaker, own in known.groupby("group")]
    return pd.DataFrame(rows, columns=["speaker", "utterances", "rate"]).set_index("speaker")


def _side_by_side(tables: dict[str, pd.DataFrame], count: str) -> pd.DataFrame:
    """One (count, rate) table a finalist -> one table, the worst on average first."""
    rates = pd.DataFrame({name: table["rate"] for name, table in tables.items()})
    counts = pd.concat([table[count] for table in tables.values()], axis=1).max(axis=1).astype(int)
    worst = rates.mean(axis=1).sort_values(ascending=False, kind="stable").index
    return rates.assign(**{count: counts})[[count, *tables]].loc[worst].reset_index()


def disagreements(found: Findings, most: int = 12) -> pd.DataFrame:
    """Findings -> test utterances on which the two finalists differ most, one row each.

    Columns id, group, reference, then for each finalist what its first trial heard.
    """
    names = list(dict.fromkeys(found.finalists))
    if len(names) < 2:
        return pd.DataFrame(columns=["id", "group", "reference", *names])
    sides = [_first_heard(found, name) for name in names]
    other = sides[1][[names[1], "errors"]].rename(columns={"errors": "other errors"})
    both = sides[0].join(other, how="inner")
    gap = (both["errors"] - both["other errors"]).abs().sort_values(ascending=False, kind="stable")
    order = gap[gap > 0].index[:most]
    return both.loc[order].reset_index()[["id", "group", "reference", *names]]


def _first_heard(found: Findings, name: str) -> pd.DataFrame:
    trials = heard_at_most(found.record, name)[1]
    first = min(trials, key=lambda trial: (trial.draw, trial.init))
    heard = pd.concat([t.scores for t in trials if (t.draw, t.init) == (first.draw, first.init)])
    return heard.rename(columns={"hypothesis": name}).drop_duplicates("id").set_index("id")
