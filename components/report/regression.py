"""Regression: a study that is worse than when it was run before -> the line that says so."""

from __future__ import annotations

from components.report.chart import percent, points
from components.study.results import StudyRecord


def regression_sentence(record: StudyRecord) -> str:
    """A study -> one sentence on what is worse beyond luck, the worst first; "" if nothing is."""
    if not record.regressions:
        return ""
    nouns = record.nouns
    worst, *others = sorted(record.regressions, key=lambda row: row["before"] - row["after"])
    rise = worst["after"] - worst["before"]
    first = (
        f"{worst['recogniser']} at {worst['size']:,} {nouns.labelled}, from {percent(worst['before'])} to "
        f"{percent(worst['after'])} ({points(rise)} points, 95 % interval {points(worst['low'])} to "
        f"{points(worst['high'])})"
    )
    more = f", and {len(others)} more of its {nouns.systems} and sizes" if others else ""
    return f"Worse than on {worst['since'][:10]}: {first}{more}."
