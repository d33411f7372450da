"""Breakdown: the finalists' errors at their largest size -> which test groups are hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from components.report.findings import Findings, largest_trials
from components.study.counts import ratio


@dataclass(frozen=True, eq=False)
class Breakdown:
    """Where the finalists err, summed over their trials at their largest size.

    finalists: recogniser -> (size, trials). groups: columns named by the nouns group and examples, then one
    error rate per finalist, hardest group first; no row where no group is known.
    """

    finalists: dict[str, tuple[int, int]]
    groups: pd.DataFrame


def breakdown(findings: Findings) -> Breakdown | None:
    """Findings -> the breakdown of the best of each family; None if no trial finished."""
    if not findings.finalists:
        return None
    sizes = {}
    for name in findings.finalists:
        size, trials = largest_trials(findings.record, name)
        sizes[name] = (size, len(trials))
    nouns = findings.nouns
    groups = {name: _groups(scores) for name, scores in finalist_scores(findings).items()}
    columns = {"group": nouns.group, "examples": nouns.examples}
    return Breakdown(sizes, side_by_side(groups, "examples").rename(columns=columns))


def finalist_scores(findings: Findings) -> dict[str, pd.DataFrame]:
    """Findings -> finalist -> scores of all its trials at its largest size."""
    trials = {name: largest_trials(findings.record, name)[1] for name in findings.finalists}
    return {name: pd.concat([t.scores for t in own], ignore_index=True) for name, own in trials.items()}


def _groups(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores -> (examples, rate) by group; nothing if no group is known."""
    known = scores[scores["group"] != ""].groupby("group")
    sums = known[["errors", "total"]].sum()
    rates = [ratio(*row) for row in sums.itertuples(index=False)]
    return pd.DataFrame({"examples": known.size(), "rate": rates}, index=sums.index.rename("group"))


def side_by_side(tables: Mapping[str, pd.DataFrame], count: str) -> pd.DataFrame:
    """One (count, rate) table a finalist -> one table, the worst on average first."""
    rates = pd.DataFrame({name: table["rate"] for name, table in tables.items()})
    counts = pd.concat([table[count] for table in tables.values()], axis=1).max(axis=1).astype(int)
    worst = rates.mean(axis=1).sort_values(ascending=False, kind="stable").index
    return rates.assign(**{count: counts})[[count, *tables]].loc[worst].reset_index()


def disagreements(findings: Findings, most: int = 12) -> pd.DataFrame:
    """Findings -> test examples on which the two finalists differ most, one row each.

    Columns id, group, then for each finalist the errors of its first trial; no row with one finalist.
    """
    names = list(dict.fromkeys(findings.finalists))
    if len(names) < 2:
        return pd.DataFrame(columns=["id", "group", *names])
    first, second = (first_draw_scores(findings, name) for name in names)
    both = first[["group", "errors"]].rename(columns={"errors": names[0]})
    both = both.join(second["errors"].rename(names[1]), how="inner")
    gap = (both[names[0]] - both[names[1]]).abs().sort_values(ascending=False, kind="stable")
    return both.loc[gap[gap > 0].index[:most]].reset_index()


def first_draw_scores(findings: Findings, name: str) -> pd.DataFrame:
    """A finalist -> scores of its first draw and init at its largest size, by id."""
    trials = largest_trials(findings.record, name)[1]
    first = min(trials, key=lambda trial: (trial.draw, trial.init))
    scores = pd.concat([t.scores for t in trials if (t.draw, t.init) == (first.draw, first.init)])
    return scores.drop_duplicates("id").set_index("id")
